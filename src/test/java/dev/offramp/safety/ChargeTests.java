package dev.offramp.safety;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.job.RunWindow;
import dev.offramp.offboarding.Limit;
import dev.offramp.safety.Budget.Period;
import dev.offramp.safety.Budget.Scope;
import dev.offramp.safety.Budget.Scope.Kind;
import dev.offramp.safety.Budget.Unit;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The decision whether a call fits, and which permits count when. */
class ChargeTests {

    private static final Period DAY = new Period.Sliding(Duration.ofHours(24));
    private static final Period NIGHT = new Period.Night(new RunWindow(
            EnumSet.allOf(DayOfWeek.class), LocalTime.of(20, 0), LocalTime.of(6, 0), ZoneId.of("Europe/Berlin")));

    @ParameterizedTest(name = "{1} of {0} used, counted already: {2} → fits: {3}")
    @CsvSource({
        "5, 0, false, true",
        "5, 4, false, true",
        "5, 5, false, false",
        "5, 6, false, false",
        "5, 5, true, true",
        "5, 9, true, true",
        "0, 0, false, false",
        "0, 1, true, true",
    })
    void fitsWhileLessIsUsedThanAllowedOrNothingMoreIsCost(long allowed, long used, boolean counted, boolean fits) {
        assertThat(charge(Kind.OPERATION, allowed, used, counted).fits()).isEqualTo(fits);
        assertThat(Charge.exceeded(List.of(charge(Kind.OPERATION, allowed, used, counted)))
                        .isEmpty())
                .isEqualTo(fits);
    }

    @Test
    void mustFitIntoEveryBudget() {
        var free = charge(Kind.OPERATION, 5, 0, false);
        var full = charge(Kind.SOURCE, 9, 9, false);

        assertThat(Charge.exceeded(List.of())).isEmpty();
        assertThat(Charge.exceeded(List.of(free))).isEmpty();
        assertThat(Charge.exceeded(List.of(free, full))).contains(new Exceeded(full.budget(), 9, 9));
        assertThat(Charge.exceeded(List.of(full, free))).contains(new Exceeded(full.budget(), 9, 9));
    }

    @Test
    void namesTheTightestOfThoseThatAreUsedUp() {
        var wide = charge(Kind.OPERATION, 50, 50, false);
        var tight = charge(Kind.RUN, 3, 3, false);
        var tightSource = charge(Kind.SOURCE, 3, 4, false);
        var tightest = charge(Kind.JOB, 1, 0, false);

        assertThat(Charge.exceeded(List.of(wide, tight, tightest)))
                .as("the tightest is not used up")
                .contains(new Exceeded(tight.budget(), 3, 3));
        assertThat(Charge.exceeded(List.of(tight, tightSource)))
                .as("as tight, and known before the run")
                .contains(new Exceeded(tightSource.budget(), 3, 4));
        assertThat(Charge.exceeded(List.of(calls(2, 2), customers(2, 2))))
                .contains(new Exceeded(customers(2, 2).budget(), 2, 2));
    }

    @Test
    void saysWhichBudgetOfWhomIsUsedUp() {
        assertThat(sentence(new Scope(Kind.OPERATION, "cancel-subscription"), Unit.CUSTOMERS, "20 or 1%", DAY))
                .isEqualTo("The budget of cancel-subscription allows 24 customers (20 or 1%) in 24 h; 25 are used.");
        assertThat(sentence(new Scope(Kind.SOURCE, "/contoso/billing"), Unit.CALLS, "24", DAY))
                .isEqualTo("The budget of the source /contoso/billing allows 24 calls in 24 h; 25 are used.");
        assertThat(sentence(new Scope(Kind.JOB, "unlinks"), Unit.CUSTOMERS, "24", NIGHT))
                .isEqualTo(
                        "The budget of the job unlinks allows 24 customers in a night (20:00 to 06:00 Europe/Berlin); 25 are used.");
        assertThat(sentence(new Scope(Kind.RUN, "17"), Unit.CUSTOMERS, "24", new Period.Whole(Kind.RUN)))
                .isEqualTo("The budget of run 17 allows 24 customers; 25 are used.");
    }

    private static String sentence(Scope scope, Unit unit, String limit, Period period) {
        return new Exceeded(new Budget(scope, unit, Limit.of(limit), period), 24, 25).sentence();
    }

    @ParameterizedTest(name = "at {0}, what was reserved at {1} counts: {2}")
    @CsvSource({
        // Winter: a night begins at 19:00 UTC and ends at 05:00 UTC.
        "2026-11-20T18:59:59Z, 2026-11-20T18:00:00Z, false",
        "2026-11-20T19:00:00Z, 2026-11-20T18:59:59.999999Z, false",
        "2026-11-20T19:00:00Z, 2026-11-20T19:00:00Z, true",
        "2026-11-21T04:59:59Z, 2026-11-20T19:00:00Z, true",
        "2026-11-21T04:59:59Z, 2026-11-20T04:00:00Z, false",
        "2026-11-21T05:00:00Z, 2026-11-21T04:59:59Z, false",
        "2026-11-21T20:00:00Z, 2026-11-21T04:59:59Z, false",
        // Summer: from 18:00 UTC.
        "2026-07-20T18:30:00Z, 2026-07-20T18:00:00Z, true",
        // The night in which the clock goes back is an hour longer.
        "2026-10-25T04:30:00Z, 2026-10-24T18:00:00Z, true",
    })
    void countsInANightWhatWasReservedInIt(Instant now, Instant reserved, boolean counts) {
        assertThat(NIGHT.at(now).filter(night -> night.holds(reserved)).isPresent())
                .isEqualTo(counts);
    }

    @ParameterizedTest(name = "at {0}, what was reserved at {1} counts: {2}")
    @CsvSource({
        "2026-11-20T12:00:00Z, 2026-11-19T12:00:00Z, false",
        "2026-11-20T12:00:00Z, 2026-11-19T12:00:00.000001Z, true",
        "2026-11-20T12:00:00Z, 2026-11-20T12:00:00Z, true",
        "2026-11-20T12:00:00Z, 2026-11-20T12:00:01Z, true",
    })
    void countsWhatIsYoungerThanTheWindow(Instant now, Instant reserved, boolean counts) {
        assertThat(DAY.at(now).orElseThrow().holds(reserved)).isEqualTo(counts);
        assertThat(new Period.Whole(Kind.RUN).at(now).orElseThrow().holds(reserved))
                .isTrue();
    }

    private static Charge charge(Kind kind, long allowed, long used, boolean counted) {
        return new Charge(
                new Budget(new Scope(kind, "it"), Unit.CUSTOMERS, Limit.of((int) allowed), DAY),
                allowed,
                used,
                counted);
    }

    private static Charge customers(long allowed, long used) {
        return charge(Kind.OPERATION, allowed, used, false);
    }

    private static Charge calls(long allowed, long used) {
        return new Charge(
                new Budget(new Scope(Kind.OPERATION, "it"), Unit.CALLS, Limit.of((int) allowed), DAY),
                allowed,
                used,
                false);
    }
}
