package dev.offramp.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import tools.jackson.databind.node.ObjectNode;

/** One resource as it is, and as reads still show it while a change spreads. */
final class Versions {

    private final Deque<Past> past = new ArrayDeque<>();
    private ObjectNode current;

    Versions(ObjectNode first) {
        current = first;
    }

    /** The true state; never changed in place. */
    ObjectNode current() {
        return current;
    }

    ObjectNode shown(Instant now) {
        while (!past.isEmpty() && !past.getFirst().shownUntil().isAfter(now)) {
            past.removeFirst();
        }
        return past.isEmpty() ? current : past.getFirst().body();
    }

    void become(ObjectNode next, Instant now, Duration delay) {
        if (!delay.isZero()) {
            past.addLast(new Past(current, now.plus(delay)));
        }
        current = next;
    }

    private record Past(ObjectNode body, Instant shownUntil) {}
}
