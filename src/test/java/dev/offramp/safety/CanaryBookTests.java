package dev.offramp.safety;

import static dev.offramp.testing.Admissions.START;
import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Definitions.job;
import static dev.offramp.testing.Definitions.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.job.JobDefinition;
import dev.offramp.job.Jobs;
import dev.offramp.job.RunWindow;
import dev.offramp.offboarding.Canary;
import dev.offramp.offboarding.Operation;
import dev.offramp.safety.CanaryBook.Flock;
import dev.offramp.testing.Admissions;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** With whom a request goes first or waits. */
class CanaryBookTests {

    private static final Duration USUAL = Duration.ofMinutes(10);
    private static final Duration LONG = Duration.ofMinutes(30);

    private static final RunWindow MORNINGS =
            new RunWindow(EnumSet.allOf(DayOfWeek.class), LocalTime.of(8, 0), LocalTime.of(10, 0), ZoneOffset.UTC);

    private static final Jobs JOBS = Jobs.of(List.of(
            with(MORNINGS, with(canary(1, LONG), job("mornings", Operation.CANCEL_SUBSCRIPTION))),
            with(canary(0, null), job("bold", Operation.SUSPEND_SUBSCRIPTION)),
            with(canary(5, null), job("many", Operation.REACTIVATE_SUBSCRIPTION)),
            with(MORNINGS, job("plain", Operation.TURN_OFF_AUTO_RENEW))));

    private static final CanaryBook BOOK = new CanaryBook(JOBS, 2, USUAL);

    @Test
    void goesByTheRunWhateverTheGroup() {
        assertThat(of(cancel().inRun(17, 3).inGroup("autumn")))
                .contains(new Flock("run:17", new Canary("run 17", 2, USUAL)));
    }

    @Test
    void goesByTheGroupOfItsSourceAndOperation() {
        assertThat(of(cancel().inGroup("autumn")))
                .contains(new Flock(
                        "group:cancel-subscription:/contoso/billing:autumn",
                        new Canary("cancel-subscription of source /contoso/billing in group 'autumn'", 2, USUAL)));
    }

    @Test
    void goesByTheOpeningOfTheWindowWhereTheJobSaysWhoGoesFirst() {
        assertThat(of(cancel().byJob("mornings")))
                .contains(new Flock(
                        "window:mornings:2026-11-20T08:00:00Z",
                        new Canary("the job mornings in its window since 2026-11-20T08:00:00Z", 1, LONG)));
        assertThat(BOOK.of(Given.request(1, cancel().byJob("mornings")), START.plus(Duration.ofHours(5))))
                .as("the window is closed")
                .isEmpty();
        assertThat(of(cancel().byJob("plain"))).as("says nothing").isEmpty();
        assertThat(of(cancel().byJob("many"))).as("has no window").isEmpty();
        assertThat(of(cancel())).as("has no job").isEmpty();
    }

    @Test
    void takesWhatTheJobSaysBeforeWhatIsUsual() {
        assertThat(of(cancel().byJob("mornings").inGroup("autumn"))).hasValueSatisfying(each -> {
            assertThat(each.canary().customers()).isEqualTo(1);
            assertThat(each.canary().settle()).isEqualTo(LONG);
        });
        assertThat(of(cancel().byJob("many").inRun(17, 1)))
                .contains(new Flock("run:17", new Canary("run 17", 5, USUAL)));
    }

    @Test
    void letsNobodyGoFirstWhereNobodyShall() {
        assertThat(of(cancel().byJob("bold").inGroup("autumn").inRun(17, 1))).isEmpty();
        assertThat(new CanaryBook(JOBS, 0, USUAL).of(Given.request(1, cancel().inGroup("autumn")), START))
                .isEmpty();
        assertThat(new CanaryBook(JOBS, 0, USUAL)
                        .of(Given.request(1, cancel().inGroup("autumn").byJob("many")), START))
                .isPresent();
    }

    private static Optional<Flock> of(Admissions admission) {
        return BOOK.of(Given.request(1, admission), START);
    }

    private static JobDefinition.Guards canary(int customers, @Nullable Duration settle) {
        return new JobDefinition.Guards(null, null, null, null, new JobDefinition.Canary(customers, settle));
    }
}
