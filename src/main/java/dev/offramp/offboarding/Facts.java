package dev.offramp.offboarding;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was read about the target just before deciding. */
public sealed interface Facts {

    /** When the first of the reads was begun, by the deciding clock. */
    Instant readAt();

    /**
     * The subscription was read.
     *
     * @param azure the Azure subscriptions under it; only read for an Azure plan
     * @param order the order that it belongs to; only read for perpetual software
     * @param complete whether the list of Azure subscriptions is known to be whole
     */
    record OfSubscription(
            Instant readAt,
            Subscription subscription,
            List<AzureSubscription> azure,
            @Nullable SoftwareOrder order,
            boolean complete)
            implements Facts {

        public OfSubscription {
            azure = List.copyOf(azure);
        }

        /** Read alone: enough for every kind but an Azure plan, of whose Azure subscriptions nothing is known then. */
        public OfSubscription(Instant readAt, Subscription subscription) {
            this(readAt, subscription, List.of(), null, subscription.kind() != Subscription.Kind.AZURE_PLAN);
        }
    }

    /** The order that the request names was read. */
    record OfOrder(Instant readAt, SoftwareOrder order) implements Facts {}

    /**
     * Everything that an unlink depends on was read.
     *
     * @param complete whether the lists are known to be whole ({@code totalCount} matches)
     * @param evidence what in the ledger shows that the customer once was ours; it matters only when the customer that
     *     was read says that there is no relationship any more; empty when nothing does
     */
    record OfCustomer(
            Instant readAt,
            Customer customer,
            List<Subscription> subscriptions,
            List<Entitlement> entitlements,
            boolean complete,
            String evidence)
            implements Facts {

        /** For a customer with a relationship, whom no evidence is needed for. */
        public OfCustomer(
                Instant readAt,
                Customer customer,
                List<Subscription> subscriptions,
                List<Entitlement> entitlements,
                boolean complete) {
            this(readAt, customer, subscriptions, entitlements, complete, "");
        }
    }

    /** There is no such subscription, or no such order, under this customer. */
    record NoSubscription(Instant readAt, String answer) implements Facts {}

    /** There is no such customer anywhere. */
    record NoCustomer(Instant readAt, String answer) implements Facts {}

    /**
     * The customer is not (or no longer) ours.
     *
     * @param evidence what in the ledger shows that it once was ours; empty when nothing does
     */
    record NotOurCustomer(Instant readAt, String answer, String evidence) implements Facts {}

    /** The answer came but could not be understood; never a reason to go. */
    record Unreadable(Instant readAt, String what) implements Facts {}
}
