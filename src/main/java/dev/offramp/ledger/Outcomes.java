package dev.offramp.ledger;

import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outcomes that wait to be sent. */
public interface Outcomes {

    /** Unsent ones, oldest first. */
    List<Outcome> unsent(int limit);

    /** The broker has acknowledged these. */
    void sent(Collection<Long> numbers);

    /** All outcomes of a request, oldest first. */
    List<Outcome> of(long request);

    long countUnsent();

    /**
     * One outcome with the unchanging part of its request.
     *
     * @param batch the batch in which it was written, null outside of one
     */
    record Outcome(
            long number,
            Request request,
            int sequence,
            Reason reason,
            Effect effect,
            String message,
            Details details,
            @Nullable Long batch,
            Instant createdAt) {}
}
