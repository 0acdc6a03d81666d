package dev.offramp.partnercenter;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often and after which pause a read is repeated.
 *
 * @param most 0 for never
 * @param first the pause before the first repeat, doubled each time; a random half of it is left out
 * @param longest a turn that is further away than this is not waited for
 * @param sleep how to wait
 */
record Repeats(int most, Duration first, Duration longest, Sleep sleep) {

    /** Waiting, which a test does by hand. */
    interface Sleep {
        void sleep(Duration time) throws InterruptedException;
    }

    /** @return false when the read must not be repeated */
    boolean pause(int repeat, Duration turn) {
        if (turn.compareTo(longest) > 0) {
            return false;
        }
        long nanos = first.toNanos() << Math.min(repeat - 1, 10);
        long jittered = nanos / 2 + ThreadLocalRandom.current().nextLong(nanos / 2 + 1);
        try {
            sleep.sleep(Duration.ofNanos(Math.max(jittered, turn.toNanos())));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
