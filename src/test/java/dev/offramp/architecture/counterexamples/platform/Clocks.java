package dev.offramp.architecture.counterexamples.platform;

import java.time.Instant;

/** May ask the clock, as the only one in the service. */
public final class Clocks {

    Instant now() {
        return Instant.now();
    }
}
