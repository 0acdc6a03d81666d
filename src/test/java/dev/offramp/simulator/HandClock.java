package dev.offramp.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that only the test turns. */
final class HandClock implements InstantSource {

    private volatile Instant now;

    HandClock(String now) {
        this.now = Instant.parse(now);
    }

    @Override
    public Instant instant() {
        return now;
    }

    void advance(Duration by) {
        now = now.plus(by);
    }
}
