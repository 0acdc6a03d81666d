package dev.offramp.partnercenter.pace;

/**
 * How many calls may start in any minute, and how many of them at once.
 *
 * <p>The burst is part of the allowance and not on top of it: in between, calls are spread so that burst and spread
 * calls together never exceed {@code perMinute} in any 60 seconds.
 *
 * @param burst at least 1; at most half of {@code perMinute} counts
 */
record Allowance(int perMinute, int burst) {

    private static final long MINUTE = 60_000_000_000L;

    Allowance {
        if (perMinute < 2) {
            throw new IllegalArgumentException(
                    "An allowance of %d calls a minute is too small; write 2 or more.".formatted(perMinute));
        }
        if (burst < 1) {
            throw new IllegalArgumentException("A burst of %d calls is too small; write 1 or more.".formatted(burst));
        }
        burst = Math.min(burst, perMinute / 2);
    }

    /** So much of it, in percent, but never less than is worth anything. */
    Allowance share(int percent) {
        return new Allowance(Math.max(2, perMinute * percent / 100), Math.max(1, burst * percent / 100));
    }

    /** Nanoseconds between two calls when calls never pause. */
    long interval() {
        return Math.ceilDiv(MINUTE, perMinute - burst);
    }

    /** How far the reserved time may run ahead of the clock, in nanoseconds. */
    long ahead() {
        return burst * interval();
    }
}
