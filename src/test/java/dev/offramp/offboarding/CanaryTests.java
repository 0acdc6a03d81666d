package dev.offramp.offboarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.Canary.Health;
import dev.offramp.offboarding.Canary.Ruling;
import dev.offramp.offboarding.Canary.Standing;
import dev.offramp.testing.Admissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** When the rest may follow the first. */
class CanaryTests {

    private static final Instant START = Instant.parse("2026-11-20T08:00:00Z");

    private static final Duration SETTLE = Duration.ofMinutes(10);

    private static final Canary TWO_OF_A_RUN = new Canary("run 17", 2, SETTLE);

    @ParameterizedTest
    @CsvSource(textBlock = """
            # reason,                      effect,         working, attempted, confirmed, health
            ADMITTED,                      NONE,           false,   false,     false,     UNDER_WAY
            BUSY,                          NONE,           false,   false,     false,     UNDER_WAY
            OUTSIDE_RUN_WINDOW,            NONE,           false,   false,     false,     UNDER_WAY
            COOLING_OFF,                   NONE,           false,   false,     false,     UNDER_WAY
            CONFIRMING,                    NONE,           false,   true,      false,     UNDER_WAY
            NOT_BEFORE,                    NONE,           false,   false,     false,     NOTHING_SHOWN
            NOT_BEFORE,                    NONE,           true,    false,     false,     UNDER_WAY
            WAITING_FOR_WINDOW,            NONE,           false,   false,     false,     NOTHING_SHOWN
            WAITING_FOR_BLOCKER,           PARTIAL,        false,   true,      false,     UNDER_WAY
            WAITING_FOR_EARLIER_REQUEST,   NONE,           false,   false,     false,     NOTHING_SHOWN
            ENDS_AT_TERM,                  NONE,           false,   false,     false,     NOTHING_SHOWN
            ENDS_AT_TERM,                  AUTO_RENEW_OFF, false,   true,      false,     HEALTHY
            EXPECTATION_MISMATCH,          NONE,           false,   false,     false,     SICK
            EXPECTATION_UNREADABLE,        NONE,           false,   false,     false,     SICK
            CONFIRMATION_NEEDED,           NONE,           false,   false,     false,     SICK
            BUDGET_EXCEEDED,               NONE,           false,   false,     false,     UNDER_WAY
            CANARY,                        NONE,           false,   false,     false,     UNDER_WAY
            BRAKE_ON,                      NONE,           true,    false,     false,     UNDER_WAY
            SIGN_IN_NEEDED,                NONE,           true,    false,     false,     UNDER_WAY
            IN_DOUBT,                      NONE,           true,    true,      false,     SICK
            RETRIES_EXHAUSTED,             NONE,           true,    true,      false,     SICK
            INTERNAL_ERROR,                NONE,           true,    false,     false,     SICK
            DONE,                          CANCELLED,      false,   true,      true,      HEALTHY
            DONE,                          CANCELLED,      false,   true,      false,     SICK
            ENDED_AT_TERM,                 AUTO_RENEW_OFF, false,   true,      true,      HEALTHY
            ALREADY_DONE,                  NONE,           false,   false,     true,      NOTHING_SHOWN
            ALREADY_DONE,                  NONE,           false,   true,      true,      HEALTHY
            WINDOW_CLOSED,                 NONE,           false,   false,     false,     NOTHING_SHOWN
            WINDOW_CLOSED,                 NONE,           false,   true,      false,     SICK
            ACTIVE_SUBSCRIPTIONS,          NONE,           false,   false,     false,     NOTHING_SHOWN
            CUSTOMER_NOT_FOUND,            NONE,           false,   false,     false,     SICK
            NOT_OUR_CUSTOMER,              NONE,           false,   false,     false,     SICK
            SUBSCRIPTION_NOT_FOUND,        NONE,           false,   false,     false,     SICK
            WRONG_KIND,                    NONE,           false,   false,     false,     SICK
            UNKNOWN_STATE,                 NONE,           false,   false,     false,     SICK
            DECLINED_BY_PARTNER_CENTER,    NONE,           false,   true,      false,     SICK
            REJECTED_BY_OPERATOR,          NONE,           false,   false,     false,     SICK
            HOLD_EXPIRED,                  NONE,           false,   false,     false,     SICK
            BY_SOURCE,                     NONE,           false,   false,     false,     NOTHING_SHOWN
            BY_SOURCE,                     PARTIAL,        false,   true,      false,     SICK
            PLAN_ONLY,                     NONE,           false,   false,     false,     NOTHING_SHOWN
            GIVEN_UP_BY_OPERATOR,          UNKNOWN,        false,   true,      false,     SICK
            DEADLINE_PASSED,               PARTIAL,        false,   true,      false,     SICK
            """)
    void seesHowARequestIs(
            Reason reason, Effect effect, boolean working, boolean attempted, boolean confirmed, Health health) {
        assertThat(new Standing(customer(1), "/a 1", reason, effect, working, attempted, confirmed, START).health())
                .isEqualTo(health);
    }

    @Test
    void makesRoomUntilTheFirstAreChosen() {
        assertThat(TWO_OF_A_RUN.rule(List.of(), START)).isEqualTo(new Ruling.Room(2));
        assertThat(TWO_OF_A_RUN.rule(List.of(done(1, 0)), START.plus(SETTLE))).isEqualTo(new Ruling.Room(1));
    }

    @Test
    void makesRoomForAnotherWhereOneShowsNothing() {
        assertThat(TWO_OF_A_RUN.rule(List.of(done(1, 0), standing(2, Reason.ALREADY_DONE)), START.plus(SETTLE)))
                .isEqualTo(new Ruling.Room(1));
    }

    @Test
    void waitsUntilAllAreDoneAndNothingWasWrongForAWhile() {
        assertThat(TWO_OF_A_RUN.rule(List.of(done(1, 0), standing(2, Reason.CONFIRMING)), START.plus(SETTLE)))
                .isEqualTo(
                        new Ruling.Wait(
                                "The first 2 customers of run 17 go first; the rest waits until they are confirmed and nothing was wrong for 10 min."));
        var both = List.of(done(1, 0), done(2, 60));
        assertThat(TWO_OF_A_RUN.rule(both, START.plus(SETTLE).plusSeconds(59))).isInstanceOf(Ruling.Wait.class);
        assertThat(TWO_OF_A_RUN.rule(both, START.plus(SETTLE).plusSeconds(60))).isEqualTo(new Ruling.Go());
    }

    @Test
    void waitsForEachRequestOfACustomer() {
        assertThat(TWO_OF_A_RUN.rule(List.of(done(1, 0), standing(1, Reason.BUSY), done(2, 0)), START.plus(SETTLE)))
                .isInstanceOf(Ruling.Wait.class);
        assertThat(TWO_OF_A_RUN.rule(
                        List.of(done(1, 0), standing(1, Reason.ALREADY_DONE), done(2, 0)), START.plus(SETTLE)))
                .isEqualTo(new Ruling.Go());
    }

    @Test
    void stopsAndSaysWhichOfThemShowedWhat() {
        assertThat(TWO_OF_A_RUN.rule(
                        List.of(done(1, 0), standing(2, Reason.DECLINED_BY_PARTNER_CENTER)), START.plus(SETTLE)))
                .isEqualTo(new Ruling.Stopped(
                        "The first 2 customers of run 17 went first, and one of them is not well: request /a 2 of customer %s is rejected: declined-by-partner-center."
                                .formatted(customer(2))));
    }

    @Test
    void saysTheSameForAllAsLongAsOneIsSick() {
        var sick = standing(1, Reason.EXPECTATION_MISMATCH);
        var later = new Standing(
                customer(2), "/a 2", Reason.IN_DOUBT, Effect.NONE, true, true, false, START.plusSeconds(9));

        assertThat(TWO_OF_A_RUN.rule(List.of(later, sick), START)).isEqualTo(TWO_OF_A_RUN.rule(List.of(sick), START));
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void knowsEveryReason(Reason reason) {
        assertThat(standing(1, reason).health()).isNotNull();
    }

    /** Nobody of the rest goes while less than all of the first are well, whatever else is true. */
    @Property(tries = 1000)
    void theRestGoesOnlyWhenAsManyAsAskedForAreWellAndNoneIsAnythingElse(
            @ForAll("standings") List<Standing> first, @ForAll Random random) {
        var canary = new Canary("run 17", 1 + random.nextInt(3), SETTLE);
        Instant now = START.plus(Duration.ofMinutes(random.nextInt(25)));
        var ruling = canary.rule(first, now);
        long well = first.stream()
                .filter(each -> each.health() == Health.HEALTHY)
                .filter(each -> !each.since().plus(SETTLE).isAfter(now))
                .map(Standing::customer)
                .distinct()
                .count();
        boolean unwell = first.stream()
                .anyMatch(each -> each.health() == Health.SICK
                        || each.health() == Health.UNDER_WAY
                        || each.health() == Health.HEALTHY
                                && each.since().plus(SETTLE).isAfter(now));

        assertThat(ruling instanceof Ruling.Go).isEqualTo(well >= canary.customers() && !unwell);
        assertThat(ruling instanceof Ruling.Stopped)
                .isEqualTo(first.stream().anyMatch(each -> each.health() == Health.SICK));
        if (ruling instanceof Ruling.Room(int room)) {
            assertThat(Canary.counted(first).size() + room).isEqualTo(canary.customers());
        }
        var shuffled = new ArrayList<>(first);
        Collections.shuffle(shuffled, random);
        assertThat(canary.rule(shuffled, now)).as("in any order").isEqualTo(ruling);
    }

    @Provide
    Arbitrary<List<Standing>> standings() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.frequencyOf(
                                net.jqwik.api.Tuple.of(4, Arbitraries.just(Reason.DONE)),
                                net.jqwik.api.Tuple.of(2, Arbitraries.of(Reason.class))),
                        Arbitraries.integers().between(0, 600))
                .as((customer, reason, seconds) -> new Standing(
                        customer(customer),
                        "/a " + customer + seconds + reason,
                        reason,
                        reason == Reason.DONE ? Effect.CANCELLED : Effect.NONE,
                        false,
                        reason == Reason.DONE,
                        reason.status() == Status.SUCCEEDED,
                        START.plusSeconds(seconds)))
                .list()
                .ofMaxSize(5);
    }

    private static Standing done(int customer, int seconds) {
        return new Standing(
                customer(customer),
                "/a " + customer,
                Reason.DONE,
                Effect.CANCELLED,
                false,
                true,
                true,
                START.plusSeconds(seconds));
    }

    private static Standing standing(int customer, Reason reason) {
        return new Standing(customer(customer), "/a " + customer, reason, Effect.NONE, false, false, false, START);
    }

    private static CustomerId customer(int each) {
        return Admissions.customer("" + each);
    }
}
