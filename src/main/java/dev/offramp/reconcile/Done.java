package dev.offramp.reconcile;

import dev.offramp.offboarding.CustomerId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One effect as the ledger tells it: a try that was accepted, or that reading showed to have been done.
 *
 * @param request the number of the request
 * @param resource the id of the subscription or order, in small letters; null when the customer itself was changed
 * @param at when its call passed the gate
 */
public record Done(
        Instant at,
        Effect effect,
        CustomerId customer,
        @Nullable String resource,
        String correlationId,
        long request) {}
