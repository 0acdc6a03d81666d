package dev.offramp.offboarding;

import dev.offramp.offboarding.Subscription.Kind;

/** How kinds of subscriptions are called in sentences, and how those are ended that a cancellation does not end. */
final class KindWords {

    private KindWords() {}

    /** At the beginning of a sentence. */
    static String of(Kind kind) {
        return switch (kind) {
            case NEW_COMMERCE_LICENCE -> "A new-commerce licence";
            case LEGACY_LICENCE -> "A legacy licence";
            case LEGACY_ADD_ON -> "A legacy add-on";
            case LEGACY_AZURE -> "A legacy Azure subscription";
            case MARKETPLACE_SAAS -> "A marketplace subscription";
            case SOFTWARE -> "Software";
            case PERPETUAL_SOFTWARE -> "Perpetual software";
            case SAVINGS_PLAN -> "An Azure savings plan";
            case AZURE_PLAN -> "An Azure plan";
            case TRIAL -> "A trial";
            case UNKNOWN -> "A subscription of an unknown kind";
        };
    }

    /** A sentence for the person who has to end it. */
    static String useInstead(Kind kind) {
        return switch (kind) {
            case NEW_COMMERCE_LICENCE, LEGACY_LICENCE, MARKETPLACE_SAAS -> "cancel-subscription.";
            case LEGACY_ADD_ON -> "end the subscription that it belongs to; the add-on goes with it.";
            case LEGACY_AZURE -> "suspend it in Partner Center; a legacy subscription is not billed while suspended.";
            case SOFTWARE, PERPETUAL_SOFTWARE -> "cancel its order in Partner Center.";
            case SAVINGS_PLAN -> "the Azure portal; Partner Center cannot change savings plans.";
            case AZURE_PLAN ->
                "cancel every Azure subscription and reservation under it first, then the plan in Partner Center.";
            case TRIAL -> "turn off its auto-renewal and let it run out.";
            case UNKNOWN -> "look at it in Partner Center.";
        };
    }
}
