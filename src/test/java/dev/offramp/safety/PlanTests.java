package dev.offramp.safety;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.safety.Plan.Applied;
import dev.offramp.safety.Plan.Approval;
import dev.offramp.safety.Plan.Item;
import dev.offramp.safety.Plan.Judged;
import dev.offramp.safety.Plan.State;
import dev.offramp.testing.Admissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTests {

    private static final Instant MADE = Admissions.START;
    private static final Instant LAST = MADE.plus(Duration.ofHours(24)).minusMillis(1);
    private static final Instant OVER = MADE.plus(Duration.ofHours(24));

    @ParameterizedTest
    @CsvSource({
        "MAKING, making, making",
        "MADE, made, expired",
        "APPROVED, approved, expired",
        "APPLIED, applied, applied",
        "DISCARDED, discarded, discarded"
    })
    void isWorthGoingByForATime(State state, String before, String after) {
        assertThat(plan(state).stateAt(LAST).word()).isEqualTo(before);
        assertThat(plan(state).stateAt(OVER).word()).isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            MAKING    | Plan 7 is still being made; wait, then look at it.
            MADE      |
            APPROVED  | Plan 7 is approved by ann.
            APPLIED   | Plan 7 was applied by bob at 2026-11-20T08:15:31Z; a plan is applied once.
            DISCARDED | Plan 7 is discarded.
            """)
    void isApprovedWhenItIsMade(State state, @Nullable String refusal) {
        assertThat(plan(state)
                        .refusalToApprove("hash", LAST)
                        .map(PlanTests::plain)
                        .orElse(null))
                .isEqualTo(refusal == null ? null : plain(refusal));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            MAKING    | Plan 7 is not approved; an approver does that: bin/offramp plan approve 7.
            MADE      | Plan 7 is not approved; an approver does that: bin/offramp plan approve 7.
            APPROVED  |
            APPLIED   | Plan 7 was applied by bob at 2026-11-20T08:15:31Z; a plan is applied once.
            DISCARDED | Plan 7 is discarded.
            """)
    void isAppliedOnceWhenItIsApproved(State state, @Nullable String refusal) {
        assertThat(plan(state).refusalToApply(LAST).map(PlanTests::plain).orElse(null))
                .isEqualTo(refusal == null ? null : plain(refusal));
    }

    @Test
    void isNeitherApprovedNorAppliedOnceItIsTooOld() {
        assertThat(plan(State.MADE).refusalToApprove("hash", OVER).orElseThrow())
                .isEqualTo("Plan 7 expired at %s. Make it anew.".formatted(OVER));
        assertThat(plan(State.APPROVED).refusalToApply(OVER).orElseThrow())
                .isEqualTo("Plan 7 expired at %s. Make it anew.".formatted(OVER));
    }

    @Test
    void isApprovedByWhoLookedAtIt() {
        assertThat(plan(State.MADE).refusalToApprove("another", LAST).orElseThrow())
                .isEqualTo(
                        "The SHA-256 of plan 7 is hash, not another; look at the plan again, then approve what you saw.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            go      |                                       | true
            go      | budget-exceeded: 5 are used.          | true
            go      | burst-on-hold: The rest.              | true
            go      | canary: Others go first.              | true
            go      | plan-needed: By a plan only.          | true
            go      | cooling-off: An hour.                 | true
            go      | outside-run-window: At night.         | true
            go      | protected-customer: It is on the list. | false
            go      | confirmation-needed: A doubt.         | false
            go      | last-chance: Too late by then.        | false
            done    |                                       | false
            wait    |                                       | false
            blocked |                                       | false
            hold    |                                       | false
            gone    |                                       | false
            unread  |                                       | false
            """)
    void letsGoWhatNothingHoldsThatAnApprovalDoesNotPass(String verdict, @Nullable String guard, boolean goes) {
        assertThat(item(judged(verdict), guard).isToGo()).isEqualTo(goes);
    }

    @Test
    void letsNothingGoThatIsNotRead() {
        assertThat(item(null, null).isToGo()).isFalse();
    }

    private static String plain(String sentence) {
        return sentence.replaceAll("at 20[^;]*Z", "at TIME");
    }

    private static Judged judged(String verdict) {
        return new Judged(verdict, "", "", List.of("cancel"), null, null, null, null, null, null, "facts", "now");
    }

    private static Item item(@Nullable Judged judged, @Nullable String guard) {
        return new Item(1, 1, "source", "id", "cancel-subscription", "customer", null, null, judged, guard);
    }

    private static Plan plan(State state) {
        boolean applied = state == State.APPLIED;
        return new Plan(
                7,
                state,
                "a group",
                1,
                1,
                "ann",
                "review",
                MADE,
                MADE,
                OVER,
                "hash",
                null,
                applied || state == State.APPROVED ? new Approval("ann", MADE, true) : null,
                applied ? new Applied("bob", MADE) : null);
    }
}
