package dev.offramp.ledger;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The outcomes that wait to be sent. */
public interface Outcomes {

    /** Unsent ones, oldest first. */
    default List<Outcome> unsent(int limit) {
        return unsent(limit, Set.of());
    }

    /** The same without those of some customers, so that what cannot be sent keeps nobody else waiting. */
    List<Outcome> unsent(int limit, Set<CustomerId> except);

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
