package dev.offramp.architecture.counterexamples.ledger;

import java.time.InstantSource;

/** Takes its clock instead of being given one. */
public final class TakesTheSystemsClock {

    InstantSource clock = InstantSource.system();
}
