package dev.offramp.request;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;
import org.springframework.transaction.TransactionException;

/** Looks at regular intervals whether intake is to pause: for the first time before the first record is read. */
final class IntakeWatch implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(IntakeWatch.class);

    private final String name;
    private final Runnable look;
    private final Duration interval;
    private @Nullable ScheduledExecutorService thread;

    IntakeWatch(String name, Runnable look, Duration interval) {
        this.name = name;
        this.look = look;
        this.interval = interval;
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            look();
            thread = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name(name).factory());
            var unused = thread.scheduleWithFixedDelay(
                    this::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        try {
            look.run();
        } catch (DataAccessException | TransactionException e) {
            log.warn(
                    "Cannot see whether intake is to pause ({}): the next look comes in {}.", e.getMessage(), interval);
        }
    }

    @Override
    public synchronized void stop() {
        if (thread != null) {
            // Not shutdownNow: an interrupt inside the database's file access can close the database.
            thread.shutdown();
            thread = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    /** Before the container that reads. */
    @Override
    public int getPhase() {
        return AbstractMessageListenerContainer.DEFAULT_PHASE - 1;
    }
}
