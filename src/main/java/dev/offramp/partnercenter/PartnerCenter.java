package dev.offramp.partnercenter;

import dev.offramp.offboarding.AzureSubscription;
import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Entitlement;
import dev.offramp.offboarding.Subscription;
import dev.offramp.offboarding.SubscriptionId;
import org.jspecify.annotations.Nullable;

/**
 * The calls that the operations need. Reads may be repeated by the client a few times; a destructive call never is:
 * each time it goes over the wire it needs a new {@link Permit}. No method throws for what the other side says or for a
 * broken connection, and none waits for the rate limit: the caller has reserved the slots
 * ({@link dev.offramp.partnercenter.pace.Pace}) and waited already.
 */
public interface PartnerCenter {

    /**
     * {@code GET /v1/customers}, app-only; a page of at most 500.
     *
     * @param continuation what the page before named; null for the first page
     */
    Read<CustomerPage> customers(@Nullable String continuation);

    /** {@code GET /v1/customers/{c}/subscriptions/{s}}, app-only. */
    Read<SubscriptionResource> subscription(CustomerId customer, SubscriptionId subscription);

    /**
     * The subscription at the place that a 202 named; by its id when that place is none of this customer's subscriptions,
     * or holds something else.
     *
     * @param location as {@link Reply.Accepted} has it
     */
    default Read<SubscriptionResource> subscriptionAt(
            CustomerId customer, SubscriptionId subscription, String location) {
        return subscription(customer, subscription);
    }

    /** {@code GET /v1/customers/{c}}, app-only. */
    Read<Customer> customer(CustomerId customer);

    /** {@code GET /v1/customers/{c}/subscriptions}, app-only. */
    Read<ResourceList<Subscription>> subscriptions(CustomerId customer);

    /** {@code GET /v1/customers/{c}/entitlements}, app + user. */
    Read<ResourceList<Entitlement>> entitlements(CustomerId customer);

    /** {@code GET /v1/customers/{c}/subscriptions/{plan}/azureEntitlements}, app-only. */
    Read<ResourceList<AzureSubscription>> azureSubscriptions(CustomerId customer, SubscriptionId plan);

    /**
     * {@code GET /v1/customers/{c}/orders/{o}}, app-only.
     *
     * @param order no GUID for modern orders
     */
    Read<OrderResource> order(CustomerId customer, String order);

    /** {@code GET /v1/customers/{c}/orders}, app-only. */
    Read<ResourceList<OrderResource>> orders(CustomerId customer);

    /**
     * {@code PATCH /v1/customers/{c}/subscriptions/{s}} with the whole resource as it was read and the one member
     * changed that the permit's step names; {@code If-Match} when the read gave an etag.
     *
     * @see <a href="https://learn.microsoft.com/partner-center/developer/cancel-an-azure-marketplace-subscription">Cancel
     *     a subscription</a>
     */
    Call changeSubscription(Permit permit, SubscriptionResource current);

    /**
     * {@code PATCH /v1/customers/{c}/orders/{o}} with {@code status: cancelled} and all lines of the order;
     * {@code If-Match} when the read gave an etag.
     *
     * @see <a href="https://learn.microsoft.com/partner-center/developer/cancel-software-purchases">Cancel software
     *     purchases</a>
     */
    Call cancelOrder(Permit permit, OrderResource current);

    /**
     * {@code POST /v1/customers/{c}/subscriptions/{plan}/azureEntitlements/{e}/cancel}, app + user: the page asks for a
     * global administrator. The answer shows the Azure subscription as still active, which is
     * {@link Reply.Accepted}; it takes about ten minutes.
     *
     * @see <a href="https://learn.microsoft.com/partner-center/developer/cancel-an-azure-subscription">Cancel an Azure
     *     subscription</a>
     */
    Call cancelAzureSubscription(Permit permit);

    /**
     * {@code PATCH /v1/customers/{c}} with {@code relationshipToPartner: none}, app + user.
     *
     * @see
     *     <a href="https://learn.microsoft.com/partner-center/developer/remove-a-reseller-relationship-with-a-customer">Remove
     *     a reseller relationship</a>
     */
    Call removeResellerRelationship(Permit permit);

    /** Whether a token for app + user (or for the app alone) can be had now, as far as is known without a call. */
    boolean canSignIn(Denial signIn);
}
