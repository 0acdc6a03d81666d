package dev.offramp.offboarding;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the subscription itself says about money: never an amount and never a reason to go or not to go.
 *
 * @param promised {@code full}, {@code partial}, or {@code none} when every promise has run out
 * @param until the end of the promise, null when it has none
 * @param quantity the number of licences that it names as refundable, while that lasts
 */
public record RefundNote(
        String promised, @Nullable Instant until, @Nullable Integer quantity) {

    private static final String FULL = "full";
    private static final String PARTIAL = "partial";
    private static final String NONE = "none";

    /** Empty when the subscription says nothing about refunds. */
    public static Optional<RefundNote> of(Subscription subscription, Instant now) {
        Integer quantity = refundableQuantity(subscription, now);
        Optional<RefundNote> best = subscription.refunds().stream()
                .filter(each -> lasts(each.until(), now))
                .filter(each -> FULL.equalsIgnoreCase(each.type()) || PARTIAL.equalsIgnoreCase(each.type()))
                .sorted(Comparator.comparing((Subscription.Refund each) -> !FULL.equalsIgnoreCase(each.type()))
                        .thenComparing(Subscription.Refund::until, Comparator.nullsFirst(Comparator.reverseOrder())))
                .map(each ->
                        new RefundNote(FULL.equalsIgnoreCase(each.type()) ? FULL : PARTIAL, each.until(), quantity))
                .findFirst();
        if (best.isPresent()) {
            return best;
        }
        if (quantity != null) {
            return Optional.of(new RefundNote(PARTIAL, subscription.refundableUntil(), quantity));
        }
        boolean hasSpoken = !subscription.refunds().isEmpty() || subscription.refundableQuantity() != null;
        return hasSpoken ? Optional.of(new RefundNote(NONE, null, null)) : Optional.empty();
    }

    private static @Nullable Integer refundableQuantity(Subscription subscription, Instant now) {
        Integer quantity = subscription.refundableQuantity();
        return quantity != null && quantity > 0 && lasts(subscription.refundableUntil(), now) ? quantity : null;
    }

    private static boolean lasts(@Nullable Instant until, Instant now) {
        return until == null || until.isAfter(now);
    }
}
