package dev.offramp.batch;

import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Fence;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The batches that run in this process. A step that finds no run here has no lease and does nothing. */
final class Runs {

    private final Map<Long, Run> running = new ConcurrentHashMap<>();
    private final Waiting waiting;
    private volatile boolean draining;

    Runs() {
        this(Waiting.REAL);
    }

    Runs(Waiting waiting) {
        this.waiting = waiting;
    }

    Run open(Fence fence) {
        Run run = new Run(fence, Thread.currentThread(), waiting);
        running.put(fence.batch(), run);
        if (draining) {
            run.stop(StopReason.DRAIN, "The node shuts down.");
        }
        return run;
    }

    void close(Run run) {
        running.remove(run.fence().batch(), run);
    }

    Optional<Run> of(long batch) {
        return Optional.ofNullable(running.get(batch));
    }

    Collection<Run> all() {
        return List.copyOf(running.values());
    }

    int count() {
        return running.size();
    }

    void drain() {
        draining = true;
        all().forEach(run -> run.stop(StopReason.DRAIN, "The node shuts down."));
    }

    boolean isDraining() {
        return draining;
    }
}
