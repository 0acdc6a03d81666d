package dev.offramp.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The calls that a newer database, which is lost, may have known of: as with a try without a reply, only a second late
 * read that does not show their effect lets a call leave.
 */
public interface LostCalls {

    /** A ledger that was never lost. */
    LostCalls NONE = (_, _, _) -> Optional.empty();

    /**
     * Notes a late read that did not show the effect.
     *
     * @param readAt when it was begun
     * @param between the least time between two reads that count
     * @return when the next read counts; empty when this was the second, or nothing can be lost
     */
    Optional<Instant> lookAgainAt(long request, Instant readAt, Duration between);
}
