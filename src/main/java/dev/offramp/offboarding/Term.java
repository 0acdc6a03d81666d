package dev.offramp.offboarding;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where a moment lies with regard to the end of a term. */
enum Term {
    UNSAID,
    AHEAD,
    /** So short a time over that its renewal or its end may not have been carried out yet. */
    JUST_OVER,
    LONG_OVER;

    /**
     * A renewal may take 24 hours, and dates without a time of day are inclusive: the end may lie 24 hours after them.
     */
    private static final Duration AFTER_THE_END = Duration.ofDays(2);

    static Term of(@Nullable Instant end, Instant now) {
        if (end == null) {
            return UNSAID;
        }
        if (end.isAfter(now)) {
            return AHEAD;
        }
        return Duration.between(end, now).compareTo(AFTER_THE_END) < 0 ? JUST_OVER : LONG_OVER;
    }

    /** Whether the renewal may be running, during which all but cancelling is read-only. */
    static boolean isBeingRenewed(Subscription subscription, Instant now) {
        return subscription.status().is(SubscriptionStatus.Known.ACTIVE)
                && Boolean.TRUE.equals(subscription.autoRenew())
                && of(subscription.termEnd(), now) == JUST_OVER;
    }

    /** Whether the two ends belong to different terms; the same one may be named with and without a time of day. */
    static boolean isAnother(Instant before, Instant end) {
        return end.isAfter(before) && Duration.between(before, end).compareTo(AFTER_THE_END) >= 0;
    }
}
