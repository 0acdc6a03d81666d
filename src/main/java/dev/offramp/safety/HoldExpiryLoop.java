package dev.offramp.safety;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Looks now and then for held requests that have expired, and for last chances that are near; ends between two chunks. */
final class HoldExpiryLoop implements SmartLifecycle {

    private static final Duration LONGEST_CHUNK = Duration.ofSeconds(20);

    private final HoldExpiry expiry;
    private final HoldExpiry.HoldJournal journal;
    private final LastChanceAlerts alerts;
    private final LastChanceAlerts.ChanceJournal chanceJournal;
    private final Duration pollInterval;
    private final Semaphore stop = new Semaphore(0);
    private volatile boolean stopping;
    private @Nullable Thread thread;

    HoldExpiryLoop(
            HoldExpiry expiry,
            HoldExpiry.HoldJournal journal,
            LastChanceAlerts alerts,
            LastChanceAlerts.ChanceJournal chanceJournal,
            Duration pollInterval) {
        this.expiry = expiry;
        this.journal = journal;
        this.alerts = alerts;
        this.chanceJournal = chanceJournal;
        this.pollInterval = pollInterval;
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            stopping = false;
            stop.drainPermits();
            thread = Thread.ofVirtual().name("hold-expiry").start(this::turn);
        }
    }

    /** Not in the first moments of a start, in which there is more important work. */
    private void turn() {
        rest();
        while (!stopping) {
            guarded(() -> expiry.round(() -> stopping), journal::failed);
            guarded(alerts::round, chanceJournal::alertsFailed);
            rest();
        }
        guarded(expiry::end, journal::failed);
        guarded(alerts::end, chanceJournal::alertsFailed);
    }

    private static void guarded(Runnable task, Consumer<RuntimeException> failed) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // The rim: what was held stays held, and the next round begins anew.
            failed.accept(e);
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
