package dev.offramp.offboarding;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a subscription may be cancelled now, by what the subscription itself says; there is no constant number of days,
 * because Microsoft changed it more than once and countries differ.
 */
sealed interface CancellationWindow {

    /** It may be tried; {@code why} names the member that says so. */
    record Open(String why) implements CancellationWindow {}

    /**
     * It may not.
     *
     * @param why a clause for a sentence, with the date when there is one
     */
    record Closed(String why) implements CancellationWindow {}

    /** The first rule that matches wins. */
    static CancellationWindow of(Subscription subscription, Instant now) {
        Instant until = subscription.cancellationAllowedUntil();
        if (until != null) {
            return until.isAfter(now)
                    ? new Open("Cancelling is allowed until " + until)
                    : new Closed("cancelling was allowed until " + until);
        }
        List<String> actions = subscription.actions();
        if (actions != null && actions.stream().noneMatch("cancel"::equalsIgnoreCase)) {
            return new Closed("cancel is not among the actions that it offers");
        }
        // No date and no word against it: a late call is declined by the server (900117, 900213) without an effect.
        return new Open("The subscription names no end of its cancellation window");
    }

    /** When a closed window opens again: a renewal starts a new term; null when there will be none or it is not known. */
    static @Nullable Instant opensAgain(Subscription subscription, Instant now) {
        Instant end = subscription.termEnd();
        boolean renews = Boolean.TRUE.equals(subscription.autoRenew())
                && subscription.status().is(SubscriptionStatus.Known.ACTIVE);
        return renews && end != null && end.isAfter(now) ? end : null;
    }

    /** When the subscription ends by itself, because it does not renew; null when it renews or that is not known. */
    static @Nullable Instant endsByItself(Subscription subscription, Instant now) {
        Instant end = subscription.termEnd();
        boolean renews = !Boolean.FALSE.equals(subscription.autoRenew());
        return !renews && end != null && end.isAfter(now) ? end : null;
    }
}
