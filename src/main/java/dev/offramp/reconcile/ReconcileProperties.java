package dev.offramp.reconcile;

import java.time.Duration;
import java.time.LocalTime;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The comparison of Partner Center's audit records with the ledger.
 *
 * @param daily whether the day before is compared every day, in live mode; a person can always ask for a day
 * @param at when that is done, in UTC
 * @param tolerance how far the times of a call and of its record may be apart
 * @param lateAfter how long after the end of a day an effect without a record counts as missing; until then the record is
 *     only late, and the day is compared again
 * @param giveUpAfter how long one that cannot be made is tried again
 * @param lease how long another node waits before it goes on for one that died
 * @param pollInterval how often a node looks whether one is to be made
 */
@ConfigurationProperties("offramp.reconcile")
record ReconcileProperties(
        @DefaultValue("true") boolean daily,
        @DefaultValue("05:00") LocalTime at,
        @DefaultValue("2h") Duration tolerance,
        @DefaultValue("24h") Duration lateAfter,
        @DefaultValue("12h") Duration giveUpAfter,
        @DefaultValue("1m") Duration lease,
        @DefaultValue("2s") Duration pollInterval) {

    ReconcileProperties {
        if (tolerance.isNegative() || tolerance.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(
                    "offramp.reconcile.tolerance is %s; it must be from 0s to 24h".formatted(tolerance));
        }
        if (lateAfter.isNegative() || giveUpAfter.isNegative()) {
            throw new IllegalArgumentException("offramp.reconcile.late-after and give-up-after must not be negative");
        }
        if (lease.compareTo(Duration.ofSeconds(10)) < 0 || !pollInterval.isPositive()) {
            throw new IllegalArgumentException(
                    "offramp.reconcile.lease must be at least 10s, and poll-interval longer than nothing");
        }
    }
}
