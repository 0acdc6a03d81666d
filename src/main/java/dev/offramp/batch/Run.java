package dev.offramp.batch;

import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Fence;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** One execution of a batch in this process, and whether it is to stop; waits inside it end at once when it is. */
final class Run {

    private final Fence fence;
    private final Thread thread;
    private final Waiting waiting;
    private volatile @Nullable Stop stop;
    private final CountDownLatch stopped = new CountDownLatch(1);

    Run(Fence fence, Thread thread, Waiting waiting) {
        this.fence = fence;
        this.thread = thread;
        this.waiting = waiting;
    }

    /** Why a run stops before its end. */
    record Stop(StopReason reason, String sentence) {}

    Fence fence() {
        return fence;
    }

    /** Whether the job's thread lives; only then is its lease renewed. */
    boolean isAlive() {
        return thread.isAlive();
    }

    /** The first reason stays. */
    synchronized void stop(StopReason reason, String sentence) {
        if (stop == null) {
            stop = new Stop(reason, sentence);
            stopped.countDown();
        }
    }

    Optional<Stop> stopped() {
        return Optional.ofNullable(stop);
    }

    /** Waits for the time given or until the run is to stop, whichever comes first; no connection is held. */
    void pause(Duration duration) {
        try {
            waiting.until(stopped, duration);
        } catch (InterruptedException e) {
            // Nobody of ours interrupts. The flag stays cleared: it would close H2's files under the next statement.
            interrupted();
        }
    }

    /** Whoever interrupts wants an end; the batch goes on wherever there is room. */
    void interrupted() {
        stop(StopReason.DRAIN, "The thread was interrupted.");
    }
}
