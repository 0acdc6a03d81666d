package dev.offramp.offboarding;

import dev.offramp.offboarding.SubscriptionStatus.Known;

/** What a read tells about the effect of a destructive call that was sent. */
public enum Seen {
    EFFECT,
    NO_EFFECT,
    CANNOT_TELL;

    /** Whether the subscription is deleted; a subscription that is gone or pending tells nothing. */
    public static Seen afterCancel(SubscriptionId asked, Facts facts) {
        if (!(facts instanceof Facts.OfSubscription read)
                || !asked.equals(read.subscription().id())) {
            return CANNOT_TELL;
        }
        Known status = read.subscription().status().known();
        return switch (status) {
            case DELETED -> EFFECT;
            case ACTIVE, SUSPENDED, EXPIRED, DISABLED -> NO_EFFECT;
            case PENDING, UNKNOWN -> CANNOT_TELL;
        };
    }

    /**
     * Whether the relationship is gone. The gate let the call pass only because the customer was ours, so "not ours" and
     * "no such customer" show the effect here.
     */
    public static Seen afterUnlink(CustomerId asked, Facts facts) {
        return switch (facts) {
            case Facts.NotOurCustomer not -> EFFECT;
            case Facts.NoCustomer none -> EFFECT;
            case Facts.OfCustomer read when read.customer().id().equals(asked) -> afterUnlink(read.customer());
            case Facts.OfCustomer other -> CANNOT_TELL;
            case Facts.Unreadable strange -> CANNOT_TELL;
            case Facts.OfSubscription other -> CANNOT_TELL;
            case Facts.NoSubscription other -> CANNOT_TELL;
        };
    }

    private static Seen afterUnlink(Customer customer) {
        if (customer.isUnlinked()) {
            return EFFECT;
        }
        return "reseller".equalsIgnoreCase(customer.relationship()) ? NO_EFFECT : CANNOT_TELL;
    }
}
