package dev.offramp.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides which calls are answered 429, and keeps the list of the holds that this began. */
final class Throttle {

    private final List<Limit> limits = new ArrayList<>();
    private final List<Running> bursts = new ArrayList<>();
    private final Map<String, Window> windows = new HashMap<>();
    private final List<Hold> holds = new ArrayList<>();
    private String scope = "as-given";

    /** @param scope whose calls share a limit: as-given, tenant or customer */
    synchronized void start(List<Limit> limits, List<Burst> bursts, String scope) {
        this.scope = scope;
        this.limits.clear();
        limits.forEach(limit -> this.limits.add(scoped(limit)));
        this.bursts.clear();
        bursts.forEach(this::add);
        windows.clear();
        holds.clear();
    }

    private Limit scoped(Limit limit) {
        return scope.equals("as-given")
                ? limit
                : new Limit(limit.resource(), scope.equals("customer"), limit.calls(), limit.window());
    }

    synchronized List<Limit> limits() {
        return List.copyOf(limits);
    }

    synchronized void add(Burst burst) {
        bursts.add(new Running(burst));
    }

    synchronized void limit(List<Limit> others) {
        limits.clear();
        others.forEach(limit -> limits.add(scoped(limit)));
        windows.clear();
    }

    synchronized List<Hold> holds() {
        return List.copyOf(holds);
    }

    /** How long the caller is to wait, or nothing when the call may pass. */
    synchronized Optional<Duration> refuse(Operation operation, Target target, Instant now) {
        Duration longest = Duration.ZERO;
        for (Running burst : bursts) {
            longest = longer(longest, burst.refuse(operation, target.customer(), now));
        }
        for (Limit limit : limits) {
            longest = longer(longest, spend(limit, operation, target.customer(), now));
        }
        return longest.isZero() ? Optional.empty() : Optional.of(longest);
    }

    private Duration spend(Limit limit, Operation operation, @Nullable String customer, Instant now) {
        if (!concerns(limit.resource(), operation)) {
            return Duration.ZERO;
        }
        String key = limits.indexOf(limit) + "/" + (limit.perCustomer() ? customer : "");
        Window window = windows.get(key);
        if (window == null || !now.isBefore(window.end())) {
            window = new Window(now.plus(limit.window()), 0);
        }
        windows.put(key, new Window(window.end(), window.spent() + 1));
        if (window.spent() < limit.calls()) {
            return Duration.ZERO;
        }
        Duration wait = wholeSeconds(Duration.between(now, window.end()));
        holds.add(new Hold(limit.resource(), limit.perCustomer() ? customer : null, now, now.plus(wait)));
        return wait;
    }

    private static boolean concerns(String resource, Operation operation) {
        return operation != Operation.TOKEN && (resource.equals("any") || resource.equals(operation.resource()));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static Duration wholeSeconds(Duration wait) {
        return Duration.ofSeconds(wait.plusSeconds(1).minusNanos(1).toSeconds());
    }

    private record Window(Instant end, int spent) {}

    private final class Running {

        private final Burst burst;
        private int seen;

        private Running(Burst burst) {
            this.burst = burst;
        }

        private Duration refuse(Operation operation, @Nullable String customer, Instant now) {
            if (!concerns(burst.resource(), operation)
                    || (burst.customer() != null && !burst.customer().equals(customer))) {
                return Duration.ZERO;
            }
            seen++;
            if (seen <= burst.after() || seen > burst.after() + burst.calls()) {
                return Duration.ZERO;
            }
            holds.add(new Hold(burst.resource(), burst.customer(), now, now.plus(burst.retryAfter())));
            return burst.retryAfter();
        }
    }
}
