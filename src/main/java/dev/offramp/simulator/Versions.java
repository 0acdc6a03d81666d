package dev.offramp.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One resource as it is, and as reads still show it while a change spreads. Unchanged, it is made when it is asked for;
 * changed, it is kept as text, which takes a quarter of the room.
 */
final class Versions {

    private final Supplier<ObjectNode> first;
    private @Nullable Deque<Past> past;
    private byte @Nullable [] changed;

    Versions(Supplier<ObjectNode> first) {
        this.first = first;
    }

    /** The true state; what is given belongs to the caller. */
    ObjectNode current() {
        return changed == null ? first.get() : Json.object(changed);
    }

    boolean isUnchanged() {
        return changed == null;
    }

    ObjectNode shown(Instant now) {
        forget(now);
        return past == null || past.isEmpty()
                ? current()
                : Json.object(past.getFirst().body());
    }

    void become(ObjectNode next, Instant now, Duration delay) {
        become(next, now, delay, current());
    }

    /** @param meanwhile what reads show until the delay is over */
    void become(ObjectNode next, Instant now, Duration delay, ObjectNode meanwhile) {
        if (!delay.isZero()) {
            if (past == null) {
                past = new ArrayDeque<>(1);
            }
            past.addLast(new Past(Json.bytes(meanwhile), now.plus(delay)));
        }
        changed = Json.bytes(next);
    }

    private void forget(Instant now) {
        while (past != null && !past.isEmpty() && !past.getFirst().shownUntil().isAfter(now)) {
            past.removeFirst();
        }
    }

    private record Past(byte[] body, Instant shownUntil) {}
}
