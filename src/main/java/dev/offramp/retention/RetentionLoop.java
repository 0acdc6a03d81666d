package dev.offramp.retention;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Looks now and then whether retention is due; ends between two chunks. */
final class RetentionLoop implements SmartLifecycle {

    private static final Duration LONGEST_CHUNK = Duration.ofSeconds(20);

    private final Retention retention;
    private final Comeback comeback;
    private final RetentionJournal journal;
    private final Duration pollInterval;
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean stopping;
    private @Nullable Thread thread;

    RetentionLoop(Retention retention, Comeback comeback, RetentionJournal journal, Duration pollInterval) {
        this.retention = retention;
        this.comeback = comeback;
        this.journal = journal;
        this.pollInterval = pollInterval;
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            stopping = false;
            thread = Thread.ofVirtual().name("retention").start(this::turn);
        }
    }

    /** Not in the first moments of a start, in which there is more important work. */
    private void turn() {
        rest();
        var asked = false;
        while (!stopping) {
            try {
                var result = retention.runIfDue(() -> stopping);
                if (!asked && (result == Retention.Result.NOT_DUE || result == Retention.Result.NOT_MINE)) {
                    // What an operator has to set right is told on the day of the start, not in the night after it.
                    comeback.ask();
                }
                asked = true;
            } catch (RuntimeException e) {
                // The rim: nothing that went wrong here may end the loop.
                journal.broke(e);
            }
            rest();
        }
    }

    private void rest() {
        try {
            if (!stopping && wake.tryAcquire(pollInterval.toMillis(), TimeUnit.MILLISECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException e) {
            stopping = true;
        }
    }

    @Override
    public synchronized void stop() {
        var running = thread;
        if (running == null) {
            return;
        }
        stopping = true;
        wake.release();
        try {
            running.join(LONGEST_CHUNK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread = null;
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }
}
