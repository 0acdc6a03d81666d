package dev.offramp.retention;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Writes retention's journal to the log, and counts. */
final class LoggingRetentionJournal implements RetentionJournal {

    private static final Logger log = LoggerFactory.getLogger(LoggingRetentionJournal.class);

    /** The log tells of progress whenever so many more are gone. */
    private static final int STRIDE = 10_000;

    private final String topic;
    private final Optional<MeterRegistry> metrics;

    LoggingRetentionJournal(String topic, Optional<MeterRegistry> metrics) {
        this.topic = topic;
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
    public void topicKeepsLonger(Duration kept, RetentionProperties properties, Duration maxAge) {
        log.warn(
                "The broker keeps records of {} for up to {} (retention.ms and segment.ms), longer than offramp.retention.topic-retention ({}) and offramp.retention.stubs ({}) are made for: stubs of its requests are kept until their records are gone. An operator sets stubs to more than {} or shortens the topic's retention.",
                topic,
                RetentionProperties.written(kept),
                RetentionProperties.written(properties.topicRetention()),
                RetentionProperties.written(properties.stubs()),
                RetentionProperties.written(kept.plus(maxAge)));
    }

    @Override
    public void topicKeepsForEver(String because) {
        log.warn(
                "The broker keeps records of {} for ever ({}): stubs of its requests are never deleted, as each could be read again. An operator gives the topic a retention, or accepts that the ledger grows.",
                topic,
                because);
    }

    @Override
    public void mayNotAskForTheTopic(String words, Duration believed) {
        log.warn(
                "The broker does not let this service ask how long {} keeps its records ({}): offramp.retention.topic-retention ({}) is believed. An operator allows DESCRIBE_CONFIGS on the topic, or sees to it that this is true.",
                topic,
                words,
                RetentionProperties.written(believed));
    }

    @Override
    public void topicIsSilent(String words) {
        // That Kafka is away is told by whoever waits for it.
        log.info(
                "The broker does not say how long {} keeps its records ({}): stubs of its requests stay until it does.",
                topic,
                words);
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
