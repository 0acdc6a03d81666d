package dev.offramp.partnercenter;

import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Entitlement;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.Subscription;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.partnercenter.pace.ResourceClass;
import org.jspecify.annotations.Nullable;

/** Partner Center over HTTP; grouped like the API. */
final class RestPartnerCenter implements PartnerCenter {

    private static final String UNLINK =
            "{\"relationshipToPartner\":\"none\",\"attributes\":{\"objectType\":\"Customer\"}}";

    private final Reading reading;
    private final Sending sending;
    private final Access access;

    RestPartnerCenter(Reading reading, Sending sending, Access access) {
        this.reading = reading;
        this.sending = sending;
        this.access = access;
    }

    @Override
    public Read<SubscriptionResource> subscription(CustomerId customer, SubscriptionId subscription) {
        Target target = new Target(
                ResourceClass.SUBSCRIPTION,
                Denial.APP_SIGN_IN,
                customer,
                subscription,
                customerPath(customer) + "/subscriptions/" + subscription);
        return reading.read(target, Resources::subscription);
    }

    @Override
    public Read<Customer> customer(CustomerId customer) {
        Target target = new Target(ResourceClass.CUSTOMER, Denial.APP_SIGN_IN, customer, null, customerPath(customer));
        return reading.read(target, Resources::customer);
    }

    @Override
    public Read<ResourceList<Subscription>> subscriptions(CustomerId customer) {
        Target target = new Target(
                ResourceClass.SUBSCRIPTION,
                Denial.APP_SIGN_IN,
                customer,
                null,
                customerPath(customer) + "/subscriptions");
        return reading.read(target, Resources::subscriptions);
    }

    @Override
    public Read<ResourceList<Entitlement>> entitlements(CustomerId customer) {
        Target target = new Target(
                ResourceClass.ENTITLEMENT,
                Denial.USER_SIGN_IN,
                customer,
                null,
                customerPath(customer) + "/entitlements");
        return reading.read(target, Resources::entitlements);
    }

    @Override
    public Call changeSubscription(Permit permit, SubscriptionResource current) {
        if (!(permit.step() instanceof Step.ChangeSubscription(SubscriptionId subscription, Change change, var _))
                || !subscription.equals(current.subscription().id())) {
            throw new IllegalArgumentException("The permit is for %s, the resource is of subscription %s."
                    .formatted(permit.step().word(), current.subscription().id()));
        }
        if (change != Change.CANCEL) {
            throw new UnsupportedOperationException("Not sent yet: " + change.word());
        }
        Target target = new Target(
                ResourceClass.SUBSCRIPTION,
                Denial.APP_SIGN_IN,
                permit.customerId(),
                subscription,
                customerPath(permit.customerId()) + "/subscriptions/" + subscription);
        return sending.send(permit, target, current.etag(), WholeResource.withStatus(current.json(), "deleted"));
    }

    @Override
    public Call removeResellerRelationship(Permit permit) {
        Target target = new Target(
                ResourceClass.CUSTOMER,
                Denial.USER_SIGN_IN,
                permit.customerId(),
                null,
                customerPath(permit.customerId()));
        return sending.send(permit, target, null, UNLINK);
    }

    @Override
    public boolean canSignIn(Denial signIn) {
        return access.isUsable(signIn);
    }

    private static String customerPath(CustomerId customer) {
        return "/v1/customers/" + customer;
    }

    /** What is addressed, how it is limited and whose token it takes. */
    record Target(
            ResourceClass resource,
            Denial signIn,
            CustomerId customer,
            @Nullable SubscriptionId subscription,
            String path) {}
}
