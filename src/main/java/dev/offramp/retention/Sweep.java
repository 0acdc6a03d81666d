package dev.offramp.retention;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** Deletes one kind of what is over. */
interface Sweep {

    /** What it deletes, as logs and metrics name it. */
    String what();

    /** Deletes some in the caller's transaction, never what another transaction is just changing. */
    Chunk next(Ages ages, int limit);

    /**
     * Before when something must have ended to be deleted.
     *
     * @param records the same for the stub of a request, or of a refused record, that the topic may have longer
     * @param now the time of the pass
     */
    record Ages(Instant details, Instant stubs, Instant records, Instant uploads, Instant audit, Instant now) {

        static Ages at(Instant now, RetentionProperties properties, Optional<Instant> records) {
            return new Ages(
                    now.minus(properties.details()),
                    now.minus(properties.stubs()),
                    records.orElse(Instant.EPOCH),
                    now.minus(properties.uploads()),
                    now.minus(properties.audit()),
                    now);
        }
    }

    /**
     * What became of a chunk.
     *
     * @param more whether there may be more
     */
    record Chunk(int removed, boolean more) {

        static Chunk of(Collection<Long> found, int limit) {
            return new Chunk(found.size(), found.size() == limit);
        }
    }
}
