package dev.offramp.audit;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Turns the sealer now and then, and once more at the end. */
final class SealerLoop implements SmartLifecycle {

    /** Stopped after everything that writes audit entries. */
    private static final int PHASE = Integer.MAX_VALUE - 400;

    private static final Duration LONGEST_ROUND = Duration.ofSeconds(20);

    private final Sealer sealer;
    private final AuditJournal journal;
    private final Duration pollInterval;
    private final Semaphore stop = new Semaphore(0);
    private volatile boolean stopping;
    private @Nullable Thread thread;

    SealerLoop(Sealer sealer, AuditJournal journal, Duration pollInterval) {
        this.sealer = sealer;
        this.journal = journal;
        this.pollInterval = pollInterval;
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            stopping = false;
            stop.drainPermits();
            thread = Thread.ofVirtual().name("audit-sealer").start(this::turn);
        }
    }

    private void turn() {
        while (!stopping) {
            guarded(sealer::round);
            rest();
        }
        guarded(sealer::round);
        guarded(sealer::end);
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // The rim: the entries stand, and the next round begins anew.
            journal.roundFailed(e);
        }
    }

    private void rest() {
        try {
            if (stop.tryAcquire(pollInterval.toMillis(), TimeUnit.MILLISECONDS)) {
                stopping = true;
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
        stop.release();
        try {
            running.join(LONGEST_ROUND);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread = null;
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
