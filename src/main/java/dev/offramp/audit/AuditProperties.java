package dev.offramp.audit;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the audit trail is sealed.
 *
 * @param pollInterval how often the node that seals looks for entries; at most 4s, as an entry is to be sealed within 5
 *     seconds
 * @param block how many entries a block has at most
 * @param lease how long another node waits before it seals for one that died
 */
@ConfigurationProperties("offramp.audit")
record AuditProperties(
        @DefaultValue("1s") Duration pollInterval,
        @DefaultValue("500") int block,
        @DefaultValue("10s") Duration lease) {

    private static final Duration LONGEST = Duration.ofSeconds(4);

    AuditProperties {
        if (!pollInterval.isPositive() || pollInterval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "offramp.audit.poll-interval is %s; write a duration above zero and up to 4s, as an entry is sealed within 5 seconds."
                            .formatted(pollInterval));
        }
        if (block < 1 || block > 10_000) {
            throw new IllegalArgumentException(
                    "offramp.audit.block is %d; write a number from 1 to 10000.".formatted(block));
        }
        if (lease.compareTo(pollInterval.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException(
                    "offramp.audit.lease is %s; it must be at least twice offramp.audit.poll-interval."
                            .formatted(lease));
        }
    }
}
