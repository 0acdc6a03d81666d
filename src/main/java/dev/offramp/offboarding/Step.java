package dev.offramp.offboarding;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One destructive call that a request wants; a request may consist of several, each decided and gated on its own. */
public sealed interface Step {

    /** Names the step within its request, in the ledger. */
    String word();

    /**
     * A subscription is changed.
     *
     * @param own whether it is the one that the request names; else it belongs to a chain
     */
    record ChangeSubscription(SubscriptionId subscription, Change change, boolean own) implements Step {
        @Override
        public String word() {
            return own ? change.word() : change.word() + SEPARATOR + subscription;
        }
    }

    /**
     * The order of perpetual software is cancelled.
     *
     * @param line the only line that is; null for all of them
     */
    record CancelOrder(String order, @Nullable Integer line) implements Step {

        /** Cancels all lines of an order. */
        public CancelOrder(String order) {
            this(order, null);
        }

        /** The line stands before the order: what Partner Center writes in an order's id is its own affair. */
        @Override
        public String word() {
            return line == null
                    ? CANCEL_ORDER + SEPARATOR + order
                    : CANCEL_ORDER_LINE + SEPARATOR + line + SEPARATOR + order;
        }

        private static Optional<Step> ofLine(String rest) {
            int end = rest.indexOf(SEPARATOR);
            return Optional.of(
                    new CancelOrder(rest.substring(end + SEPARATOR.length()), Integer.valueOf(rest.substring(0, end))));
        }
    }

    /** One Azure subscription under an Azure plan is cancelled. */
    record CancelAzureSubscription(SubscriptionId plan, String entitlement) implements Step {
        @Override
        public String word() {
            return CANCEL_AZURE + SEPARATOR + entitlement;
        }
    }

    /** The reseller relationship with the customer is removed. */
    record RemoveRelationship() implements Step {
        @Override
        public String word() {
            return UNLINK;
        }
    }

    String SEPARATOR = ":";
    String UNLINK = "unlink";
    String CANCEL_ORDER = "cancel-order";
    String CANCEL_ORDER_LINE = "cancel-order-line";
    String CANCEL_AZURE = "cancel-azure";

    /**
     * The step that the ledger names.
     *
     * @param target the subscription that the request names; null when it names none
     */
    static Optional<Step> of(String word, @Nullable SubscriptionId target) {
        if (word.equals(UNLINK)) {
            return Optional.of(new RemoveRelationship());
        }
        int end = word.indexOf(SEPARATOR);
        if (end < 0) {
            return target == null
                    ? Optional.empty()
                    : Change.of(word).map(change -> new ChangeSubscription(target, change, true));
        }
        String rest = word.substring(end + SEPARATOR.length());
        return switch (word.substring(0, end)) {
            case CANCEL_ORDER -> Optional.of(new CancelOrder(rest));
            case CANCEL_ORDER_LINE -> CancelOrder.ofLine(rest);
            case CANCEL_AZURE ->
                target == null ? Optional.empty() : Optional.of(new CancelAzureSubscription(target, rest));
            case String change ->
                Change.of(change).map(each -> new ChangeSubscription(SubscriptionId.of(rest), each, false));
        };
    }
}
