package dev.offramp.partnercenter;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Step;
import java.util.UUID;

/**
 * The right to send one destructive call, once. Only the gate makes one (an architecture rule keeps it so), after the
 * try is durable.
 *
 * @param step what the call changes, and nothing else
 * @param requestId sent as {@code MS-RequestId}
 * @param correlationId sent as {@code MS-CorrelationId}, new for each try
 * @param sendBefore the {@link System#nanoTime()} before which the call must start; later it is not sent
 */
public record Permit(
        Operation operation, CustomerId customerId, Step step, UUID requestId, UUID correlationId, long sendBefore) {}
