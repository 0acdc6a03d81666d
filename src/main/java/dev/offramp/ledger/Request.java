package dev.offramp.ledger;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.OrderTarget;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Releases;
import dev.offramp.offboarding.Status;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.offboarding.Terms;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request as it stood when it was read.
 *
 * @param number its place in ledger order
 * @param version rises with each change of state; a change is made only over the version that was read
 * @param dueAt when a dispatcher may claim it; null while it is in a batch, held or final
 * @param batch the open batch it belongs to
 * @param withdrawnBy the {@code withdraw} that waits for its unanswered try, if any
 * @param deferrals how often it was put off in a row, for back-off
 * @param notDoneReads reads in a row that came late enough to count and did not show the effect
 * @param doubtSince since when its effect is being looked for
 * @param released what held it and a person has released it from
 */
public record Request(
        long number,
        Admission admission,
        Instant admittedAt,
        Status status,
        Reason reason,
        Effect effect,
        String message,
        long version,
        int sequence,
        @Nullable Instant dueAt,
        @Nullable Long waitsFor,
        @Nullable Long batch,
        @Nullable Integer item,
        @Nullable Long lastBatch,
        @Nullable Long withdrawnBy,
        int deferrals,
        int notDoneReads,
        @Nullable Instant doubtSince,
        @Nullable Instant settledAt,
        Releases released) {

    public RequestKey key() {
        return admission.key();
    }

    public Operation operation() {
        return admission.operation();
    }

    public CustomerId customerId() {
        return admission.customerId();
    }

    public @Nullable SubscriptionId subscriptionId() {
        return admission.subscriptionId();
    }

    /** The order, or its line, that it names instead of a subscription. */
    public @Nullable OrderTarget order() {
        return admission.order();
    }

    public @Nullable String group() {
        return admission.group();
    }

    /** The approved plan that it carries out a part of; null for all that were not made by one. */
    public @Nullable Long plan() {
        return admission.plan();
    }

    public Terms terms() {
        return admission.terms();
    }

    /** Whether only this is left of it: its details were deleted by age. Whoever asked for it is never blank. */
    public boolean isStub() {
        return admission.requestedBy().isEmpty();
    }

    public boolean isFinal() {
        return status.isFinal();
    }
}
