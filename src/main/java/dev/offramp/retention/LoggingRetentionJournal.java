package dev.offramp.retention;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Writes retention's journal to the log, and counts. */
final class LoggingRetentionJournal implements RetentionJournal {

    private static final Logger log = LoggerFactory.getLogger(LoggingRetentionJournal.class);

    /** The log tells of progress whenever so many more are gone. */
    private static final int STRIDE = 10_000;

    private final Optional<MeterRegistry> metrics;

    LoggingRetentionJournal(Optional<MeterRegistry> metrics) {
        this.metrics = metrics;
    }

    @Override
    public void began(RetentionProperties properties) {
        log.info(
                "Retention begins: details of what ended more than {} days ago are deleted, stubs after {} days.",
                properties.details().toDays(),
                properties.stubs().toDays());
    }

    @Override
    public void removed(String what, int count, long inAll) {
        metrics.ifPresent(registry ->
                registry.counter("offramp.retention.removed", "what", what).increment(count));
        if (inAll / STRIDE > (inAll - count) / STRIDE) {
            log.info("Retention: {} {} so far.", inAll, what);
        }
    }

    @Override
    public void failed(String what, DataAccessException cause) {
        log.warn(
                "Retention could not delete {} to the end ({}): the rest stays until tomorrow. An operator must look if it says so every day.",
                what,
                cause.getMostSpecificCause().toString());
    }

    @Override
    public void ended(long removed) {
        log.info("Retention is done: {} rows or records were deleted or emptied.", removed);
    }

    @Override
    public void broke(RuntimeException cause) {
        log.warn(
                "Retention stopped in the middle ({}): it goes on in a minute or so. An operator must look if the database is up.",
                cause.toString());
    }
}
