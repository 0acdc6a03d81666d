package dev.offramp.partnercenter.pace;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** The holds that this node knows of. */
final class Holds {

    /** Two readings of one hold differ by the way to the database. */
    private static final long SAME = Duration.ofMillis(100).toNanos();

    private final LongSupplier ticker;
    private final Map<ResourceClass, Long> ends = new EnumMap<>(ResourceClass.class);
    private final Map<ResourceClass, Integer> counts = new EnumMap<>(ResourceClass.class);

    Holds(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /** A hold never becomes shorter. */
    synchronized void learn(ResourceClass resource, Duration left) {
        long until = ticker.getAsLong() + left.toNanos();
        Long known = ends.get(resource);
        if (known == null || until - known > 0) {
            ends.put(resource, until);
            if (known == null || until - known > SAME) {
                counts.merge(resource, 1, Integer::sum);
            }
        }
    }

    synchronized Duration left(ResourceClass resource) {
        Long until = ends.get(resource);
        return until == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, until - ticker.getAsLong()));
    }

    /** How many holds there have been; a larger number means that one came. */
    synchronized int count(ResourceClass resource) {
        return counts.getOrDefault(resource, 0);
    }
}
