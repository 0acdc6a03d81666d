package dev.offramp.offboarding;

import dev.offramp.offboarding.Subscription.Kind;

/** How kinds of subscriptions are called in sentences, and what to use where an operation is not made for a kind. */
final class KindWords {

    private static final String SAVINGS_PLAN = "the Azure portal; Partner Center cannot change savings plans.";
    private static final String RESERVATION =
            "the Azure portal or Microsoft's support; Partner Center cannot change reservations.";
    private static final String NOTHING = "look at it in Partner Center.";

    private KindWords() {}

    /** At the beginning of a sentence. */
    static String of(Kind kind) {
        return switch (kind) {
            case NEW_COMMERCE_LICENCE -> "A new-commerce licence";
            case LEGACY_LICENCE -> "A legacy licence";
            case LEGACY_ADD_ON -> "A legacy add-on";
            case LEGACY_AZURE -> "A legacy Azure subscription";
            case MARKETPLACE_SAAS -> "A marketplace subscription";
            case SOFTWARE -> "A software subscription";
            case PERPETUAL_SOFTWARE -> "Perpetual software";
            case SAVINGS_PLAN -> "An Azure savings plan";
            case AZURE_PLAN -> "An Azure plan";
            case TRIAL -> "A trial";
            case RESERVATION -> "A reservation";
            case UNKNOWN -> "A subscription of an unknown kind";
        };
    }

    /** What ends a subscription of a kind, for the person who has to do it. */
    static String end(Kind kind) {
        return switch (kind) {
            case NEW_COMMERCE_LICENCE, MARKETPLACE_SAAS, SOFTWARE ->
                "cancel-subscription while its window is open, else turn-off-auto-renew.";
            case PERPETUAL_SOFTWARE -> "cancel-subscription, which cancels its order.";
            case AZURE_PLAN ->
                "cancel-subscription, with onActiveAzureSubscriptions: cancel for the Azure subscriptions under it.";
            case TRIAL -> "turn-off-auto-renew; then it runs out.";
            case LEGACY_LICENCE, LEGACY_ADD_ON, LEGACY_AZURE, SAVINGS_PLAN, RESERVATION, UNKNOWN -> cancelInstead(kind);
        };
    }

    static String cancelInstead(Kind kind) {
        return switch (kind) {
            case LEGACY_LICENCE, LEGACY_AZURE ->
                "suspend-subscription; suspended, a legacy subscription is not billed, and after 90 days it is deleted.";
            case LEGACY_ADD_ON ->
                "suspend-subscription for the subscription that it belongs to; the add-on goes with it.";
            case SAVINGS_PLAN -> SAVINGS_PLAN;
            case RESERVATION -> RESERVATION;
            case NEW_COMMERCE_LICENCE, MARKETPLACE_SAAS, SOFTWARE, PERPETUAL_SOFTWARE, AZURE_PLAN, TRIAL, UNKNOWN ->
                NOTHING;
        };
    }

    static String suspendInstead(Kind kind) {
        return switch (kind) {
            case LEGACY_ADD_ON ->
                "suspend-subscription for the subscription that it belongs to; the add-on goes with it.";
            case SOFTWARE, PERPETUAL_SOFTWARE -> "cancel-subscription; software is cancelled, not suspended.";
            case SAVINGS_PLAN -> SAVINGS_PLAN;
            case RESERVATION -> RESERVATION;
            case NEW_COMMERCE_LICENCE, LEGACY_LICENCE, LEGACY_AZURE, MARKETPLACE_SAAS, AZURE_PLAN, TRIAL, UNKNOWN ->
                NOTHING;
        };
    }

    static String reactivateInstead(Kind kind) {
        return switch (kind) {
            case LEGACY_ADD_ON ->
                "reactivate-subscription for the subscription that it belongs to, then enable the add-on in Partner Center.";
            case SOFTWARE, PERPETUAL_SOFTWARE -> "a new purchase; software is not suspended and reactivated.";
            case SAVINGS_PLAN -> SAVINGS_PLAN;
            case RESERVATION -> RESERVATION;
            case NEW_COMMERCE_LICENCE, LEGACY_LICENCE, LEGACY_AZURE, MARKETPLACE_SAAS, AZURE_PLAN, TRIAL, UNKNOWN ->
                NOTHING;
        };
    }

    static String turnOffInstead(Kind kind) {
        return switch (kind) {
            case LEGACY_ADD_ON -> "turn-off-auto-renew for the subscription that it belongs to.";
            case LEGACY_AZURE -> "suspend-subscription; it has no term that could end.";
            case PERPETUAL_SOFTWARE ->
                "cancel-subscription while its window is open; it was bought once and never renews.";
            case AZURE_PLAN -> "cancel-subscription; an Azure plan has no term that could end.";
            case SAVINGS_PLAN -> SAVINGS_PLAN;
            case RESERVATION -> RESERVATION;
            case NEW_COMMERCE_LICENCE, LEGACY_LICENCE, MARKETPLACE_SAAS, SOFTWARE, TRIAL, UNKNOWN -> NOTHING;
        };
    }
}
