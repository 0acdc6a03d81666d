package dev.offramp.platform;

import java.time.InstantSource;

/** The clock of this machine, for what decides nothing: today's date in a name, how long to keep trying. */
public final class MachineClock {

    private MachineClock() {}

    public static InstantSource get() {
        return InstantSource.system();
    }
}
