package dev.offramp.simulator;

import java.time.Duration;

/**
 * A rate limit: so many calls in a window that begins with the first of them. Refused calls are spent too.
 *
 * @param resource customer, subscription, entitlement, or any
 * @param perCustomer whether each customer has a window of its own
 */
public record Limit(String resource, boolean perCustomer, int calls, Duration window) {

    public Limit {
        if (calls < 1 || window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException("a limit allows at least one call in a window longer than nothing");
        }
    }

    /** The documented form: calls per minute for the whole partner tenant. */
    public static Limit perMinute(String resource, int calls) {
        return new Limit(resource, false, calls, Duration.ofMinutes(1));
    }
}
