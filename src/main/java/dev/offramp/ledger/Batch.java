package dev.offramp.ledger;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The requests that one job execution carries.
 *
 * @param number short, for people: {@code B-1843}
 * @param job whose requests it carries
 * @param label a sentence's worth: sources, customers, time
 * @param stopAsked what a person who wants it stopped says; null when nobody does
 * @param executionId Spring Batch's newest job execution for it
 * @param failures how often an execution of it ended FAILED
 * @param restartAt when the dispatcher restarts it by itself; null when it does not
 */
public record Batch(
        long number,
        String job,
        String label,
        State state,
        Instant createdAt,
        @Nullable Instant endedAt,
        @Nullable String owner,
        long leaseNumber,
        @Nullable Instant leaseUntil,
        @Nullable StopReason stopReason,
        @Nullable String stopDetail,
        int failures,
        @Nullable Instant restartAt,
        @Nullable String stopAsked,
        @Nullable Long executionId,
        int requests,
        int customers,
        @Nullable String summary) {

    /** {@code B-1843}. */
    public String name() {
        return "B-" + number;
    }

    /** How a batch stands. */
    public enum State {
        RUNNING,
        STOPPED,
        FAILED,
        COMPLETED,
        /** A person gave it up: what was unfinished went back to the dispatcher. */
        ABANDONED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static State named(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /** Why a batch was stopped before its end. */
    public enum StopReason {
        BRAKE,
        OBSERVE_MODE,
        OUTAGE,
        SIGN_IN,
        PERMISSION,
        DRAIN,
        LEASE_LOST,
        OPERATOR;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static StopReason named(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }
}
