package dev.offramp.partnercenter.pace;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Looks for holds that other nodes were asked for, several times a second. */
final class HoldWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HoldWatch.class);
    private static final int TIDY_EVERY = 2_000;

    private final ReservedPace pace;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("hold-watch").factory());
    private int looks;
    private boolean blind;

    HoldWatch(ReservedPace pace, Duration every) {
        this.pace = pace;
        thread.scheduleWithFixedDelay(this::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            pace.look();
            if (++looks % TIDY_EVERY == 0) {
                pace.tidy();
            }
            blind = false;
        } catch (DataAccessException e) {
            if (!blind) {
                log.warn("Holds of other nodes cannot be seen; it is tried again: {}", e.getMessage());
            }
            blind = true;
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
