package dev.offramp.safety;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Looks now and then for what guards hold and need not hold any more; ends between two chunks. */
final class GuardLoop implements SmartLifecycle {

    private static final Duration LONGEST_CHUNK = Duration.ofSeconds(20);

    private final List<Round> rounds;
    private final Journal journal;
    private final Duration pollInterval;
    private final Semaphore stop = new Semaphore(0);
    private volatile boolean stopping;
    private @Nullable Thread thread;

    GuardLoop(List<Round> rounds, Journal journal, Duration pollInterval) {
        this.rounds = List.copyOf(rounds);
        this.journal = journal;
        this.pollInterval = pollInterval;
    }

    /** One thing to look after; several nodes may do it at once. */
    interface Round {

        /** @param stopping whether to end after the chunk at hand */
        void look(BooleanSupplier stopping);
    }

    /** Told to the world beside the ledger. */
    interface Journal {

        void failed(RuntimeException cause);
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            stopping = false;
            stop.drainPermits();
            thread = Thread.ofVirtual().name("guards").start(this::turn);
        }
    }

    /** Not in the first moments of a start, in which there is more important work. */
    private void turn() {
        rest();
        while (!stopping) {
            for (Round round : rounds) {
                guarded(round);
            }
            rest();
        }
    }

    private void guarded(Round round) {
        try {
            round.look(() -> stopping);
        } catch (RuntimeException e) {
            // The rim: what was held stays held, and the next round begins anew.
            journal.failed(e);
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
