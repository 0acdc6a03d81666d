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
import org.springframework.transaction.TransactionException;

/** Lets the {@link Backlog} look at regular intervals while the service runs. */
final class BacklogWatch implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(BacklogWatch.class);

    private final Backlog backlog;
    private final Duration interval;
    private @Nullable ScheduledExecutorService thread;

    BacklogWatch(Backlog backlog, Duration interval) {
        this.backlog = backlog;
        this.interval = interval;
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            thread = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("backlog-watch").factory());
            var unused = thread.scheduleWithFixedDelay(this::look, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        try {
            backlog.look();
        } catch (DataAccessException | TransactionException e) {
            log.warn("Cannot count the open requests ({}): the next look comes in {}.", e.getMessage(), interval);
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
}
