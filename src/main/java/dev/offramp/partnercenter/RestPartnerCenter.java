package dev.offramp.partnercenter;

import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Entitlement;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.Subscription;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.offboarding.SubscriptionStatus;
import dev.offramp.partnercenter.Read.Missing.What;
import dev.offramp.partnercenter.pace.ResourceClass;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/** Partner Center over HTTP; grouped like the API. */
final class RestPartnerCenter implements PartnerCenter {

    private static final String CUSTOMERS = "/v1/customers";
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
    public Read<CustomerPage> customers(@Nullable String continuation) {
        Target target = new Target(
                ResourceClass.CUSTOMER,
                Denial.APP_SIGN_IN,
                null,
                What.CUSTOMER,
                continuation == null ? CUSTOMERS + "?size=500" : CUSTOMERS + "?size=500&seekOperation=next",
                continuation);
        Read<CustomerPage> read = reading.read(target, Resources::customers);
        // Microsoft's own bulk tool meets 400/2000 where the documents show an absent token.
        return continuation != null
                        && read instanceof Read.Unreadable<CustomerPage>(String _, Answer answer)
                        && answer.httpStatus() == 400
                        && "2000".equals(answer.code())
                ? new Read.Found<>(new CustomerPage(List.of(), null, true))
                : read;
    }

    @Override
    public Read<SubscriptionResource> subscription(CustomerId customer, SubscriptionId subscription) {
        return reading.read(ofSubscription(customer, subscription, ""), Resources::subscription);
    }

    @Override
    public Read<Customer> customer(CustomerId customer) {
        return reading.read(
                ofCustomer(ResourceClass.CUSTOMER, Denial.APP_SIGN_IN, customer, ""), Resources::customer);
    }

    @Override
    public Read<ResourceList<Subscription>> subscriptions(CustomerId customer) {
        return reading.read(
                ofCustomer(ResourceClass.SUBSCRIPTION, Denial.APP_SIGN_IN, customer, "/subscriptions"),
                Resources::subscriptions);
    }

    @Override
    public Read<ResourceList<Entitlement>> entitlements(CustomerId customer) {
        return reading.read(
                ofCustomer(ResourceClass.ENTITLEMENT, Denial.USER_SIGN_IN, customer, "/entitlements"),
                Resources::entitlements);
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
        return sending.send(
                HttpMethod.PATCH,
                permit,
                ofSubscription(permit.customerId(), subscription, ""),
                Proof.ofStatus(subscription, SubscriptionStatus.Known.DELETED),
                current.etag(),
                WholeResource.withStatus(current.json(), "deleted"));
    }

    @Override
    public Call removeResellerRelationship(Permit permit) {
        return sending.send(
                HttpMethod.PATCH,
                permit,
                ofCustomer(ResourceClass.CUSTOMER, Denial.USER_SIGN_IN, permit.customerId(), ""),
                Proof.ofUnlink(permit.customerId()),
                null,
                UNLINK);
    }

    @Override
    public boolean canSignIn(Denial signIn) {
        return access.isUsable(signIn);
    }

    private static Target ofCustomer(ResourceClass resource, Denial signIn, CustomerId customer, String rest) {
        return Target.of(resource, signIn, customer, What.CUSTOMER, CUSTOMERS + "/" + customer + rest);
    }

    private static Target ofSubscription(CustomerId customer, SubscriptionId subscription, String rest) {
        return Target.of(
                ResourceClass.SUBSCRIPTION,
                Denial.APP_SIGN_IN,
                customer,
                What.SUBSCRIPTION,
                CUSTOMERS + "/" + customer + "/subscriptions/" + subscription + rest);
    }
}
