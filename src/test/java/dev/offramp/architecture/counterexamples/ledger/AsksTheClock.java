package dev.offramp.architecture.counterexamples.ledger;

import java.time.Instant;

/** Decides by the clock of the machine. */
public final class AsksTheClock {

    boolean isDue(Instant due) {
        return due.isBefore(Instant.now());
    }
}
