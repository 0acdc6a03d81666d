package dev.offramp.reconcile;

import java.time.Instant;
import java.util.List;

/** The calls that passed the gate, as the ledger tells them. */
interface Calls {

    /** Those between the two times that took effect, or may have. */
    List<Called> between(Instant from, Instant until);

    /** Whether there was any request before that time. */
    boolean knewRequestsBefore(Instant time);
}
