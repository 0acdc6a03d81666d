package dev.offramp.safety;

import static dev.offramp.testing.Admissions.START;
import static dev.offramp.testing.Definitions.job;
import static dev.offramp.testing.Definitions.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.job.Jobs;
import dev.offramp.job.RunWindow;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.CoolingOff;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Freeze;
import dev.offramp.offboarding.FreezeCalendar;
import dev.offramp.offboarding.LastChance;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.testing.Admissions;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What puts a request off, and what is too late for that. Everything begins on a Friday at 08:15:30. */
class DelaysTests {

    private static final Instant NINE_FIFTEEN = START.plus(Duration.ofHours(1));
    private static final Instant MIDNIGHT = Instant.parse("2026-11-21T00:00:00Z");
    private static final Instant TEN = Instant.parse("2026-11-20T10:00:00Z");
    private static final Instant TEN_TOMORROW = Instant.parse("2026-11-21T10:00:00Z");

    private static final String COOLS_OFF =
            "It cools off for 1 h after it was admitted; until 2026-11-20T09:15:30Z it can still be withdrawn.";
    private static final String FROZEN =
            "Frozen until 2026-11-21T00:00:00Z, nothing of remove-reseller-relationship is carried out: Audit.";
    private static final String FROZEN_CANCEL =
            "Frozen until 2026-11-21T00:00:00Z, nothing of cancel-subscription is carried out: Audit.";
    private static final String CLOSED = "The job late works daily 10:00 to 12:00 Z; it goes on at ";

    private static final FreezeCalendar TODAY =
            new FreezeCalendar(List.of(Freeze.of("2026-11-20", "2026-11-20", ZoneOffset.UTC, Set.of(), "Audit")));

    private static final Jobs JOBS = Jobs.of(List.of(
            with(
                    new RunWindow(
                            EnumSet.allOf(DayOfWeek.class), LocalTime.of(10, 0), LocalTime.of(12, 0), ZoneOffset.UTC),
                    job("late", Operation.CANCEL_SUBSCRIPTION)),
            job("always", Operation.REMOVE_RESELLER_RELATIONSHIP)));

    private @Nullable LastChance chance;

    @Test
    void putsNothingOffThatMayBeBegun() {
        assertThat(delays(CoolingOff.USUAL, TODAY).of(request(Admissions.unlink()), MIDNIGHT))
                .as("all of it is over")
                .isEmpty();
        assertThat(delays(CoolingOff.USUAL, FreezeCalendar.EMPTY).of(request(Admissions.cancel()), START))
                .as("nothing cools off but unlinks")
                .isEmpty();
        assertThat(delays(CoolingOff.USUAL, FreezeCalendar.EMPTY).of(request(Admissions.unlink()), NINE_FIFTEEN))
                .as("has cooled off")
                .isEmpty();
        assertThat(delays(CoolingOff.NONE, FreezeCalendar.EMPTY)
                        .of(request(Admissions.cancel().byJob("late")), TEN))
                .as("the window is open")
                .isEmpty();
        assertThat(delays(CoolingOff.NONE, FreezeCalendar.EMPTY)
                        .of(request(Admissions.unlink().byJob("always")), START))
                .as("a job without a window")
                .isEmpty();
    }

    @Test
    void putsAnUnlinkOffUntilItHasCooledOff() {
        assertThat(delays(CoolingOff.USUAL, FreezeCalendar.EMPTY).of(request(Admissions.unlink()), START))
                .hasValueSatisfying(each -> assertPutOff(each, Reason.COOLING_OFF, NINE_FIFTEEN, COOLS_OFF));
    }

    @Test
    void putsOffWhatIsFrozen() {
        assertThat(delays(CoolingOff.NONE, TODAY).of(request(Admissions.unlink()), START))
                .hasValueSatisfying(each -> assertPutOff(each, Reason.OUTSIDE_RUN_WINDOW, MIDNIGHT, FROZEN));
    }

    @Test
    void putsOffWhatAJobMayNotWorkOnNow() {
        assertThat(delays(CoolingOff.NONE, FreezeCalendar.EMPTY)
                        .of(request(Admissions.cancel().byJob("late")), START))
                .hasValueSatisfying(each -> assertPutOff(each, Reason.OUTSIDE_RUN_WINDOW, TEN, CLOSED + TEN + "."));
    }

    @Test
    void putsOffUntilNothingKeepsItBackAnyMoreAndSaysItInTurn() {
        assertThat(delays(CoolingOff.USUAL, TODAY)
                        .of(request(Admissions.cancel().byJob("late")), START))
                .as("frozen till midnight, and then the window is closed")
                .hasValueSatisfying(each -> assertPutOff(
                        each,
                        Reason.OUTSIDE_RUN_WINDOW,
                        TEN_TOMORROW,
                        FROZEN_CANCEL + " " + CLOSED + TEN_TOMORROW + "."));
        assertThat(delays(CoolingOff.USUAL, TODAY).of(request(Admissions.unlink()), START))
                .as("it cools off while it is frozen")
                .hasValueSatisfying(each -> assertPutOff(each, Reason.OUTSIDE_RUN_WINDOW, MIDNIGHT, FROZEN));
    }

    @Test
    void keepsNothingBackThatIsOnlyReadButWaitsForTheWindowWithWhatIsOnlyObserved() {
        var delays = delays(new CoolingOff(Map.of(Operation.CANCEL_SUBSCRIPTION, Duration.ofDays(1))), TODAY);

        assertThat(delays.of(request(Admissions.cancel().byJob("late").planOnly()), START))
                .isEmpty();
        assertThat(delays.of(request(Admissions.cancel().observed()), START)).isEmpty();
        assertThat(delays.of(request(Admissions.cancel().byJob("late").observed()), START))
                .hasValueSatisfying(each -> assertPutOff(each, Reason.OUTSIDE_RUN_WINDOW, TEN, CLOSED + TEN + "."));
    }

    @Test
    void holdsWhatWouldBePutOffPastItsEnd() {
        var delays = delays(CoolingOff.NONE, TODAY);

        assertThat(delays.of(request(Admissions.unlink().notAfter(MIDNIGHT)), START))
                .as("just in time")
                .hasValueSatisfying(each -> assertPutOff(each, Reason.OUTSIDE_RUN_WINDOW, MIDNIGHT, FROZEN));
        assertThat(delays.of(request(Admissions.unlink().notAfter(MIDNIGHT.minusMillis(1))), START))
                .hasValueSatisfying(each -> {
                    assertThat(each.reason()).isEqualTo(Reason.LAST_CHANCE);
                    assertThat(each.message())
                            .isEqualTo(
                                    FROZEN + " By then its last chance (not-after, 2026-11-20T23:59:59.999Z) is over.");
                    assertThat(each.details().decideBy()).isEqualTo(MIDNIGHT.minusMillis(1));
                    assertThat(each.details().advice()).startsWith("Release it");
                    assertThat(each.wakeAt()).isNull();
                });
    }

    @Test
    void goesByTheLastChanceThatIsKnownUntilThatIsOver() {
        var delays = delays(CoolingOff.NONE, TODAY);
        var cancel = request(Admissions.cancel());

        chance = new LastChance(TEN, LastChance.End.CANCELLATION_WINDOW);
        assertThat(delays.of(cancel, START)).hasValueSatisfying(each -> {
            assertThat(each.reason()).isEqualTo(Reason.LAST_CHANCE);
            assertThat(each.message())
                    .endsWith("By then its last chance (cancellation-window, 2026-11-20T10:00:00Z) is over.");
        });
        assertThat(delays.of(cancel, TEN))
                .as("missed already; only its own end counts")
                .hasValueSatisfying(each -> assertThat(each.reason()).isEqualTo(Reason.OUTSIDE_RUN_WINDOW));

        chance = new LastChance(MIDNIGHT, LastChance.End.RENEWAL);
        assertThat(delays.of(cancel, START))
                .hasValueSatisfying(each -> assertThat(each.reason()).isEqualTo(Reason.OUTSIDE_RUN_WINDOW));
    }

    @Test
    void holdsNothingThatWasBegunAndNothingThatIsOnlyObserved() {
        var delays = delays(CoolingOff.NONE, TODAY);
        var late = Admissions.cancel().byJob("late").notAfter(START.plusSeconds(60));

        assertThat(delays.of(Given.begun(request(late), Effect.AUTO_RENEW_OFF), START))
                .hasValueSatisfying(each -> {
                    assertThat(each.reason()).isEqualTo(Reason.OUTSIDE_RUN_WINDOW);
                    assertThat(each.effect()).isEqualTo(Effect.AUTO_RENEW_OFF);
                });
        assertThat(delays.of(request(late.observed()), START))
                .as("is judged in time")
                .isEmpty();
    }

    @Test
    void putsNothingOffThatIsOver() {
        var delays = delays(CoolingOff.NONE, TODAY);
        var over = request(Admissions.unlink().notAfter(START));

        assertThat(delays.of(over, START)).isPresent();
        assertThat(delays.of(over, START.plusMillis(1))).isEmpty();
    }

    @Test
    void letsGoWhatAPersonReleasedFromExactlyThisDelay() {
        var delays = delays(CoolingOff.USUAL, TODAY);
        var held = request(Admissions.unlink());

        assertThat(delays.of(
                        Given.released(held, Reason.LAST_CHANCE, "Then: %s %s".formatted(COOLS_OFF, FROZEN)), START))
                .isEmpty();
        assertThat(delays.of(Given.released(held, Reason.LAST_CHANCE, FROZEN), START))
                .hasValueSatisfying(each -> assertPutOff(each, Reason.COOLING_OFF, NINE_FIFTEEN, COOLS_OFF));
        assertThat(delays.of(Given.released(held, Reason.BUDGET_EXCEEDED, FROZEN), START))
                .as("from something else")
                .hasValueSatisfying(each -> assertThat(each.reason()).isEqualTo(Reason.OUTSIDE_RUN_WINDOW));
    }

    private static void assertPutOff(Resolution resolution, Reason reason, Instant until, String sentence) {
        assertThat(resolution.reason()).isEqualTo(reason);
        assertThat(resolution.wakeAt()).isEqualTo(until);
        assertThat(resolution.details().nextAttemptAt()).isEqualTo(until);
        assertThat(resolution.message()).isEqualTo(sentence);
    }

    private Delays delays(CoolingOff coolingOff, FreezeCalendar freezes) {
        return new Delays(coolingOff, freezes, JOBS, _ -> Optional.ofNullable(chance));
    }

    private static Request request(Admissions admission) {
        return Given.request(1, admission);
    }
}
