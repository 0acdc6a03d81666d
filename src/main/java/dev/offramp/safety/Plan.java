package dev.offramp.safety;

import dev.offramp.offboarding.Reason;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a set of requests would do, read and judged, with nothing done.
 *
 * @param state as it stands in the table; {@link #stateAt} knows of the time
 * @param about which requests were meant, in words
 * @param requests how many they are
 * @param judged how many of them are read and judged
 * @param hash SHA-256 over its content; null until it is made
 * @param decision the decision about its approval that a second person was asked for; null when nobody was
 * @param approval null until it is approved
 * @param applied null until it is applied
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
        @Nullable String hash,
        @Nullable Long decision,
        @Nullable Approval approval,
        @Nullable Applied applied) {

    /** How it stands. */
    public enum State {
        /** Its targets are being read. */
        MAKING,
        MADE,
        /** It may be applied, once. */
        APPROVED,
        APPLIED,
        DISCARDED,
        /** Too old to go by. */
        EXPIRED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public State stateAt(Instant now) {
        boolean goesOff = state == State.MADE || state == State.APPROVED;
        return goesOff && expiresAt != null && !now.isBefore(expiresAt) ? State.EXPIRED : state;
    }

    /** Why it cannot be approved as it stands, by somebody who looked at the plan with this hash; empty when it can. */
    public Optional<String> refusalToApprove(String seen, Instant now) {
        Optional<String> otherState = switch (stateAt(now)) {
            case MADE -> Optional.empty();
            case MAKING -> Optional.of("Plan %d is still being made; wait, then look at it.".formatted(number));
            case APPROVED, APPLIED, DISCARDED -> Optional.of(stands(now));
            case EXPIRED -> Optional.of(stands(now) + " Make it anew.");
        };
        return otherState.or(() -> seen.equals(hash)
                ? Optional.empty()
                : Optional.of("The SHA-256 of plan %d is %s, not %s; look at the plan again, then approve what you saw."
                        .formatted(number, hash, seen)));
    }

    /** Why it cannot be applied as it stands; empty when it can. */
    public Optional<String> refusalToApply(Instant now) {
        return switch (stateAt(now)) {
            case APPROVED -> Optional.empty();
            case MAKING, MADE ->
                Optional.of("Plan %d is not approved; an approver does that: bin/offramp plan approve %d."
                        .formatted(number, number));
            case APPLIED, DISCARDED -> Optional.of(stands(now));
            case EXPIRED -> Optional.of(stands(now) + " Make it anew.");
        };
    }

    private String stands(Instant now) {
        return switch (stateAt(now)) {
            case APPROVED ->
                "Plan %d is approved by %s."
                        .formatted(number, Objects.requireNonNull(approval).by());
            case APPLIED ->
                "Plan %d was applied by %s at %s; a plan is applied once."
                        .formatted(
                                number,
                                Objects.requireNonNull(applied).by(),
                                Objects.requireNonNull(applied).at());
            case EXPIRED -> "Plan %d expired at %s.".formatted(number, expiresAt);
            case MAKING, MADE, DISCARDED ->
                "Plan %d is %s.".formatted(number, stateAt(now).word());
        };
    }

    /**
     * Who approved it.
     *
     * @param by as the audit trail has it
     * @param alone whether one person was enough
     */
    public record Approval(String by, Instant at, boolean alone) {}

    /** Who applied it. */
    public record Applied(String by, Instant at) {}

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
            @Nullable String heldBackBy) {

        /** What an approval passes: others of the same list went too far, or this one is to be begun later. */
        private static final Set<Reason> PASSED = EnumSet.of(
                Reason.BUDGET_EXCEEDED,
                Reason.BURST_ON_HOLD,
                Reason.CANARY,
                Reason.PLAN_NEEDED,
                Reason.COOLING_OFF,
                Reason.OUTSIDE_RUN_WINDOW);

        /** Whether it is carried out when the plan is applied. */
        public boolean isToGo() {
            return judged != null && judged.verdict().equals("go") && (heldBackBy == null || isPassed(heldBackBy));
        }

        /** @param guard its word and its sentence, with a colon between them */
        private static boolean isPassed(String guard) {
            return PASSED.contains(Reason.named(guard.substring(0, guard.indexOf(':'))));
        }
    }

    /**
     * What became of one request of an applied plan.
     *
     * @param successor the request that carries it out; null when it was skipped
     * @param key source and id of the successor
     * @param stands how the successor stands: its status and reason
     * @param skipped why nothing was made of it
     */
    public record Fate(
            long request,
            @Nullable Long successor,
            @Nullable String key,
            @Nullable String stands,
            @Nullable String message,
            @Nullable String skipped) {}

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
