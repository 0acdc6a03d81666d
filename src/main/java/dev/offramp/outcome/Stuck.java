package dev.offramp.outcome;

import dev.offramp.offboarding.CustomerId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The customers whose oldest outcome could not be sent, each left out for a while, so that nobody else waits for it. Only
 * remembered: after a start each is tried again at once.
 */
final class Stuck {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final InstantSource clock;
    private final Duration longestPause;
    private final Map<CustomerId, Pause> pauses = new HashMap<>();

    Stuck(InstantSource clock, Duration longestPause) {
        this.clock = clock;
        this.longestPause = longestPause;
    }

    private record Pause(Duration length, Instant until) {}

    /**
     * Another failure: each in a row makes the pause twice as long, unless the broker is away and so all wait.
     *
     * @param away whether it is the broker that is to blame
     */
    void add(CustomerId customer, boolean away) {
        var before = pauses.get(customer);
        var length =
                before == null || away ? FIRST_PAUSE : shorter(before.length().multipliedBy(2), longestPause);
        pauses.put(customer, new Pause(length, clock.instant().plus(length)));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** It works again. */
    void remove(CustomerId customer) {
        pauses.remove(customer);
    }

    /** Those that are left out now. */
    Set<CustomerId> now() {
        var now = clock.instant();
        return pauses.entrySet().stream()
                .filter(each -> each.getValue().until().isAfter(now))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }
}
