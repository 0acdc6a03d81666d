package dev.offramp.recovery;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a database that was restored from an older copy is met with.
 *
 * @param settleTime after a recovery no call is made for so long: what was sent before the newer database was lost shows
 *     by then; longer than a call's deadline and the longest settle time together
 * @param retry how long to wait before Kafka is asked again, when it does not answer, how far it was read
 */
@ConfigurationProperties("offramp.recovery")
public record RecoveryProperties(
        @DefaultValue("25m") Duration settleTime,
        @DefaultValue("1s") Duration retry) {

    public RecoveryProperties {
        if (!settleTime.isPositive() || !retry.isPositive()) {
            throw new IllegalArgumentException("offramp.recovery.settle-time and retry must be longer than nothing");
        }
    }
}
