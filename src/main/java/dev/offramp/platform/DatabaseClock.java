package dev.offramp.platform;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database's clock, by which all deciding times are told, plus an offset that is zero in production and that tests
 * turn by hand.
 *
 * <p>It asks the database about once a second and runs on with the monotonic clock in between, also while the database
 * is away. Times are whole microseconds, as both databases keep them.
 */
public final class DatabaseClock implements InstantSource, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseClock.class);

    private final Supplier<Instant> database;
    private final LongSupplier nanoTime;
    private @Nullable ScheduledExecutorService ticker;
    private volatile Anchor anchor;
    private volatile Duration offset = Duration.ZERO;
    private boolean away;

    /** Asks the database once, so that the clock is right from the first question on. */
    DatabaseClock(Supplier<Instant> database, LongSupplier nanoTime) {
        this.database = database;
        this.nanoTime = nanoTime;
        this.anchor = ask().anchor();
    }

    /** Asks the database again after each such time, until it is closed. */
    DatabaseClock askingEvery(Duration pause) {
        var executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("offramp-clock").factory());
        executor.scheduleWithFixedDelay(this::adjust, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
        ticker = executor;
        return this;
    }

    @Override
    public Instant instant() {
        return anchor.at(nanoTime.getAsLong()).plus(offset).truncatedTo(ChronoUnit.MICROS);
    }

    /** Turns the hand forward (or back): for tests only. */
    public void turn(Duration by) {
        offset = offset.plus(by);
    }

    /** Sets the clock by the database; while the database does not answer, it runs on as it is. */
    void adjust() {
        try {
            Answer answer = ask();
            Duration difference = Duration.between(
                    anchor.at(answer.anchor().nanos()), answer.anchor().time());
            // A difference below the time that the question took tells nothing; ignoring it keeps the clock from
            // jittering.
            if (difference.abs().compareTo(answer.took()) > 0) {
                anchor = answer.anchor();
            }
            if (away) {
                away = false;
                LOG.info("The database's clock is read again.");
            }
        } catch (RuntimeException e) {
            // A periodic task that throws is never run again.
            if (!away) {
                away = true;
                LOG.warn(
                        "The database's clock cannot be read ({}). Time runs on by this machine's monotonic clock until it can.",
                        e.getMessage());
            }
        }
    }

    /** Stops asking; never by an interrupt, which H2 does not take well inside its file access. */
    @Override
    public void close() {
        if (ticker != null) {
            ticker.shutdown();
        }
    }

    private Answer ask() {
        long before = nanoTime.getAsLong();
        Instant time = database.get();
        long after = nanoTime.getAsLong();
        return new Answer(new Anchor(time, before + (after - before) / 2), Duration.ofNanos(after - before));
    }

    /** What the database's clock said at a reading of the monotonic clock. */
    private record Anchor(Instant time, long nanos) {

        Instant at(long now) {
            return time.plusNanos(now - nanos);
        }
    }

    /** An anchor, and how long it took to get it. */
    private record Answer(Anchor anchor, Duration took) {}
}
