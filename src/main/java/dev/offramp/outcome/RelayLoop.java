package dev.offramp.outcome;

import dev.offramp.ledger.WorkArrived;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.SmartLifecycle;

/** Turns the relay: when work is announced, and at the latest after the poll interval. */
final class RelayLoop implements SmartLifecycle, ApplicationListener<PayloadApplicationEvent<WorkArrived>> {

    /** Stopped after the listener containers and the batches, so that what they wrote last is still sent. */
    private static final int PHASE = Integer.MAX_VALUE - 300;

    private static final int LAST_ROUNDS = 20;

    private final Relay relay;
    private final RelayLease lease;
    private final RelayJournal journal;
    private final Duration pollInterval;
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean stopping;
    private @Nullable Thread thread;

    RelayLoop(Relay relay, RelayLease lease, RelayJournal journal, Duration pollInterval) {
        this.relay = relay;
        this.lease = lease;
        this.journal = journal;
        this.pollInterval = pollInterval;
    }

    @Override
    public void onApplicationEvent(PayloadApplicationEvent<WorkArrived> event) {
        wake.release();
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            stopping = false;
            thread = Thread.ofVirtual().name("relay").start(this::turn);
        }
    }

    private void turn() {
        while (!stopping) {
            if (round() != Relay.Round.GO_ON) {
                rest();
            }
        }
        for (var left = LAST_ROUNDS; left > 0 && round() == Relay.Round.GO_ON; left--) {
            // What was written while this was going on goes out, too.
        }
        giveBack();
    }

    private Relay.Round round() {
        try {
            return relay.publishOnce();
        } catch (RuntimeException e) {
            // The rim: whatever went wrong, the rows stand and the next round begins anew.
            journal.roundFailed(e);
            return Relay.Round.FAILED;
        }
    }

    private void rest() {
        try {
            if (wake.tryAcquire(pollInterval.toMillis(), TimeUnit.MILLISECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException e) {
            stopping = true;
        }
    }

    private void giveBack() {
        try {
            lease.giveBack();
        } catch (RuntimeException e) {
            // It runs out by itself.
            journal.roundFailed(e);
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
            running.join(Duration.ofSeconds(20));
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
