package dev.offramp.batch;

import dev.offramp.ledger.Batches;
import dev.offramp.ledger.WorkArrived;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;

/**
 * Turns dispatcher and watch while the service runs. At shutdown no batch is interrupted: the runs are told, settle what
 * is on the wire, end STOPPED, and any node may go on with them at once.
 */
class DispatcherLifecycle implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(DispatcherLifecycle.class);
    private static final Duration DRAIN_POLL = Duration.ofMillis(20);

    private final Dispatcher dispatcher;
    private final Watch watch;
    private final Runs runs;
    private final Batches batches;
    private final InstantSource clock;
    private final Times times;
    private final boolean aloneWithTheDatabase;
    private final Semaphore work = new Semaphore(0);
    private final Semaphore nothing = new Semaphore(0);
    /** Held during a look, so that the shutdown sees every batch that was still claimed. */
    private final ReentrantLock looking = new ReentrantLock();

    private volatile boolean running;

    DispatcherLifecycle(
            Dispatcher dispatcher,
            Watch watch,
            Runs runs,
            Batches batches,
            InstantSource clock,
            Times times,
            boolean aloneWithTheDatabase) {
        this.dispatcher = dispatcher;
        this.watch = watch;
        this.runs = runs;
        this.batches = batches;
        this.clock = clock;
        this.times = times;
        this.aloneWithTheDatabase = aloneWithTheDatabase;
    }

    /** How often it looks. */
    record Times(Duration poll, Duration watch) {}

    @EventListener
    void onWork(WorkArrived arrived) {
        work.release();
    }

    @Override
    public void start() {
        if (aloneWithTheDatabase) {
            int left = batches.expireLeases(clock.instant());
            if (left > 0) {
                LOG.info("Running batches that a predecessor left: {}. They are recovered and restarted now.", left);
            }
        }
        running = true;
        Thread.ofPlatform().name("dispatcher").daemon(true).start(() -> loop(work, times.poll(), this::look));
        Thread.ofPlatform().name("watch").daemon(true).start(() -> loop(nothing, times.watch(), watch::look));
    }

    private void look() {
        looking.lock();
        try {
            dispatcher.look();
        } finally {
            looking.unlock();
        }
    }

    private void loop(Semaphore wake, Duration every, Runnable look) {
        while (running || dispatcher.running() > 0) {
            try {
                look.run();
            } catch (RuntimeException e) { // The rim of the loop: a database that is away must not end it.
                LOG.warn("Could not look after the batches ({}); looking again in {}.", e.getMessage(), every);
            }
            pause(wake, every);
        }
    }

    private void pause(Semaphore wake, Duration atMost) {
        try {
            if (wake.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException e) {
            // Nobody of ours interrupts. The flag stays cleared: it would close H2's files under the next statement.
            LOG.warn(
                    "The {} thread was interrupted; it goes on.",
                    Thread.currentThread().getName());
        }
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable done) {
        runs.drain();
        running = false;
        work.release();
        Thread.ofPlatform().name("drain").daemon(true).start(() -> {
            looking.lock();
            looking.unlock();
            while (dispatcher.running() > 0) {
                pause(nothing, DRAIN_POLL);
            }
            done.run();
        });
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After the Kafka containers have stopped, before everything else; the data source closes later. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 200;
    }
}
