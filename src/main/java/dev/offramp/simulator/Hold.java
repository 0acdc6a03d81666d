package dev.offramp.simulator;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The time in which the server has asked not to be called: from a 429 until its Retry-After has run out.
 *
 * @param resource customer, subscription, entitlement, or any
 * @param customer set when only calls for this customer are held
 * @param from when the 429 was given
 * @param until the first instant at which calling again is welcome
 */
public record Hold(String resource, @Nullable String customer, Instant from, Instant until) {

    boolean covers(Operation operation, @Nullable String target) {
        return (resource.equals("any") || resource.equals(operation.resource()))
                && (customer == null || customer.equals(target));
    }
}
