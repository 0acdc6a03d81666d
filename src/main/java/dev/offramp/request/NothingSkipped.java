package dev.offramp.request;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.RetryListener;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * What the container does with a poll that could not be taken: it pauses, waits and gives the same poll again, without
 * end.
 *
 * <p>Spring Kafka's own default gives up after ten tries, writes a log line and goes on with the next poll; a database
 * that is away for a second would lose requests.
 */
final class NothingSkipped {

    private static final Logger log = LoggerFactory.getLogger(NothingSkipped.class);

    private NothingSkipped() {}

    static DefaultErrorHandler errorHandler(Duration first, Duration most) {
        var backOff = new ExponentialBackOff(first.toMillis(), 2.0);
        backOff.setMaxInterval(most.toMillis());
        backOff.setMaxElapsedTime(Long.MAX_VALUE);
        backOff.setMaxAttempts(Long.MAX_VALUE);
        var handler = new DefaultErrorHandler(
                (record, e) -> {
                    throw new KafkaException(
                            "Giving up is not allowed: %s is taken again".formatted(record.topic()), e);
                },
                backOff);
        // Every exception is worth another try, also those that Spring Kafka calls fatal.
        handler.setClassifications(Map.of(), true);
        handler.setRetryListeners(new Telling());
        return handler;
    }

    /** Says what is going on at each failed try. */
    private static final class Telling implements RetryListener {

        @Override
        public void failedDelivery(ConsumerRecord<?, ?> record, @Nullable Exception e, int attempt) {
            tell(1, record, e, attempt);
        }

        @Override
        public void failedDelivery(ConsumerRecords<?, ?> poll, @Nullable Exception e, int attempt) {
            tell(poll.count(), poll.iterator().next(), e, attempt);
        }

        private static void tell(int records, ConsumerRecord<?, ?> first, @Nullable Exception e, int attempt) {
            log.error(
                    "{} records from {}-{}@{} on cannot be taken into the ledger (try {}: {}): intake is paused and takes them again, nothing is skipped. An operator must look if the database is up.",
                    records,
                    first.topic(),
                    first.partition(),
                    first.offset(),
                    attempt,
                    e == null
                            ? "?"
                            : NestedExceptionUtils.getMostSpecificCause(e).toString(),
                    // The whole story once; then only what it is about.
                    attempt == 1 ? e : null);
        }
    }
}
