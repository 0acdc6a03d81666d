package dev.offramp.operations.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes guessing slow: after the fifth wrong password for a name none is looked at for a second, then for two, at most
 * for a minute. The same for names that do not exist. Passwords for one name are looked at one after the other, so that
 * many at once are no way around.
 */
final class Guesses {

    private static final int FREE = 5;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);
    private static final int NAMES = 10_000;

    private final InstantSource clock;
    private final Lock[] turns =
            IntStream.range(0, 64).mapToObj(_ -> new ReentrantLock()).toArray(Lock[]::new);
    private final Map<String, Failures> failures = new LinkedHashMap<>(16, 0.75f, true);

    Guesses(InstantSource clock) {
        this.clock = clock;
    }

    /** What came of one guess. */
    sealed interface Look {

        /** It was right. */
        record Right() implements Look {}

        /** It was wrong, for the {@code times}-th time in a row. */
        record Wrong(int times) implements Look {}

        /** It was not looked at. */
        record TooSoon(Duration pause) implements Look {}
    }

    private record Failures(int count, Instant last) {

        Instant until() {
            if (count < FREE) {
                return last;
            }
            var pause = Duration.ofSeconds(1L << Math.min(count - FREE, 6));
            return last.plus(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
        }
    }

    Look at(String name, BooleanSupplier isRight) {
        Lock turn = turns[Math.floorMod(name.hashCode(), turns.length)];
        turn.lock();
        try {
            Failures before = before(name);
            Instant now = clock.instant();
            if (before != null && now.isBefore(before.until())) {
                return new Look.TooSoon(Duration.between(now, before.until()));
            }
            if (isRight.getAsBoolean()) {
                forget(name);
                return new Look.Right();
            }
            int times = before == null ? 1 : before.count() + 1;
            note(name, new Failures(times, clock.instant()));
            return new Look.Wrong(times);
        } finally {
            turn.unlock();
        }
    }

    /** Whether somebody should be told of so many wrong ones in a row. */
    static boolean areMany(int times) {
        return times >= FREE;
    }

    private synchronized @Nullable Failures before(String name) {
        Failures known = failures.get(name);
        return known == null || known.last().plus(FORGOTTEN_AFTER).isBefore(clock.instant()) ? null : known;
    }

    private synchronized void forget(String name) {
        failures.remove(name);
    }

    private synchronized void note(String name, Failures now) {
        failures.put(name, now);
        if (failures.size() > NAMES) {
            failures.remove(failures.keySet().iterator().next());
        }
    }

    synchronized int remembered() {
        return failures.size();
    }
}
