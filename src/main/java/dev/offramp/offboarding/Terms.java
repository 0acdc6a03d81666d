package dev.offramp.offboarding;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Under which terms an operation is asked for.
 *
 * @param planOnly {@code mode: plan}: read and judge, change nothing
 * @param notBefore nothing is done earlier
 * @param notAfter nothing is begun later; always set (default: the request's time + 30 days)
 */
public record Terms(
        boolean planOnly,
        @Nullable Instant notBefore,
        Instant notAfter,
        IfWindowClosed ifWindowClosed,
        OnActiveSubscriptions onActiveSubscriptions,
        Expectation expect) {

    /** What to do when the cancellation window is closed. */
    public enum IfWindowClosed {
        REJECT
    }

    /** What to do when active subscriptions stand in the way of an unlink. */
    public enum OnActiveSubscriptions {
        FAIL
    }
}
