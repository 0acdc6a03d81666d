package dev.offramp.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answers that were given to MS-RequestIds, for as long as they are remembered. */
final class Replies {

    private final Duration memory;
    private final Map<String, Given> given = new LinkedHashMap<>();

    Replies(Duration memory) {
        this.memory = memory;
    }

    synchronized void remember(String requestId, Result result, Instant now) {
        forget(now);
        given.put(requestId, new Given(result, now));
    }

    synchronized @Nullable Result to(String requestId, Instant now) {
        forget(now);
        Given found = given.get(requestId);
        return found == null ? null : found.result();
    }

    private void forget(Instant now) {
        Iterator<Given> oldest = given.values().iterator();
        while (oldest.hasNext() && oldest.next().at().plus(memory).isBefore(now)) {
            oldest.remove();
        }
    }

    private record Given(Result result, Instant at) {}
}
