package dev.offramp.request;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How requests are read from Kafka.
 *
 * @param enabled whether this node reads the request topic
 * @param group the consumer group; all nodes of an installation share it
 * @param concurrency how many consumers this node has
 * @param maxOpen intake pauses when this many requests are open, and goes on below nine tenths of it
 * @param checkInterval how often the open requests are counted
 * @param followInterval how often a node looks whether a person wants intake paused
 * @param acceptOlderLedger whether intake goes on although the database is empty or older than what the group has read
 * @param retryFirst after a failed poll: the first wait; each further one is twice as long
 * @param retryMost after a failed poll: the longest wait; it is repeated until the poll stands in the ledger
 */
@ConfigurationProperties("offramp.intake")
public record IntakeProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("offramp") String group,
        @DefaultValue("1") int concurrency,
        @DefaultValue("1000000") long maxOpen,
        @DefaultValue("5s") Duration checkInterval,
        @DefaultValue("1s") Duration followInterval,
        @DefaultValue("false") boolean acceptOlderLedger,
        @DefaultValue("500ms") Duration retryFirst,
        @DefaultValue("30s") Duration retryMost) {

    public IntakeProperties {
        if (concurrency < 1 || maxOpen < 1) {
            throw new IllegalArgumentException(
                    "offramp.intake.concurrency is %d and max-open %d; both must be at least 1"
                            .formatted(concurrency, maxOpen));
        }
        if (!checkInterval.isPositive()
                || !followInterval.isPositive()
                || !retryFirst.isPositive()
                || retryMost.compareTo(retryFirst) < 0) {
            throw new IllegalArgumentException(
                    "offramp.intake.check-interval, follow-interval and retry-first must be longer than nothing, retry-most not shorter than retry-first");
        }
    }
}
