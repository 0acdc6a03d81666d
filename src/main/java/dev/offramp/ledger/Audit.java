package dev.offramp.ledger;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Append-only: who changed what and why, in the transaction of the change. */
public interface Audit {

    void add(Entry entry, Instant now);

    /** Newest first; {@code before} is the cursor (exclusive), null for the first page. */
    List<Written> list(@Nullable Long before, int limit);

    /** All about one target, oldest first. */
    List<Written> of(String target);

    /** One change. {@code details} is a short text without secrets. */
    record Entry(String who, String what, String target, String cause, String details) {}

    /** An entry as it stands. */
    record Written(long number, Instant at, Entry entry) {}
}
