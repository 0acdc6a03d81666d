package dev.offramp.batch;

import dev.offramp.offboarding.SuspendedNewCommerce;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How requests are bundled and worked on.
 *
 * @param maxRequests requests in one batch at most
 * @param maxRequestsPerItem requests of one customer in one item at most
 * @param chunkSize items per transaction
 * @param enabled whether this node works on batches at all
 * @param concurrency items that are worked on at the same time on this node
 * @param maxRunning batches that run at the same time on this node
 * @param pollInterval how often the dispatcher looks for work without being told, and for batches whose lease has run out;
 *     at most 3s
 * @param watchInterval how often brake and leases are looked after
 * @param lease how long a batch is ours without a sign of life
 * @param grace how long a shutdown waits for calls that are on the wire before it hands their batches back as they are;
 *     shortened to eight ninths of {@code spring.lifecycle.timeout-per-shutdown-phase} where that is less
 * @param restartAfter after how long a failed batch is restarted by itself, failure by failure; then a person must look
 * @param maxWait longest wait for the rate limit inside a run; what would wait longer is deferred
 * @param doubt how the effect of a call without a reply is looked for
 * @param confirm how an accepted change is looked for
 * @param suspendedNewCommerce whether suspended new-commerce subscriptions block an unlink: blocks or allowed
 * @param outage when Partner Center counts as unavailable
 */
@ConfigurationProperties("offramp.batch")
record BatchProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("500") int maxRequests,
        @DefaultValue("50") int maxRequestsPerItem,
        @DefaultValue("20") int chunkSize,
        @DefaultValue("8") int concurrency,
        @DefaultValue("4") int maxRunning,
        @DefaultValue("1s") Duration pollInterval,
        @DefaultValue("500ms") Duration watchInterval,
        @DefaultValue("10s") Duration lease,
        @DefaultValue("80s") Duration grace,
        @DefaultValue({"1m", "5m", "30m"}) List<Duration> restartAfter,
        @DefaultValue("30s") Duration maxWait,
        @DefaultValue Doubt doubt,
        @DefaultValue Confirm confirm,
        @DefaultValue("blocks") SuspendedNewCommerce suspendedNewCommerce,
        @DefaultValue Outage outage) {

    /** How soon after the end of a dead node's lease its work goes on; looking for it and taking it over have this long. */
    static final Duration GOES_ON_WITHIN = Duration.ofSeconds(5);

    /** What is left of it to take the batch, start its job and read its first target. */
    static final Duration TAKING_OVER = Duration.ofSeconds(2);

    private static final Duration LONGEST_POLL = GOES_ON_WITHIN.minus(TAKING_OVER);

    BatchProperties {
        atLeastOne(maxRequests, "max-requests");
        atLeastOne(maxRequestsPerItem, "max-requests-per-item");
        atLeastOne(chunkSize, "chunk-size");
        atLeastOne(concurrency, "concurrency");
        atLeastOne(maxRunning, "max-running");
        if (!pollInterval.isPositive() || pollInterval.compareTo(LONGEST_POLL) > 0) {
            throw new IllegalArgumentException(
                    "offramp.batch.poll-interval is %s; write a duration above zero and at most %ds, so that the work of a node that died goes on within %d s after the end of its lease."
                            .formatted(pollInterval, LONGEST_POLL.toSeconds(), GOES_ON_WITHIN.toSeconds()));
        }
        if (!watchInterval.isPositive()) {
            throw new IllegalArgumentException(
                    "offramp.batch.watch-interval is %s; write a duration above zero, e.g. 500ms."
                            .formatted(watchInterval));
        }
        if (lease.compareTo(watchInterval.multipliedBy(3)) < 0) {
            throw new IllegalArgumentException(
                    "offramp.batch.lease is %s; write at least three times offramp.batch.watch-interval (%s)."
                            .formatted(lease, watchInterval));
        }
    }

    /**
     * How the effect of a call without a reply is looked for.
     *
     * @param settleCancel how long after the call's deadline a cancel may still take effect unseen
     * @param settleUnlink the same for an unlink
     * @param settleOrder the same for a software order and for an Azure subscription under an Azure plan
     * @param firstLook how soon after the silence the first look is taken
     * @param betweenReads least time between two reads that count
     * @param longestPause longest time between two looks
     * @param giveUpAfter after how long a person must decide
     */
    record Doubt(
            @DefaultValue("2m") Duration settleCancel,
            @DefaultValue("5m") Duration settleUnlink,
            @DefaultValue("20m") Duration settleOrder,
            @DefaultValue("5s") Duration firstLook,
            @DefaultValue("15s") Duration betweenReads,
            @DefaultValue("10m") Duration longestPause,
            @DefaultValue("24h") Duration giveUpAfter) {}

    /**
     * How an accepted change is looked for.
     *
     * @param patience how long a run looks for a change that Partner Center accepted for later (202) before it is put off
     * @param firstLook how soon the first look is taken; each further one waits twice as long
     * @param longestPause longest time between two looks
     * @param giveUpAfter after how long a person must decide
     */
    record Confirm(
            @DefaultValue("8s") Duration patience,
            @DefaultValue("15s") Duration firstLook,
            @DefaultValue("10m") Duration longestPause,
            @DefaultValue("24h") Duration giveUpAfter) {}

    /**
     * When Partner Center counts as unavailable.
     *
     * @param calls how many of the newest reads are looked at
     * @param failureRate share of them, in percent, that must have failed
     * @param retryAfter how long nothing is started then
     */
    record Outage(
            @DefaultValue("10") int calls,
            @DefaultValue("80") int failureRate,
            @DefaultValue("15s") Duration retryAfter) {}

    /** The grace period, with time left to hand back before the shutdown goes on. */
    Duration graceWithin(Duration phase) {
        Duration most = phase.multipliedBy(8).dividedBy(9);
        return grace.compareTo(most) < 0 ? grace : most;
    }

    private static void atLeastOne(int value, String key) {
        if (value < 1) {
            throw new IllegalArgumentException("offramp.batch.%s is %d; write 1 or more.".formatted(key, value));
        }
    }
}
