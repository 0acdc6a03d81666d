package dev.offramp.safety;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a set of requests would do, read and judged, with nothing done.
 *
 * @param state as it stands in the table; {@link #stateAt} knows of the time
 * @param about which requests were meant, in words
 * @param requests how many they are
 * @param judged how many of them are read and judged
 * @param hash SHA-256 over its content; null until it is made
 */
public record Plan(
        long number,
        State state,
        String about,
        int requests,
        int judged,
        String madeBy,
        String cause,
        Instant askedAt,
        @Nullable Instant madeAt,
        @Nullable Instant expiresAt,
        @Nullable String hash) {

    /** How it stands. */
    public enum State {
        /** Its targets are being read. */
        MAKING,
        MADE,
        DISCARDED,
        /** Too old to go by. */
        EXPIRED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public State stateAt(Instant now) {
        return state == State.MADE && expiresAt != null && !now.isBefore(expiresAt) ? State.EXPIRED : state;
    }

    /**
     * One request of a plan.
     *
     * @param version of the request as it stood when the plan was asked for
     * @param judged null until its target was read
     * @param heldBackBy the guard that would hold it, with its sentence; null when none would
     */
    public record Item(
            long request,
            long version,
            String source,
            String id,
            String operation,
            String customerId,
            @Nullable String subscriptionId,
            @Nullable String order,
            @Nullable Judged judged,
            @Nullable String heldBackBy) {}

    /**
     * What was found out about one request.
     *
     * @param verdict go, done, wait, blocked, hold; gone when the request had ended before it was read, unread when it could not be read
     * @param reason the word under which it would be told; empty for go
     * @param steps all calls that it would make, in order
     * @param until until when it would wait, or when a closed window opens
     * @param refund what the subscription promises: full, partial or none; null when it says nothing
     * @param facts SHA-256 over what was read, without the time
     */
    public record Judged(
            String verdict,
            String reason,
            String message,
            List<String> steps,
            @Nullable String until,
            @Nullable String customer,
            @Nullable String domain,
            @Nullable String product,
            @Nullable Integer seats,
            @Nullable String refund,
            String facts,
            String readAt) {

        public Judged {
            steps = List.copyOf(steps);
        }
    }
}
