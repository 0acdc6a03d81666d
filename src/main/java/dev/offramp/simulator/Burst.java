package dev.offramp.simulator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A scripted refusal: after the first {@code after} calls of a resource the next {@code calls} are answered 429.
 *
 * @param resource customer, subscription, entitlement, or any
 * @param customer set when only calls for this customer count
 * @param retryAfter what the Retry-After header says, whole seconds
 */
public record Burst(String resource, @Nullable String customer, int after, int calls, Duration retryAfter) {

    /** The very next calls of the resource, for whichever customer. */
    public static Burst of(int calls, String resource, Duration retryAfter) {
        return new Burst(resource, null, 0, calls, retryAfter);
    }
}
