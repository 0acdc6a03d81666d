package dev.offramp.reconcile;

import dev.offramp.offboarding.CustomerId;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One effect as Partner Center's audit records tell it.
 *
 * @param resources the ids that the record names beside the customer, in small letters; empty when it names none
 * @param correlationId {@code originalCorrelationId}; the documents leave open whether it is the caller's
 * @param ordinary whether what it shows is no loss for anybody: the subscription is active and renews itself, the order
 *     is not cancelled
 * @param who the user or application that the record names, for people
 */
public record Recorded(
        Instant at,
        Effect effect,
        CustomerId customer,
        Set<String> resources,
        @Nullable String correlationId,
        boolean ordinary,
        String who) {

    public Recorded {
        resources = Set.copyOf(resources);
    }
}
