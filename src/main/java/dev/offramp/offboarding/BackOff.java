package dev.offramp.offboarding;

import java.time.Duration;
import java.time.Instant;

/**
 * Waits that double up to a longest one.
 *
 * @param first the first wait, more than nothing
 * @param longest no wait is longer
 */
public record BackOff(Duration first, Duration longest) {

    public BackOff {
        if (!first.isPositive() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "Waits must be positive and grow: first %s, longest %s".formatted(first, longest));
        }
    }

    /**
     * The wait after so many waits in a row; also right for a number so high that the wait would overflow.
     *
     * @param earlier how often it was waited before, 0 for the first time; a negative number counts as 0
     */
    public Duration after(int earlier) {
        Duration wait = first;
        for (int each = 0; each < earlier && wait.compareTo(longest) < 0; each++) {
            wait = wait.compareTo(longest.dividedBy(2)) > 0 ? longest : wait.multipliedBy(2);
        }
        return wait;
    }

    /**
     * The next look at something that has been looked at since {@code since}: as long as it has lasted already, so that
     * the waits double without a count of them.
     */
    public Instant nextLook(Instant since, Instant now) {
        Duration lasted = Duration.between(since, now);
        Duration wait = lasted.compareTo(first) < 0 ? first : lasted;
        return now.plus(wait.compareTo(longest) > 0 ? longest : wait);
    }
}
