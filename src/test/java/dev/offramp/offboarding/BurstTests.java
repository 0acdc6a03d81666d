package dev.offramp.offboarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which requests the breach of a budget holds. */
class BurstTests {

    private static final String BREACH = "The budget of cancel-subscription allows 5 customers in 24 h; 5 are used.";

    private static final Burst AT_THE_GUARD_STEP = burst(true);

    private static final Burst AT_THE_PERMIT = burst(false);

    private static Burst burst(boolean inOrder) {
        return new Burst(
                "The rest of cancel-subscription of source /contoso/billing in group 'autumn'",
                Instant.parse("2026-11-20T08:00:00Z"),
                10,
                "/contoso/billing 4711",
                BREACH,
                inOrder);
    }

    @Test
    void namesTheBudgetTheRequestAndTheTime() {
        assertThat(AT_THE_PERMIT.sentence())
                .isEqualTo(
                        "The rest of cancel-subscription of source /contoso/billing in group 'autumn' is on hold since "
                                + "2026-11-20T08:00:00Z, when request /contoso/billing 4711 did not fit into a budget: "
                                + BREACH);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void holds(String what, Burst burst, Burst.Asking asking, @Nullable Reason reason) {
        assertThat(burst.hold(asking).map(Burst.Hold::reason)).isEqualTo(Optional.ofNullable(reason));
    }

    static Stream<Arguments> holds() {
        var held = Reason.BURST_ON_HOLD;
        return Stream.of(
                row("what comes later", AT_THE_PERMIT, asking(11), held),
                row("what came earlier and was not judged then", AT_THE_PERMIT, asking(9), held),
                row("what was judged before it", AT_THE_GUARD_STEP, asking(9), null),
                row("what comes after it", AT_THE_GUARD_STEP, asking(11), held),
                row("the breach itself", AT_THE_PERMIT, asking(10), Reason.BUDGET_EXCEEDED),
                row("the breach itself when it comes again", AT_THE_GUARD_STEP, asking(10), Reason.BUDGET_EXCEEDED),
                row("what has an attempt", AT_THE_PERMIT, new Burst.Asking(11, true, Releases.NONE), null),
                row(
                        "the breach when it has an attempt",
                        AT_THE_PERMIT,
                        new Burst.Asking(10, true, Releases.NONE),
                        null),
                row(
                        "what was released from the budget",
                        AT_THE_PERMIT,
                        released(11, Reason.BUDGET_EXCEEDED, BREACH),
                        null),
                row(
                        "the breach once it is released",
                        AT_THE_PERMIT,
                        released(10, Reason.BUDGET_EXCEEDED, BREACH),
                        null),
                row("what was released from it", AT_THE_PERMIT, released(11, held, AT_THE_PERMIT.sentence()), null),
                row("what was released from another burst", AT_THE_PERMIT, released(11, held, "another one"), held),
                row("what was released from something else", AT_THE_PERMIT, released(11, Reason.CANARY, "so"), held));
    }

    private static Arguments row(String what, Burst burst, Burst.Asking asking, @Nullable Reason reason) {
        return Arguments.of(what, burst, asking, reason);
    }

    private static Burst.Asking asking(long number) {
        return new Burst.Asking(number, false, Releases.NONE);
    }

    private static Burst.Asking released(long number, Reason reason, String found) {
        return new Burst.Asking(number, false, Releases.NONE.and(reason, found));
    }

    @Test
    void letsBeyondTheBudgetsWhomAPersonReleasedFromThemOrFromABurst() {
        assertThat(Burst.isBeyondBudgets(Releases.NONE.and(Reason.BUDGET_EXCEEDED, BREACH)))
                .isTrue();
        assertThat(Burst.isBeyondBudgets(Releases.NONE.and(Reason.BURST_ON_HOLD, "so")))
                .isTrue();
        assertThat(Burst.isBeyondBudgets(Releases.NONE.and(Reason.CANARY, "so")))
                .isFalse();
        assertThat(Burst.isBeyondBudgets(Releases.NONE)).isFalse();
    }

    /** Whoever releases all that a breach holds needs to do it once. */
    @Property(tries = 500)
    void nothingThatItHeldIsHeldByItAgainOrByABudgetOnceAPersonReleasedIt(
            @ForAll("bursts") Burst burst, @ForAll("asking") Burst.Asking asking) {
        burst.hold(asking).ifPresent(hold -> {
            var released = asking.released().and(hold.reason(), hold.sentence());
            assertThat(burst.hold(new Burst.Asking(asking.number(), false, released)))
                    .isEmpty();
            assertThat(Burst.isBeyondBudgets(released)).isTrue();
        });
    }

    @Property(tries = 500)
    void whateverHasNoAttemptAndNoReleaseIsHeldUnlessItWasJudgedBefore(
            @ForAll("bursts") Burst burst, @ForAll("asking") Burst.Asking asking) {
        var other = new Burst.Asking(asking.number(), false, Releases.NONE);
        boolean judgedBefore = burst.inOrder() && asking.number() < burst.breacher();

        assertThat(burst.hold(other).isPresent()).isEqualTo(!judgedBefore);
        assertThat(burst.hold(new Burst.Asking(asking.number(), true, Releases.NONE)))
                .isEmpty();
    }

    @Provide
    Arbitrary<Burst> bursts() {
        return Arbitraries.of(true, false).map(BurstTests::burst);
    }

    @Provide
    Arbitrary<Burst.Asking> asking() {
        return Combinators.combine(
                        Arbitraries.longs().between(7, 13),
                        Arbitraries.of(true, false),
                        Arbitraries.of(
                                Map.<Reason, String>of(),
                                Map.of(Reason.BURST_ON_HOLD, "another one"),
                                Map.of(Reason.EXPECTATION_MISMATCH, "another one")))
                .as((number, attempted, given) -> new Burst.Asking(number, attempted, Releases.from(given)));
    }
}
