package dev.offramp.ledger;

import java.time.Instant;
import java.util.List;

/** What was read and what was decided, for the timeline of a request. */
public interface Decisions {

    /** Writes one decision; {@code facts} and {@code verdict} are JSON or sentences for people. */
    void add(long request, Instant at, String facts, String verdict);

    List<Decision> of(long request);

    /** One decision. */
    record Decision(Instant at, String facts, String verdict) {}
}
