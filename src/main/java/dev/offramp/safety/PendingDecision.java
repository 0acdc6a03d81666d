package dev.offramp.safety;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A decision that one person asked for and a second one must confirm.
 *
 * @param state as it stands in the table; {@link #stateAt} knows of the time
 * @param requests how many requests it is about
 * @param askedBy the asker as the audit trail has it
 * @param carriedOut on how many of its requests it was carried out; null while it was not
 */
public record PendingDecision(
        long number,
        Kind kind,
        State state,
        int requests,
        int customers,
        String askedBy,
        Person.Known asker,
        String cause,
        Instant askedAt,
        Instant expiresAt,
        @Nullable String decidedBy,
        @Nullable Instant decidedAt,
        @Nullable String decidedCause,
        @Nullable Integer carriedOut) {

    /** What is to be done. */
    public enum Kind {
        /** Held requests are to go on. */
        RELEASE,
        /** A plan is to be approved. */
        PLAN;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How it stands. */
    public enum State {
        WAITING,
        CARRIED_OUT,
        REJECTED,
        EXPIRED;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static State named(String word) {
            return Arrays.stream(values())
                    .filter(each -> each.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("No state of a decision: " + word));
        }
    }

    public State stateAt(Instant now) {
        return state == State.WAITING && !now.isBefore(expiresAt) ? State.EXPIRED : state;
    }

    /** Why nothing can be decided about it any more; empty when it can. */
    public Optional<String> refusal(Instant now) {
        return switch (stateAt(now)) {
            case WAITING -> Optional.empty();
            case EXPIRED ->
                Optional.of("Decision %d expired at %s, as nobody had confirmed it. Look again, and ask anew."
                        .formatted(number, expiresAt));
            case CARRIED_OUT ->
                Optional.of("Decision %d was confirmed by %s at %s.".formatted(number, decidedBy, decidedAt));
            case REJECTED ->
                Optional.of("Decision %d was rejected by %s at %s.".formatted(number, decidedBy, decidedAt));
        };
    }

    /**
     * One request it is about, as it stood when it was asked for.
     *
     * @param skipped why it was not carried out on this one
     */
    public record Item(
            long request,
            long version,
            String customer,
            @Nullable String skipped) {}
}
