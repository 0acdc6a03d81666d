package dev.offramp.ledger;

import dev.offramp.offboarding.Blocker;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The optional part of an outcome (design: messages); a null member does not appear in the message.
 *
 * @param refund what the resource says about money, never an amount
 * @param before the resource before the change, as JSON text
 * @param after the resource after the change, as JSON text
 * @param confirmedBy {@link #RESPONSE}, {@link #READ_BACK} or {@link #AUDIT_RECORD}
 * @param nextWindowAt when a closed cancellation window opens again
 * @param decideBy until when a person may decide about what is held; then it is rejected
 * @param heldBackBy observe mode: the guards that would have held it
 * @param steps the steps that were taken, in order
 */
public record Details(
        @Nullable String advice,
        List<Blocker> blockers,
        @Nullable Instant effectiveAt,
        @Nullable Instant nextAttemptAt,
        @Nullable Instant nextWindowAt,
        @Nullable Instant decideBy,
        @Nullable Instant endsOn,
        @Nullable Refund refund,
        @Nullable String before,
        @Nullable String after,
        @Nullable String confirmedBy,
        @Nullable PartnerCenterAnswer partnerCenter,
        @Nullable String decidedBy,
        List<String> heldBackBy,
        List<StepTaken> steps) {

    public static final Details NONE = new Builder().build();

    /** Partner Center's own answer to the call shows that it was done. */
    public static final String RESPONSE = "response";

    /** A read shows it. */
    public static final String READ_BACK = "read-back";

    /** A person decided so, where neither shows it; the audit trail has who and why. */
    public static final String AUDIT_RECORD = "audit-record";

    /** What the resource says about money. */
    public record Refund(
            String promised,
            @Nullable Instant until,
            @Nullable Integer quantity) {}

    /**
     * A step that was taken.
     *
     * @param step its word, e.g. {@code auto-renew-off}
     * @param at when its newest call was made
     * @param reply what Partner Center said, e.g. {@code done}; null when nobody knows
     * @param confirmedBy {@link #READ_BACK} when a read shows its effect, {@link #AUDIT_RECORD} when a person decided so
     */
    public record StepTaken(
            String step,
            Instant at,
            @Nullable String reply,
            @Nullable String confirmedBy,
            String msRequestId,
            String msCorrelationId) {}

    /** The same with the time until which a person may decide. */
    Details withDecideBy(Instant until) {
        return new Details(
                advice,
                blockers,
                effectiveAt,
                nextAttemptAt,
                nextWindowAt,
                until,
                endsOn,
                refund,
                before,
                after,
                confirmedBy,
                partnerCenter,
                decidedBy,
                heldBackBy,
                steps);
    }

    /** The same with the steps that were taken. */
    Details with(List<StepTaken> taken) {
        return new Details(
                advice,
                blockers,
                effectiveAt,
                nextAttemptAt,
                nextWindowAt,
                decideBy,
                endsOn,
                refund,
                before,
                after,
                confirmedBy,
                partnerCenter,
                decidedBy,
                heldBackBy,
                List.copyOf(taken));
    }

    /** The answer that the outcome rests on. */
    public record PartnerCenterAnswer(
            int httpStatus,
            @Nullable String code,
            @Nullable String words,
            @Nullable String msRequestId,
            @Nullable String msCorrelationId) {}

    public static Builder with() {
        return new Builder();
    }

    /** Builds details member by member. */
    public static final class Builder {
        private @Nullable String advice;
        private List<Blocker> blockers = List.of();
        private @Nullable Instant effectiveAt;
        private @Nullable Instant nextAttemptAt;
        private @Nullable Instant nextWindowAt;
        private @Nullable Instant decideBy;
        private @Nullable Instant endsOn;
        private @Nullable Refund refund;
        private @Nullable String before;
        private @Nullable String after;
        private @Nullable String confirmedBy;
        private @Nullable PartnerCenterAnswer partnerCenter;
        private @Nullable String decidedBy;
        private List<String> heldBackBy = List.of();

        private Builder() {}

        public Builder advice(@Nullable String text) {
            advice = text == null || text.isBlank() ? null : text;
            return this;
        }

        public Builder blockers(List<Blocker> all) {
            blockers = List.copyOf(all);
            return this;
        }

        public Builder effectiveAt(@Nullable Instant time) {
            effectiveAt = time;
            return this;
        }

        public Builder nextAttemptAt(@Nullable Instant time) {
            nextAttemptAt = time;
            return this;
        }

        public Builder nextWindowAt(@Nullable Instant time) {
            nextWindowAt = time;
            return this;
        }

        public Builder decideBy(@Nullable Instant time) {
            decideBy = time;
            return this;
        }

        public Builder endsOn(@Nullable Instant time) {
            endsOn = time;
            return this;
        }

        public Builder refund(@Nullable Refund said) {
            refund = said;
            return this;
        }

        public Builder before(@Nullable String json) {
            before = json;
            return this;
        }

        public Builder after(@Nullable String json) {
            after = json;
            return this;
        }

        public Builder confirmedBy(@Nullable String what) {
            confirmedBy = what;
            return this;
        }

        public Builder partnerCenter(@Nullable PartnerCenterAnswer answer) {
            partnerCenter = answer;
            return this;
        }

        public Builder decidedBy(@Nullable String who) {
            decidedBy = who;
            return this;
        }

        public Builder heldBackBy(List<String> guards) {
            heldBackBy = List.copyOf(guards);
            return this;
        }

        public Details build() {
            return new Details(
                    advice,
                    blockers,
                    effectiveAt,
                    nextAttemptAt,
                    nextWindowAt,
                    decideBy,
                    endsOn,
                    refund,
                    before,
                    after,
                    confirmedBy,
                    partnerCenter,
                    decidedBy,
                    heldBackBy,
                    List.of());
        }
    }
}
