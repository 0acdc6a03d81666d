package dev.offramp.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules by which answers go wrong, each with its count of matching calls. */
final class FaultBook {

    private final List<Counted> rules = new ArrayList<>();

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
                after = after.plus(rule.fault.delay());
            } else {
                before = before.plus(rule.fault.delay());
            }
        }
        return new Mischief(before, after, first);
    }

    /** The faults of one call. */
    record Mischief(
            Duration before, Duration after, @Nullable Fault fault) {

        boolean is(Fault.Action action) {
            return fault != null && fault.action() == action;
        }
    }

    private static final class Counted {

        private final Fault fault;
        private int seen;

        private Counted(Fault fault) {
            this.fault = fault;
        }

        private boolean isDue() {
            seen++;
            return seen >= fault.nth() && seen - fault.nth() < fault.times();
        }
    }
}
