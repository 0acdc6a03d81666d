package dev.offramp.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The rules by which answers go wrong, each with its count of matching calls. */
final class FaultBook {

    private final List<Counted> rules = new ArrayList<>();
    private RandomGenerator random = new SplittableRandom(0);

    /** Begins anew; the same seed makes the same draws. */
    synchronized void start(List<Fault> faults, long seed) {
        rules.clear();
        random = new SplittableRandom(seed);
        faults.forEach(this::add);
    }

    synchronized void add(Fault fault) {
        rules.add(new Counted(fault));
    }

    synchronized void clear() {
        rules.clear();
    }

    synchronized List<Fault> faults() {
        return rules.stream().map(rule -> rule.fault).toList();
    }

    /** What is to go wrong with this call: all delays that are due, and the first other rule that is. */
    synchronized Mischief on(Operation operation, HttpRequest request, Target target) {
        Duration before = Duration.ZERO;
        Duration after = Duration.ZERO;
        Fault first = null;
        for (Counted rule : rules) {
            if (!rule.fault.matches(operation, request.method(), request.path(), target) || !rule.isDue()) {
                continue;
            }
            if (rule.fault.action() != Fault.Action.DELAY) {
                first = first == null ? rule.fault : first;
            } else if (rule.fault.afterEffect()) {
                after = after.plus(rule.fault.latency().draw(random));
            } else {
                before = before.plus(rule.fault.latency().draw(random));
            }
        }
        Duration accepted = first == null ? Duration.ZERO : first.latency().draw(random);
        return rules.isEmpty() ? Mischief.NONE : new Mischief(before, after, accepted, first);
    }

    /** The faults of one call. */
    record Mischief(
            Duration before,
            Duration after,
            Duration acceptedFor,
            @Nullable Fault fault) {

        static final Mischief NONE = new Mischief(Duration.ZERO, Duration.ZERO, Duration.ZERO, null);
    }

    private final class Counted {

        private final Fault fault;
        private int seen;

        private Counted(Fault fault) {
            this.fault = fault;
        }

        private boolean isDue() {
            seen++;
            boolean due = seen >= fault.nth() && seen - fault.nth() < fault.times();
            return due && (fault.probability() >= 1 || random.nextDouble() < fault.probability());
        }
    }
}
