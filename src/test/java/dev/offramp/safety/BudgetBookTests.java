package dev.offramp.safety;

import static dev.offramp.testing.Admissions.START;
import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.Admissions.unlink;
import static dev.offramp.testing.Definitions.job;
import static dev.offramp.testing.Definitions.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.job.JobDefinition;
import dev.offramp.job.Jobs;
import dev.offramp.job.RunWindow;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Limit;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.safety.Budget.Period;
import dev.offramp.safety.Budget.Scope;
import dev.offramp.safety.Budget.Unit;
import dev.offramp.safety.BudgetBook.Answer;
import dev.offramp.safety.BudgetBook.Counting;
import dev.offramp.safety.BudgetBook.Counts;
import dev.offramp.testing.Admissions;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which budgets concern a request, and what is counted of them. */
class BudgetBookTests {

    private static final BudgetBook BOOK = BudgetBook.over(Duration.ofHours(12))
            .operation("cancel-subscription", Unit.CUSTOMERS, Limit.of(20))
            .operation("cancel-subscription", Unit.CALLS, null)
            .source("/contoso/billing", Unit.CALLS, Limit.of(30))
            .jobs(Jobs.of(List.of(with(
                    new JobDefinition.Guards(Limit.of(4), Limit.of(5), Limit.of(6), Limit.of("1%"), null),
                    job("cancels", Operation.CANCEL_SUBSCRIPTION)))))
            .runs(Unit.CUSTOMERS, Limit.of(7))
            .runs(Unit.CALLS, null)
            .build();

    @Test
    void namesThoseOfTheOperationThenThoseOfSourceJobAndRun() {
        assertThat(inWords(cancel().byJob("cancels").inRun(17, 1)))
                .containsExactly(
                        "20 customers of cancel-subscription in 12 h",
                        "30 calls of the source /contoso/billing in 12 h",
                        "4 customers of the job cancels in 12 h",
                        "5 calls of the job cancels in 12 h",
                        "7 customers of run 17 in the whole run",
                        "6 customers of run 17 in the whole run",
                        "1% calls of run 17 in the whole run");
        assertThat(inWords(cancel().from("/contoso/crm")))
                .containsExactly("20 customers of cancel-subscription in 12 h");
        assertThat(inWords(cancel().from("/contoso/crm").inRun(18, 1)))
                .containsExactly(
                        "20 customers of cancel-subscription in 12 h", "7 customers of run 18 in the whole run");
    }

    @Test
    void allowsNothingToAnOperationThatHasNoBudget() {
        assertThat(inWords(unlink().from("/contoso/crm")))
                .containsExactly("0 customers of remove-reseller-relationship in 24 h");
    }

    @Test
    void needsTheCustomerBaseOnlyForAShareOfIt() {
        assertThat(BOOK.needsBase()).as("of the calls of a run").isTrue();
        assertThat(BudgetBook.over(Duration.ofHours(12))
                        .source("/contoso/billing", Unit.CALLS, Limit.of("2 or 1%"))
                        .build()
                        .needsBase())
                .isTrue();
        assertThat(BudgetBook.over(Duration.ofHours(12))
                        .source("/contoso/billing", Unit.CALLS, Limit.of(30))
                        .runs(Unit.CALLS, Limit.of(3))
                        .build()
                        .needsBase())
                .isFalse();
    }

    @Test
    void countsEachCustomerOnceAndEachRequestOnce() {
        var customers = BOOK.of(request(1, "a")).getFirst();
        var calls = BOOK.of(request(1, "a")).get(1);
        var used = Used.nothing();

        used.count(request(1, "a"));
        used.count(request(1, "a"));
        used.count(request(2, "a"));
        used.count(request(3, "b"));

        assertThat(used.charge(customers, 20, request(4, "b"))).isEqualTo(new Charge(customers, 20, 2, true));
        assertThat(used.charge(customers, 20, request(1, "c"))).isEqualTo(new Charge(customers, 20, 2, false));
        assertThat(used.charge(calls, 30, request(2, "z"))).isEqualTo(new Charge(calls, 30, 3, true));
        assertThat(used.charge(calls, 30, request(4, "a"))).isEqualTo(new Charge(calls, 30, 3, false));
    }

    @ParameterizedTest(name = "{1} of {0} used: {2} free")
    @CsvSource({"5, 3, 2", "5, 5, 0", "5, 9, 0"})
    void hasNeverLessThanNothingFree(long allowed, long used, long free) {
        var budget = BOOK.of(request(1, "a")).getFirst();

        assertThat(new Budgets.Standing(budget, allowed, true, used, null).free())
                .isEqualTo(free);
    }

    private static final Scope CANCELS = new Scope(Scope.Kind.OPERATION, "cancel-subscription");
    private static final Scope BILLING = new Scope(Scope.Kind.SOURCE, "/contoso/billing");
    private static final Scope RUN = new Scope(Scope.Kind.RUN, "17");

    private static final RunWindow NIGHT =
            new RunWindow(EnumSet.allOf(DayOfWeek.class), LocalTime.of(20, 0), LocalTime.of(6, 0), ZoneOffset.UTC);

    /** Two customers of all cancels in 12 h, three calls of the source, four customers and calls of the run. */
    private static final BudgetBook SMALL = BudgetBook.over(Duration.ofHours(12))
            .operation("cancel-subscription", Unit.CUSTOMERS, Limit.of(2))
            .operation("cancel-subscription", Unit.CUSTOMERS, Limit.of(1), new Period.Night(NIGHT))
            .source("/contoso/billing", Unit.CALLS, Limit.of(3))
            .runs(Unit.CUSTOMERS, Limit.of(4))
            .runs(Unit.CALLS, Limit.of("50%"))
            .build();

    /** Of the operation the customers; of the source the calls; of the run customers and calls. */
    @ParameterizedTest(
            name = "with {0} customers, {1} calls of the source and {2}, {3} of the run, {4} of its own: {5}")
    @CsvSource({
        "1, 2, 3, 4, 0, ",
        "2, 2, 3, 4, 0, cancel-subscription",
        "2, 2, 3, 4, 1, ",
        "1, 3, 3, 4, 0, /contoso/billing",
        "1, 3, 3, 4, 1, /contoso/billing",
        "1, 2, 4, 4, 0, 17",
        "1, 2, 4, 4, 1, ",
        "1, 2, 3, 5, 0, 17",
        "1, 2, 3, 5, 1, 17"
    })
    void fitsWhileEveryBudgetHasRoomOrCountsTheCustomerAlready(
            long customers, long calls, long ofRun, long callsOfRun, long own, @Nullable String usedUp) {
        var answer = SMALL.judge(
                inRun(),
                Optional.empty(),
                OptionalLong.of(10),
                (place, _) -> switch (place.scope().kind()) {
                    case OPERATION -> new Counts(customers, 99, own);
                    case SOURCE -> new Counts(99, calls, own);
                    case RUN -> new Counts(ofRun, callsOfRun, own);
                    default -> throw new AssertionError("It has none.");
                },
                START);

        assertThat(
                        answer instanceof Answer.UsedUp(Exceeded exceeded)
                                ? exceeded.budget().scope().name()
                                : null)
                .isEqualTo(usedUp);
        assertThat(answer instanceof Answer.Fits).isEqualTo(usedUp == null);
    }

    @Test
    void asksOnceForEachPlaceAndNotForANightByDay() {
        List<String> asked = new ArrayList<>();

        SMALL.judge(
                inRun(),
                Optional.empty(),
                OptionalLong.of(10),
                (place, customer) -> {
                    asked.add("%s since %s of %s".formatted(place.scope().name(), place.after(), customer));
                    return new Counts(0, 0, 0);
                },
                START);

        assertThat(asked)
                .containsExactly(
                        "cancel-subscription since 2026-11-19T20:15:30Z of " + customer("a"),
                        "/contoso/billing since 2026-11-19T20:15:30Z of " + customer("a"),
                        "17 since 1970-01-01T00:00:00Z of " + customer("a"));
        assertThat(SMALL.judge(
                        inRun(),
                        Optional.empty(),
                        OptionalLong.of(10),
                        (place, _) -> new Counts(place.after().isAfter(START) ? 1 : 0, 0, 0),
                        START.plus(Duration.ofHours(13))))
                .as("in the night there is one more")
                .isInstanceOfSatisfying(
                        Answer.UsedUp.class,
                        each -> assertThat(each.exceeded().allowed()).isEqualTo(1));
    }

    @Test
    void findsItsOwnPermitAgainWhileItCountsInEveryBudget() {
        Counting full = (_, _) -> new Counts(99, 99, 0);

        assertThat(SMALL.judge(inRun(), Optional.of(START), OptionalLong.of(10), full, START))
                .isInstanceOf(Answer.FoundAgain.class);
        assertThat(SMALL.judge(
                        inRun(), Optional.of(START), OptionalLong.of(10), full, START.plus(Duration.ofHours(11))))
                .isInstanceOf(Answer.FoundAgain.class);
        assertThat(SMALL.judge(
                        inRun(), Optional.of(START), OptionalLong.of(10), full, START.plus(Duration.ofHours(22))))
                .as("older than the window")
                .isInstanceOfSatisfying(
                        Answer.UsedUp.class,
                        each -> assertThat(each.exceeded().budget().scope()).isEqualTo(CANCELS));
        assertThat(SMALL.judge(
                        inRun(),
                        Optional.of(START),
                        OptionalLong.of(10),
                        (place, _) -> place.scope().equals(RUN) ? new Counts(99, 99, 0) : new Counts(0, 0, 0),
                        START.plus(Duration.ofHours(22))))
                .as("the run counts it still")
                .isInstanceOf(Answer.Fits.class);
    }

    @Test
    void letsGoBeyondEveryBudgetWhatAPersonReleased() {
        var released = Given.released(inRun(), Reason.BUDGET_EXCEEDED, "Full.");

        assertThat(SMALL.judge(released, Optional.empty(), OptionalLong.of(10), (_, _) -> new Counts(99, 99, 0), START))
                .isInstanceOf(Answer.Fits.class);
    }

    @Test
    void foreseesRequestsOneAfterTheOther() {
        List<Scope> counted = new ArrayList<>();
        List<String> sized = new ArrayList<>();
        var forecast = SMALL.forecast(
                place -> {
                    counted.add(place.scope());
                    return Used.nothing();
                },
                () -> {
                    sized.add("once");
                    return OptionalLong.of(10);
                },
                START);

        assertThat(forecast.exceeded(request(1, "a"))).isEmpty();
        assertThat(sized).as("nothing is a share").isEmpty();
        forecast.count(request(1, "a"));
        forecast.count(request(2, "b"));
        assertThat(forecast.exceeded(request(3, "b"))).isEmpty();
        assertThat(forecast.exceeded(request(3, "c")))
                .hasValueSatisfying(each -> assertThat(each.budget().scope()).isEqualTo(CANCELS));
        forecast.count(request(3, "b"));
        assertThat(forecast.exceeded(request(4, "b")))
                .hasValueSatisfying(each -> assertThat(each.budget().scope()).isEqualTo(BILLING));
        assertThat(forecast.exceeded(request(3, "b"))).as("its own is counted").isEmpty();

        var line =
                Given.request(5, cancel().of(customer("b")).from("/contoso/crm").inRun(17, 1));
        assertThat(forecast.exceeded(line)).isEmpty();
        assertThat(forecast.exceeded(line)).isEmpty();
        assertThat(counted).containsExactly(CANCELS, BILLING, RUN);
        assertThat(sized).containsExactly("once");
    }

    @Test
    void foreseesByASmallShareThatNothingFits() {
        var forecast = BudgetBook.over(Duration.ofHours(12))
                .operation("cancel-subscription", Unit.CUSTOMERS, Limit.of("10%"))
                .build()
                .forecast(_ -> Used.nothing(), () -> OptionalLong.of(9), START);

        assertThat(forecast.exceeded(request(1, "a"))).isPresent();
    }

    @Test
    void locksTheRowsOfAllItsBudgetsInOneOrderAndThatOfTheJobForItsRuns() {
        assertThat(SMALL.locks(inRun()))
                .containsExactly("job:offboarding", "operation:cancel-subscription", "source:/contoso/billing");
        assertThat(SMALL.locks(Given.request(1, unlink().from("/contoso/crm"))))
                .containsExactly("operation:remove-reseller-relationship");
    }

    private static Request inRun() {
        return Given.request(1, cancel().of(customer("a")).inRun(17, 1));
    }

    private static Request request(long number, String customer) {
        return Given.request(number, cancel().of(customer(customer)));
    }

    private static List<String> inWords(Admissions admission) {
        return BOOK.of(Given.request(1, admission)).stream()
                .map(each -> "%s %s of %s in %s"
                        .formatted(
                                each.limit(),
                                each.unit().word(),
                                each.scope().inWords(),
                                each.period().inWords()))
                .toList();
    }
}
