package dev.offramp.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The simulated server's clock: as far ahead of the given one as the scenario or a hand has set it. */
final class ServerClock implements InstantSource {

    private final InstantSource real;
    private volatile Duration ahead = Duration.ZERO;

    ServerClock(InstantSource real) {
        this.real = real;
    }

    @Override
    public Instant instant() {
        return real.instant().plus(ahead);
    }

    void ahead(Duration difference) {
        ahead = difference;
    }

    void advance(Duration by) {
        ahead = ahead.plus(by);
    }
}
