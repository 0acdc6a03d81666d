package dev.offramp.batch;

import dev.offramp.ledger.Batches;
import dev.offramp.ledger.WorkArrived;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;

/**
 * Turns dispatcher and watch while the service runs. At shutdown no batch is interrupted: the runs are told, settle what
 * is on the wire, end STOPPED, and any node may go on with them at once. What is on the wire for longer than the grace
 * period is handed back as it is: whoever takes it finds a try without a reply and looks what became of it.
 */
class DispatcherLifecycle implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(DispatcherLifecycle.class);
    private static final Duration DRAIN_POLL = Duration.ofMillis(20);

    private final Dispatcher dispatcher;
    private final Watch watch;
    private final Runs runs;
    private final Batches batches;
    private final HandingOver handingOver;
    private final InstantSource clock;
    private final Times times;
    private final boolean aloneWithTheDatabase;
    private final BooleanSupplier mayWork;
    private final Semaphore work = new Semaphore(0);
    private final Semaphore nothing = new Semaphore(0);
    /** Held during a look, so that the shutdown sees every batch that was still claimed. */
    private final ReentrantLock looking = new ReentrantLock();

    private volatile boolean running;

    /** @param mayWork whether work may be taken up on this node */
    DispatcherLifecycle(
            Dispatcher dispatcher,
            Watch watch,
            Runs runs,
            Batches batches,
            HandingOver handingOver,
            InstantSource clock,
            Times times,
            boolean aloneWithTheDatabase,
            BooleanSupplier mayWork) {
        this.dispatcher = dispatcher;
        this.watch = watch;
        this.runs = runs;
        this.batches = batches;
        this.handingOver = handingOver;
        this.clock = clock;
        this.times = times;
        this.aloneWithTheDatabase = aloneWithTheDatabase;
        this.mayWork = mayWork;
    }

    /**
     * How often it looks, and how long it waits at the end.
     *
     * @param grace how long a shutdown waits for what is on the wire
     */
    record Times(Duration poll, Duration watch, Duration grace) {}

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
            if (mayWork.getAsBoolean()) {
                dispatcher.look();
            }
        } finally {
            looking.unlock();
        }
    }

    private void loop(Semaphore wake, Duration every, Runnable look) {
        while (running || dispatcher.running() > 0) {
            try {
                look.run();
            } catch (RuntimeException e) { // The rim of the loop: a database that is away must not end it.
                LOG.warn(
                        "Could not look after the batches ({}); looking again in {} ms.",
                        e.getMessage(),
                        every.toMillis());
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
            for (Duration waited = Duration.ZERO;
                    dispatcher.running() > 0 && waited.compareTo(times.grace()) < 0;
                    waited = waited.plus(DRAIN_POLL)) {
                pause(nothing, DRAIN_POLL);
            }
            handBack();
            done.run();
        });
    }

    /** The lease ends here: the gate lets no call of these batches pass any more, and any node may take them at once. */
    private void handBack() {
        for (Run run : runs.all()) {
            try {
                if (handingOver.handOver(run.fence(), "The node shut down.")) {
                    LOG.warn(
                            "B-{} had a call on the wire when the grace period of {} was over; it is handed back, and whoever takes it reads what became of the call.",
                            run.fence().batch(),
                            times.grace());
                }
            } catch (
                    RuntimeException e) { // The rim of the shutdown: without the database the lease runs out by itself.
                LOG.warn(
                        "B-{} could not be handed back ({}); its lease runs out.",
                        run.fence().batch(),
                        e.getMessage());
            }
        }
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
