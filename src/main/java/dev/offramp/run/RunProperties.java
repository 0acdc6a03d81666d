package dev.offramp.run;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How files are loaded.
 *
 * @param enabled whether this node loads files
 * @param chunkSize lines per transaction
 * @param maxFileSize the longest file that is taken
 * @param pollInterval how often a node looks for files to load without being told
 * @param lease how long a file is loaded by one node without a sign of life
 * @param restartAfter after how long a load that failed is tried again, failure by failure; then it counts as failed
 */
@ConfigurationProperties("offramp.runs")
record RunProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("1000") int chunkSize,
        @DefaultValue("1GB") DataSize maxFileSize,
        @DefaultValue("1s") Duration pollInterval,
        @DefaultValue("10s") Duration lease,
        @DefaultValue({"1s", "10s", "1m"}) List<Duration> restartAfter) {

    RunProperties {
        if (chunkSize < 1 || chunkSize > 10_000) {
            throw new IllegalArgumentException("offramp.runs.chunk-size is %d; write 1 to 10000.".formatted(chunkSize));
        }
        if (!pollInterval.isPositive()) {
            throw new IllegalArgumentException(
                    "offramp.runs.poll-interval is %s; write a duration above zero, e.g. 1s.".formatted(pollInterval));
        }
        if (lease.toMillis() < 3000) {
            throw new IllegalArgumentException("offramp.runs.lease is %s; write at least 3s.".formatted(lease));
        }
        restartAfter = List.copyOf(restartAfter);
    }
}
