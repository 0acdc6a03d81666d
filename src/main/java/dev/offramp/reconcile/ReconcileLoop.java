package dev.offramp.reconcile;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Looks now and then whether a day is to be compared. */
final class ReconcileLoop implements SmartLifecycle {

    /** A comparison that is not made by then is left: it is made anew after the next start. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Reconciler reconciler;
    private final ReconcileJournal journal;
    private final Duration every;
    private final Semaphore stop;
    private volatile boolean stopping;
    private @Nullable Thread thread;

    private ReconcileLoop(Reconciler reconciler, ReconcileJournal journal, Duration every, Semaphore stop) {
        this.reconciler = reconciler;
        this.journal = journal;
        this.every = every;
        this.stop = stop;
    }

    /** Makes the reconciler with a pause that the stop of the loop ends. */
    interface Making {
        Reconciler with(Predicate<Duration> pause);
    }

    static ReconcileLoop over(Making making, ReconcileJournal journal, Duration every) {
        var stop = new Semaphore(0);
        return new ReconcileLoop(making.with(wait -> !stopsWithin(stop, wait)), journal, every, stop);
    }

    private static boolean stopsWithin(Semaphore stop, Duration wait) {
        try {
            if (!stop.tryAcquire(Math.max(1, wait.toMillis()), TimeUnit.MILLISECONDS)) {
                return false;
            }
            // For whoever asks next.
            stop.release();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            stopping = false;
            stop.drainPermits();
            thread = Thread.ofVirtual().name("reconcile").start(this::turn);
        }
    }

    private void turn() {
        boolean failing = false;
        do {
            try {
                reconciler.look();
                failing = false;
            } catch (RuntimeException e) {
                // The rim: what is due stays due, and the next look begins anew.
                if (!stopping && !failing) {
                    journal.failed(e);
                }
                failing = true;
            }
        } while (!stopsWithin(stop, every));
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
            running.join(PATIENCE);
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
