package dev.offramp.batch;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Looks now and then for a plan that is to be made; ends between two reads. */
final class PlanMakingLoop implements SmartLifecycle {

    private static final Duration LONGEST_READ = Duration.ofSeconds(20);

    private final PlanMaking making;
    private final BatchJournal journal;
    private final Duration pollInterval;
    private final Semaphore stop = new Semaphore(0);
    private volatile boolean stopping;
    private @Nullable Thread thread;

    PlanMakingLoop(PlanMaking making, BatchJournal journal, Duration pollInterval) {
        this.making = making;
        this.journal = journal;
        this.pollInterval = pollInterval;
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            stopping = false;
            stop.drainPermits();
            thread = Thread.ofVirtual().name("plan-making").start(this::turn);
        }
    }

    /** Not in the first moments of a start, in which there is more important work. */
    private void turn() {
        pause(pollInterval);
        while (!stopping) {
            guarded(() -> making.round(this::pause));
            pause(pollInterval);
        }
        guarded(making::giveBack);
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // The rim: what was not judged is judged in the next round.
            journal.planMakingFailed(e);
        }
    }

    /** @return false when it is to stop */
    private boolean pause(Duration time) {
        try {
            if (stop.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS)) {
                stopping = true;
            }
        } catch (InterruptedException e) {
            stopping = true;
        }
        return !stopping;
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
            running.join(LONGEST_READ);
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
