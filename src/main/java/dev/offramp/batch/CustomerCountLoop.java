package dev.offramp.batch;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Looks now and then whether the partner's customers are to be counted. */
final class CustomerCountLoop implements SmartLifecycle {

    private static final Duration PAUSE = Duration.ofMinutes(10);

    /** A count that is not finished by then is given up: nothing is lost with it. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final CustomerCount count;
    private final CountJournal journal;
    private final Semaphore stop;
    private volatile boolean stopping;
    private @Nullable Thread thread;

    private CustomerCountLoop(CustomerCount count, CountJournal journal, Semaphore stop) {
        this.count = count;
        this.journal = journal;
        this.stop = stop;
    }

    /** Makes the count with a pause that the stop of the loop ends. */
    interface Counting {
        CustomerCount with(Predicate<Duration> pause);
    }

    static CustomerCountLoop over(Counting counting, CountJournal journal) {
        var stop = new Semaphore(0);
        return new CustomerCountLoop(counting.with(wait -> !stopsWithin(stop, wait)), journal, stop);
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
            thread = Thread.ofVirtual().name("customer-count").start(this::turn);
        }
    }

    private void turn() {
        do {
            try {
                count.look();
            } catch (RuntimeException e) {
                // The rim: the last count stands, and the next look begins anew.
                if (!stopping) {
                    journal.failed(e);
                }
            }
        } while (!stopsWithin(stop, PAUSE));
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
