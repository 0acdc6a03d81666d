package dev.offramp.retention;

import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long what is over is kept; what is open is kept in any case.
 *
 * @param enabled whether anything is deleted at all
 * @param details how long after its end a request keeps its details (facts, images, calls and replies, earlier outcomes,
 *     who asked and why), and so long refused records keep their bytes and ended batches and loads their history
 * @param stubs how long after its end a request is recognised when it comes again; must be longer than the request topic
 *     keeps it and offramp.request.max-age together
 * @param topicRetention how long the request topic keeps a record; where the broker says more, that counts
 * @param uploads how long after its newest piece the rest of a file is waited for; then its parts are deleted
 * @param audit how long audit entries are kept; then whole sealed blocks go, and their hashes stay
 * @param at at what time of the day it is done
 * @param timeZone in which time zone that is meant
 * @param chunk how many requests, batches or records one transaction deletes
 * @param lease how long another node waits before it goes on for one that died
 * @param pollInterval how often a node looks whether it is due
 */
@ConfigurationProperties("offramp.retention")
public record RetentionProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("90d") Duration details,
        @DefaultValue("400d") Duration stubs,
        @DefaultValue("30d") Duration topicRetention,
        @DefaultValue("1d") Duration uploads,
        @DefaultValue("1095d") Duration audit,
        @DefaultValue("03:30") LocalTime at,
        @DefaultValue("UTC") ZoneId timeZone,
        @DefaultValue("200") int chunk,
        @DefaultValue("1m") Duration lease,
        @DefaultValue("1m") Duration pollInterval) {

    /** A sliding budget and a batch that a person restarts need what is younger. */
    private static final Duration SHORTEST = Duration.ofDays(2);

    public RetentionProperties {
        if (details.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(
                    "offramp.retention.details is %s; it must be at least 2d".formatted(written(details)));
        }
        if (stubs.compareTo(details) < 0) {
            throw new IllegalArgumentException(
                    "offramp.retention.stubs is %s and offramp.retention.details is %s; a stub must be kept at least as long as the details"
                            .formatted(written(stubs), written(details)));
        }
        if (topicRetention.isNegative() || !uploads.isPositive()) {
            throw new IllegalArgumentException(
                    "offramp.retention.topic-retention must not be negative, and uploads must be longer than nothing");
        }
        if (audit.compareTo(details) < 0) {
            throw new IllegalArgumentException(
                    "offramp.retention.audit is %s and offramp.retention.details is %s; who changed what must be known at least as long as the details"
                            .formatted(written(audit), written(details)));
        }
        if (chunk < 1 || chunk > 1_000) {
            throw new IllegalArgumentException(
                    "offramp.retention.chunk is %d; it must be from 1 to 1000".formatted(chunk));
        }
        if (lease.compareTo(Duration.ofSeconds(10)) < 0 || !pollInterval.isPositive()) {
            throw new IllegalArgumentException(
                    "offramp.retention.lease must be at least 10s, and poll-interval longer than nothing");
        }
    }

    /**
     * A record that the topic still has must be recognised, and one whose time says that it is that old is refused.
     *
     * @throws IllegalArgumentException when a request could come again after its stub was deleted
     */
    RetentionProperties fitting(Duration maxAge) {
        if (stubs.compareTo(topicRetention.plus(maxAge)) <= 0) {
            throw new IllegalArgumentException(
                    "offramp.retention.stubs is %s; it must be longer than offramp.retention.topic-retention (%s) and offramp.request.max-age (%s) together, or a request that the topic still has could be taken for a new one"
                            .formatted(written(stubs), written(topicRetention), written(maxAge)));
        }
        return this;
    }

    /** As a duration is written in the configuration. */
    static String written(Duration duration) {
        return duration.equals(Duration.ofDays(duration.toDays())) ? duration.toDays() + "d" : duration.toString();
    }
}
