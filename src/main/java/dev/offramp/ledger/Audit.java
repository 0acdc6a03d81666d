package dev.offramp.ledger;

import java.time.Instant;

/** Append-only: who changed what and why, in the transaction of the change. */
public interface Audit {

    void add(Entry entry, Instant now);

    /** One change. {@code details} is a short text without secrets. */
    record Entry(String who, String what, String target, String cause, String details) {}
}
