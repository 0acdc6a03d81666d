package dev.offramp.partnercenter;

import dev.offramp.offboarding.AzureSubscription;
import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Entitlement;
import dev.offramp.offboarding.SoftwareOrder;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.Subscription;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.offboarding.SubscriptionStatus.Known;
import dev.offramp.partnercenter.Read.Missing.What;
import dev.offramp.partnercenter.pace.ResourceClass;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/** Partner Center over HTTP; grouped like the API. */
final class RestPartnerCenter implements PartnerCenter, AuditRecords {

    private static final String AZURE = "/azureEntitlements";
    private static final String CUSTOMERS = "/v1/customers";
    private static final String UNLINK =
            "{\"relationshipToPartner\":\"none\",\"attributes\":{\"objectType\":\"Customer\"}}";

    /** Of a place that the other side named: no other directory, no query. */
    private static final Pattern OWN_SEGMENT = Pattern.compile("[A-Za-z0-9-]+");

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
    public Read<AuditPage> auditRecords(LocalDate from, LocalDate until, @Nullable String continuation) {
        String path = "/v1/auditrecords?startDate=" + from + "&endDate=" + until + "&size=500";
        return reading.read(
                new Target(
                        ResourceClass.AUDIT,
                        Denial.APP_SIGN_IN,
                        null,
                        What.CUSTOMER,
                        continuation == null ? path : path + "&seekOperation=next",
                        continuation),
                Resources::auditRecords);
    }

    @Override
    public Read<SubscriptionResource> subscription(CustomerId customer, SubscriptionId subscription) {
        return reading.read(ofSubscription(customer, subscription, ""), Resources::subscription);
    }

    @Override
    public Read<SubscriptionResource> subscriptionAt(
            CustomerId customer, SubscriptionId subscription, String location) {
        String ours = CUSTOMERS + "/" + customer + "/subscriptions/";
        if (!location.toLowerCase(Locale.ROOT).startsWith(ours)
                || !OWN_SEGMENT.matcher(location.substring(ours.length())).matches()) {
            return subscription(customer, subscription);
        }
        Target there = Target.of(ResourceClass.SUBSCRIPTION, Denial.APP_SIGN_IN, customer, What.SUBSCRIPTION, location);
        Read<SubscriptionResource> read = reading.read(there, Resources::subscription);
        return switch (read) {
            case Read.Found<SubscriptionResource>(SubscriptionResource found)
            when subscription.equals(found.subscription().id()) -> read;
            case Read.Found<SubscriptionResource> _,
                    Read.Missing<SubscriptionResource> _,
                    Read.NotOurCustomer<SubscriptionResource> _,
                    Read.Unreadable<SubscriptionResource> _ -> subscription(customer, subscription);
            case Read.Throttled<SubscriptionResource> _,
                    Read.Denied<SubscriptionResource> _,
                    Read.Unavailable<SubscriptionResource> _ -> read;
        };
    }

    @Override
    public Read<Customer> customer(CustomerId customer) {
        return reading.read(ofCustomer(ResourceClass.CUSTOMER, Denial.APP_SIGN_IN, customer, ""), Resources::customer);
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
    public Read<ResourceList<AzureSubscription>> azureSubscriptions(CustomerId customer, SubscriptionId plan) {
        return reading.read(ofSubscription(customer, plan, AZURE), Resources::azureSubscriptions);
    }

    @Override
    public Read<OrderResource> order(CustomerId customer, String order) {
        return reading.read(
                ofOrder(customer, order),
                json -> Resources.order(json).filter(read -> read.order().id().equals(order)));
    }

    @Override
    public Read<ResourceList<OrderResource>> orders(CustomerId customer) {
        return reading.read(
                ofCustomer(ResourceClass.ORDER, Denial.APP_SIGN_IN, customer, "/orders"), Resources::orders);
    }

    @Override
    public Call changeSubscription(Permit permit, SubscriptionResource current) {
        if (!(permit.step() instanceof Step.ChangeSubscription(SubscriptionId subscription, Change change, var _))
                || !subscription.equals(current.subscription().id())) {
            throw otherThan(permit, "subscription " + current.subscription().id());
        }
        Changed changed = Changed.of(change, subscription, current.json());
        return sending.send(
                HttpMethod.PATCH,
                permit,
                ofSubscription(permit.customerId(), subscription, ""),
                changed.proof(),
                current.etag(),
                changed.json());
    }

    /** The resource with one member changed, and what the answer to it must show. */
    private record Changed(String json, Proof proof) {

        static Changed of(Change change, SubscriptionId subscription, String json) {
            return switch (change) {
                case CANCEL -> status(json, subscription, Known.DELETED);
                case SUSPEND -> status(json, subscription, Known.SUSPENDED);
                case REACTIVATE -> status(json, subscription, Known.ACTIVE);
                case AUTO_RENEW_OFF -> autoRenewal(json, subscription, false);
                case AUTO_RENEW_ON -> autoRenewal(json, subscription, true);
            };
        }

        private static Changed status(String json, SubscriptionId subscription, Known status) {
            return new Changed(
                    WholeResource.withStatus(json, status.name().toLowerCase(Locale.ROOT)),
                    Proof.ofStatus(subscription, status));
        }

        private static Changed autoRenewal(String json, SubscriptionId subscription, boolean on) {
            return new Changed(WholeResource.withAutoRenewal(json, on), Proof.ofAutoRenewal(subscription, on));
        }
    }

    @Override
    public Call cancelOrder(Permit permit, OrderResource current) {
        SoftwareOrder order = current.order();
        if (!(permit.step() instanceof Step.CancelOrder(String id, Integer line)) || !id.equals(order.id())) {
            throw otherThan(permit, "order " + order.id());
        }
        return sending.send(
                HttpMethod.PATCH,
                permit,
                ofOrder(permit.customerId(), id),
                Proof.ofCancelledOrder(id, line),
                current.etag(),
                CancelBodies.ofOrder(order, line));
    }

    @Override
    public Call cancelAzureSubscription(Permit permit) {
        if (!(permit.step() instanceof Step.CancelAzureSubscription(SubscriptionId plan, String entitlement))) {
            throw otherThan(permit, "an Azure subscription");
        }
        Target target = new Target(
                ResourceClass.SUBSCRIPTION,
                Denial.USER_SIGN_IN,
                permit.customerId(),
                What.SUBSCRIPTION,
                CUSTOMERS + "/" + permit.customerId() + "/subscriptions/" + plan + AZURE + "/" + segment(entitlement)
                        + "/cancel",
                null);
        return sending.send(
                HttpMethod.POST,
                permit,
                target,
                Proof.ofAzureCancellation(entitlement),
                null,
                CancelBodies.OF_AZURE_SUBSCRIPTION);
    }

    private static IllegalArgumentException otherThan(Permit permit, String resource) {
        return new IllegalArgumentException("The permit is for %s, the resource is %s."
                .formatted(permit.step().word(), resource));
    }

    @Override
    public Call removeResellerRelationship(Permit permit) {
        if (!(permit.step() instanceof Step.RemoveRelationship)) {
            throw otherThan(permit, "customer " + permit.customerId());
        }
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

    private static Target ofOrder(CustomerId customer, String order) {
        return Target.of(
                ResourceClass.ORDER,
                Denial.APP_SIGN_IN,
                customer,
                What.ORDER,
                CUSTOMERS + "/" + customer + "/orders/" + segment(order));
    }

    /** An id that came from the other side must not lead to another address. */
    private static String segment(String id) {
        String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
        return encoded.matches("\\.*") ? encoded.replace(".", "%2E") : encoded;
    }
}
