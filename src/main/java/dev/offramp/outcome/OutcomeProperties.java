package dev.offramp.outcome;

import dev.offramp.ledger.Outcomes;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How outcomes are told.
 *
 * @param pollInterval how long at most an outcome that nobody announced waits in the ledger before it is looked for
 * @param source CloudEvents source of all outcomes: names this installation
 * @param lease how long another node waits before it takes over from one that has died
 * @param shards into how many parts, from 1 to 256, the customers are divided, so that several nodes publish; nodes that
 *     say another number wait until those that publish now have ended
 * @param page how many outcomes are read at a time
 */
@ConfigurationProperties("offramp.outcome")
public record OutcomeProperties(
        @DefaultValue("500ms") Duration pollInterval,
        @DefaultValue("/offramp") String source,
        @DefaultValue("10s") Duration lease,
        @DefaultValue("16") int shards,
        @DefaultValue("500") int page) {

    public OutcomeProperties {
        if (!pollInterval.isPositive() || page < 1) {
            throw new IllegalArgumentException(
                    "offramp.outcome.poll-interval must be longer than nothing and page at least 1");
        }
        // A send is given up before the lease ends; below this no broker could answer in time.
        if (lease.compareTo(Duration.ofSeconds(2)) < 0) {
            throw new IllegalArgumentException("offramp.outcome.lease is %s; it must be at least 2s".formatted(lease));
        }
        if (shards < 1 || shards > Outcomes.Shards.MOST) {
            throw new IllegalArgumentException(
                    "offramp.outcome.shards is %d; it must be from 1 to %d".formatted(shards, Outcomes.Shards.MOST));
        }
        if (source.isBlank()) {
            throw new IllegalArgumentException("offramp.outcome.source is empty; name this installation");
        }
    }
}
