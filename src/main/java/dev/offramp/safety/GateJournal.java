package dev.offramp.safety;

import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Request;

/** What the gate tells. */
public interface GateJournal {

    /** The try is durable; its call has not left. */
    default void tryWritten(Request request, Try written) {}
}
