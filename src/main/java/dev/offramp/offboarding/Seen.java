package dev.offramp.offboarding;

import dev.offramp.offboarding.SubscriptionStatus.Known;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /** Whether a change of a subscription is to be read; a member that is not understood tells nothing. */
    public static Seen afterChange(SubscriptionId asked, Change change, Facts facts) {
        if (change == Change.CANCEL) {
            return afterCancel(asked, facts);
        }
        if (!(facts instanceof Facts.OfSubscription of)
                || !asked.equals(of.subscription().id())) {
            return CANNOT_TELL;
        }
        Subscription read = of.subscription();
        return switch (change) {
            case CANCEL -> throw new IllegalStateException("told above");
            case SUSPEND -> status(read, Known.SUSPENDED);
            case REACTIVATE -> status(read, Known.ACTIVE);
            case AUTO_RENEW_OFF -> flag(read.autoRenew(), false);
            case AUTO_RENEW_ON -> flag(read.autoRenew(), true);
        };
    }

    private static Seen status(Subscription read, Known wanted) {
        return switch (read.status().known()) {
            case PENDING, UNKNOWN -> CANNOT_TELL;
            case Known other -> other == wanted ? EFFECT : NO_EFFECT;
        };
    }

    private static Seen flag(@Nullable Boolean read, boolean wanted) {
        if (read == null) {
            return CANNOT_TELL;
        }
        return read == wanted ? EFFECT : NO_EFFECT;
    }

    /**
     * Whether an order of perpetual software, or one line of it, is cancelled: by the order's status, or because the lines
     * have the quantity 0 in an order that stays completed. An order in progress tells nothing.
     */
    public static Seen afterOrder(String asked, @Nullable Integer line, Facts facts) {
        if (!(facts instanceof Facts.OfOrder(var _, SoftwareOrder order)) || !asked.equals(order.id())) {
            return CANNOT_TELL;
        }
        if (order.isCancelled()) {
            return EFFECT;
        }
        List<SoftwareOrder.Line> meant = order.lines().stream()
                .filter(each -> line == null || line.equals(each.number()))
                .toList();
        if (!order.isCompleted() || meant.isEmpty() || meant.stream().anyMatch(each -> each.quantity() == null)) {
            return CANNOT_TELL;
        }
        return meant.stream().allMatch(SoftwareOrder.Line::isCancelled) ? EFFECT : NO_EFFECT;
    }

    /** Whether an Azure subscription is over; one that is not listed tells nothing. */
    public static Seen afterAzure(String asked, List<AzureSubscription> under) {
        return under.stream()
                .filter(each -> each.entitlement().equals(asked))
                .findFirst()
                .map(each -> each.isInactive() ? EFFECT : NO_EFFECT)
                .orElse(CANNOT_TELL);
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
            case Facts.OfOrder other -> CANNOT_TELL;
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
