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
        return unsent(limit, Shards.ALL, Set.of());
    }

    /** The same of some shards only, and without some customers, so that nobody waits for what cannot be sent. */
    List<Outcome> unsent(int limit, Shards shards, Set<CustomerId> except);

    /** Whether there is one; looks at one row, however many wait or were sent. */
    boolean anyUnsent();

    /**
     * The broker has acknowledged what stood in these places; what was to be told again in the meantime has another one.
     *
     * @param tickets of the outcomes as they were read from the unsent
     */
    void sent(Collection<Long> tickets);

    /** All outcomes of a request, oldest first. */
    List<Outcome> of(long request);

    long countUnsent();

    /**
     * Some of the equal parts into which all customers are divided.
     *
     * @param of how many parts there are, at most {@link #MOST}
     * @param numbers which of them, from 0
     */
    record Shards(int of, Set<Integer> numbers) {

        /** So many slots there are, each in one shard. */
        public static final int MOST = 256;

        public static final Shards ALL = new Shards(1, Set.of(0));

        public Shards {
            numbers = Set.copyOf(numbers);
        }

        /** Whether no shard is among them. */
        public boolean isEmpty() {
            return numbers.isEmpty();
        }

        /** Whether every shard is among them. */
        boolean areAll() {
            return numbers.size() == of;
        }
    }

    /**
     * One outcome with the unchanging part of its request.
     *
     * @param batch the batch in which it was written, null outside of one
     * @param ticket its place among the unsent; 0 when it was not read from there
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
            Instant createdAt,
            long ticket) {}
}
