package dev.offramp.safety;

import static dev.offramp.testing.Definitions.job;
import static dev.offramp.testing.Definitions.with;
import static dev.offramp.testing.LedgerFixture.deferred;
import static dev.offramp.testing.LedgerFixture.resolution;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.job.JobDefinition;
import dev.offramp.job.Jobs;
import dev.offramp.job.RunWindow;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Limit;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.safety.Budget.Unit;
import dev.offramp.safety.Budgets.Reservation.Reserved;
import dev.offramp.safety.Budgets.Reservation.UsedUp;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class BudgetTests {

    /** As {@link LedgerFixture#sendTry} names it. */
    private static final String STEP = "cancel-subscription";

    private static final Jobs JOBS =
            Jobs.of(List.of(with(new JobDefinition.Guards(2), job("cancels", Operation.CANCEL_SUBSCRIPTION))));

    private static final Budget.Period NIGHT = new Budget.Period.Night(
            new RunWindow(EnumSet.allOf(DayOfWeek.class), LocalTime.of(20, 0), LocalTime.of(6, 0), ZoneOffset.UTC));

    private final LedgerFixture ledger;
    private final Budgets budgets;

    BudgetTests(TestDatabase database) {
        ledger = LedgerFixture.over(database.fresh());
        budgets = budgets(book().jobs(JOBS));
        ledger.ledger().batches().addJobs(List.of("cancels"));
    }

    private static BudgetBook.Builder book() {
        return BudgetBook.over(Duration.ofHours(24))
                .operation("cancel-subscription", Unit.CUSTOMERS, Limit.of(5))
                .operation("remove-reseller-relationship", Unit.CUSTOMERS, Limit.of(5));
    }

    private Budgets budgets(BudgetBook.Builder book) {
        return new JdbcBudgets(
                ledger.jdbc(),
                ledger.transactions(),
                book.build(),
                new JdbcCustomerBase(ledger.jdbc(), null, false),
                SafetyUnderSimulation.NO_BURSTS);
    }

    @Test
    void endsAfterFiveCustomers() {
        IntStream.range(0, 5).forEach(each -> assertThat(reserve("" + each)).isTrue());

        assertThat(sentence(budgets.reserve(cancel("one too many"), STEP, ledger.now())))
                .isEqualTo("The budget of cancel-subscription allows 5 customers in 24 h; 5 are used.");
    }

    private static String sentence(Budgets.Reservation reservation) {
        return ((UsedUp) reservation).exceeded().sentence();
    }

    @Test
    void endsAfterTheCustomersOfTheJobEvenWhereItsOperationHasMore() {
        var first =
                ledger.admit(Admissions.cancel().of(Admissions.customer("a")).byJob("cancels"));
        assertThat(reserveFor(first)).isInstanceOf(Reserved.class);
        reserve("b");
        assertThat(reserveFor(byJob("c"))).as("b is not the job's").isInstanceOf(Reserved.class);

        var exceeded = reserveFor(byJob("d"));

        assertThat(sentence(exceeded))
                .isEqualTo("The budget of the job cancels allows 2 customers in 24 h; 2 are used.");
        assertThat(reserveFor(byJob("a"))).as("counted already").isInstanceOf(Reserved.class);
        assertThat(reserveFor(first)).as("its own permit").isInstanceOf(Reserved.class);
        assertThat(reserve("e")).as("another job").isTrue();
    }

    @Test
    void reservesNoMoreForAJobThanItsOperationHas() {
        IntStream.range(0, 5).forEach(each -> reserve("" + each));

        assertThat(reserveFor(byJob("a"))).isInstanceOf(UsedUp.class);
    }

    private Budgets.Reservation reserveFor(Request request) {
        return budgets.reserve(request, STEP, ledger.now());
    }

    private Request byJob(String customer) {
        return ledger.admit(
                Admissions.cancel().of(Admissions.customer(customer)).byJob("cancels"));
    }

    @Test
    void countsACustomerOnce() {
        IntStream.range(0, 5).forEach(each -> reserve("" + each));

        assertThat(reserve("3")).as("counted already").isTrue();
        assertThat(reserve("5")).isFalse();
    }

    @Test
    void findsItsOwnPermitAgain() {
        Request request = cancel("a");
        budgets.reserve(request, STEP, ledger.now());
        IntStream.range(0, 4).forEach(each -> reserve("" + each));

        assertThat(budgets.reserve(request, STEP, ledger.now())).isInstanceOf(Reserved.class);
        assertThat(permits(request)).containsExactly("reserved");
    }

    @Test
    void countsAPermitAnewThatWasKeptForLongerThanTheWindow() {
        Request kept = cancel("a");
        budgets.reserve(kept, STEP, ledger.now());
        Request other = cancel("b");
        budgets.reserve(other, STEP, ledger.now());
        ledger.pass(Duration.ofHours(24));
        IntStream.range(0, 4).forEach(each -> assertThat(reserve("" + each)).isTrue());

        assertThat(budgets.reserve(kept, STEP, ledger.now())).isInstanceOf(Reserved.class);
        assertThat(permits(kept)).containsExactly("reserved");
        assertThat(budgets.reserve(other, STEP, ledger.now())).isInstanceOf(UsedUp.class);
    }

    @Test
    void movesWithTheClock() {
        reserve("first");
        ledger.pass(Duration.ofHours(12));
        IntStream.range(0, 4).forEach(each -> reserve("" + each));
        assertThat(reserve("a")).isFalse();

        ledger.pass(Duration.ofHours(12).minusSeconds(1));
        assertThat(reserve("b")).isFalse();
        ledger.pass(Duration.ofSeconds(1));

        assertThat(reserve("c")).as("the first has left the window").isTrue();
        assertThat(reserve("d")).isFalse();
    }

    @Test
    void givesThePermitBackWithoutATryThatMayHaveLeft() {
        for (Resolution resolution : List.of(
                deferred(Reason.BUSY, ledger.now().plusSeconds(60)),
                resolution(Reason.EXPECTATION_MISMATCH),
                resolution(Reason.WINDOW_CLOSED),
                resolution(Reason.BY_SOURCE))) {
            Request request = cancel(resolution.reason().word());
            budgets.reserve(request, STEP, ledger.now());

            ledger.settle(request, resolution, null);

            assertThat(permits(request)).as(resolution.reason().word()).isEmpty();
        }
    }

    @Test
    void givesThePermitBackWithWhatIsHandedBack() {
        Request request = cancel("a");
        Batch batch = ledger.claim();
        budgets.reserve(request, STEP, ledger.now());

        ledger.ledger()
                .requests()
                .handBack(ledger.read(request), ledger.now(), LedgerFixture.fence(batch), ledger.now());

        assertThat(permits(request)).isEmpty();
    }

    @Test
    void keepsThePermitOfWhatIsStalled() {
        Request request = cancel("a");
        budgets.reserve(request, STEP, ledger.now());

        ledger.settle(request, resolution(Reason.BRAKE_ON), null);

        assertThat(permits(request)).containsExactly("reserved");
    }

    @Test
    void spendsThePermitOnceATryMayHaveLeft() {
        Request request = cancel("a");
        Batch batch = ledger.claim();
        budgets.reserve(request, STEP, ledger.now());
        ledger.sendTry(request, batch);

        ledger.settle(request, deferred(Reason.CONFIRMING, ledger.now().plusSeconds(60)), null);

        assertThat(permits(request)).containsExactly("spent");
    }

    @Test
    void reservesNoMoreForManyAtOnceThanForOneAfterTheOther() throws InterruptedException {
        List<Request> requests =
                IntStream.range(0, 16).mapToObj(each -> cancel("" + each)).toList();
        var reserved = new CopyOnWriteArrayList<Boolean>();
        var threads = requests.stream()
                .map(request -> Thread.ofVirtual()
                        .start(() -> reserved.add(budgets.reserve(request, STEP, ledger.now()) instanceof Reserved)))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(reserved).hasSize(16);
        assertThat(reserved.stream().filter(each -> each)).hasSize(5);
    }

    @Test
    void endsAfterTheCustomersAndTheCallsOfTheSourceOverAllItsOperations() {
        var source = budgets(book().source("/contoso/crm", Unit.CUSTOMERS, Limit.of(2))
                .source("/contoso/crm", Unit.CALLS, Limit.of(3)));
        reserve("elsewhere");
        assertThat(source.reserve(bySource(Admissions.cancel(), "a"), STEP, ledger.now()))
                .isInstanceOf(Reserved.class);
        assertThat(source.reserve(bySource(Admissions.unlink(), "b"), "unlink", ledger.now()))
                .isInstanceOf(Reserved.class);

        assertThat(sentence(source.reserve(bySource(Admissions.cancel(), "c"), STEP, ledger.now())))
                .isEqualTo("The budget of the source /contoso/crm allows 2 customers in 24 h; 2 are used.");
        assertThat(source.reserve(bySource(Admissions.cancel(), "b"), STEP, ledger.now()))
                .as("a customer that is counted, and the third call")
                .isInstanceOf(Reserved.class);
        assertThat(sentence(source.reserve(bySource(Admissions.cancel(), "a"), STEP, ledger.now())))
                .isEqualTo("The budget of the source /contoso/crm allows 3 calls in 24 h; 3 are used.");
        assertThat(source.reserve(cancel("c"), STEP, ledger.now()))
                .as("another source")
                .isInstanceOf(Reserved.class);
    }

    private Request bySource(Admissions admission, String customer) {
        return ledger.admit(admission.of(Admissions.customer(customer)).from("/contoso/crm"));
    }

    @Test
    void takesEachStepOfAChainForACallAndTheCustomerOnce() {
        var calls = budgets(book().operation("remove-reseller-relationship", Unit.CALLS, Limit.of(3)));
        Request chain = ledger.admit(Admissions.unlink().of(Admissions.customer("a")));
        for (String step : List.of("cancel:1", "cancel:2", "unlink", "unlink", "cancel:1")) {
            assertThat(calls.reserve(chain, step, ledger.now())).as(step).isInstanceOf(Reserved.class);
        }

        assertThat(sentence(calls.reserve(chain, "cancel:3", ledger.now())))
                .isEqualTo("The budget of remove-reseller-relationship allows 3 calls in 24 h; 3 are used.");
        assertThat(used(calls, "remove-reseller-relationship", Unit.CUSTOMERS)).isEqualTo(1);
        assertThat(used(calls, "remove-reseller-relationship", Unit.CALLS)).isEqualTo(3);
    }

    @Test
    void endsAfterTheCustomersOfTheRunHoweverLongItLasts() {
        long run = run("cancels");
        var ofRuns = budgets(book().runs(Unit.CUSTOMERS, Limit.of(2)));
        assertThat(ofRuns.reserve(line(run, 1, "a"), STEP, ledger.now())).isInstanceOf(Reserved.class);
        assertThat(ofRuns.reserve(line(run, 2, "b"), STEP, ledger.now())).isInstanceOf(Reserved.class);
        ledger.pass(Duration.ofDays(3));

        assertThat(sentence(ofRuns.reserve(line(run, 3, "c"), STEP, ledger.now())))
                .isEqualTo("The budget of run %d allows 2 customers; 2 are used.".formatted(run));
        assertThat(ofRuns.reserve(line(run, 4, "a"), STEP, ledger.now())).isInstanceOf(Reserved.class);
        assertThat(ofRuns.reserve(line(run("other"), 1, "c"), STEP, ledger.now()))
                .as("another run")
                .isInstanceOf(Reserved.class);
        assertThat(ofRuns.reserve(cancel("d"), STEP, ledger.now())).as("no run").isInstanceOf(Reserved.class);
        assertThat(used(ofRuns, String.valueOf(run), Unit.CUSTOMERS)).isEqualTo(2);
    }

    private Request line(long run, long number, String customer) {
        return ledger.admit(
                Admissions.cancel().of(Admissions.customer(customer)).inRun(run, number));
    }

    private long run(String name) {
        ledger.jdbc()
                .sql("""
                insert into run (job, name, plan_only, created_by, cause, created_at)
                values ('offboarding', :name, false, 'jane', 'test', :now)
                """)
                .param("name", name)
                .param("now", ledger.now().atOffset(ZoneOffset.UTC))
                .update();
        return ledger.jdbc()
                .sql("select number from run where name = ?")
                .param(name)
                .query(Long.class)
                .single();
    }

    @Test
    void holdsInANightWhatIsBeyondItAndByDayNothing() {
        var nights = budgets(book().operation("cancel-subscription", Unit.CUSTOMERS, Limit.of(1), NIGHT));
        assertThat(nights.reserve(cancel("by-day"), STEP, ledger.now())).isInstanceOf(Reserved.class);
        assertThat(nights.reserve(cancel("by-day-too"), STEP, ledger.now())).isInstanceOf(Reserved.class);
        // 20:15:30
        ledger.pass(Duration.ofHours(12));
        assertThat(nights.reserve(cancel("by-night"), STEP, ledger.now())).isInstanceOf(Reserved.class);

        assertThat(sentence(nights.reserve(cancel("by-night-too"), STEP, ledger.now())))
                .isEqualTo(
                        "The budget of cancel-subscription allows 1 customers in a night (20:00 to 06:00 Z); 1 are used.");
        assertThat(standing(nights, "cancel-subscription", Unit.CUSTOMERS)).anySatisfy(each -> {
            assertThat(each.budget().period()).isEqualTo(NIGHT);
            assertThat(each.nextFreeAt()).isEqualTo(Instant.parse("2026-11-21T06:00:00Z"));
        });
        ledger.pass(Duration.ofHours(10));
        assertThat(nights.reserve(cancel("next-day"), STEP, ledger.now())).isInstanceOf(Reserved.class);
        assertThat(standing(nights, "cancel-subscription", Unit.CUSTOMERS))
                .filteredOn(each -> each.budget().period().equals(NIGHT))
                .singleElement()
                .satisfies(each -> assertThat(each.holds()).isFalse());
    }

    @Test
    void countsAKeptPermitAnewInTheNightThatHasBegun() {
        var nights = budgets(book().operation("cancel-subscription", Unit.CUSTOMERS, Limit.of(1), NIGHT));
        Request kept = cancel("kept");
        Request other = cancel("other");
        nights.reserve(kept, STEP, ledger.now());
        nights.reserve(other, STEP, ledger.now());
        ledger.pass(Duration.ofHours(12));

        assertThat(nights.reserve(kept, STEP, ledger.now())).isInstanceOf(Reserved.class);
        assertThat(nights.reserve(other, STEP, ledger.now())).isInstanceOf(UsedUp.class);
        assertThat(nights.reserve(kept, STEP, ledger.now())).isInstanceOf(Reserved.class);
        assertThat(used(nights, "cancel-subscription", Unit.CUSTOMERS)).isEqualTo(2);
    }

    @Test
    void growsWithTheCustomerBase() {
        var base = new JdbcCustomerBase(ledger.jdbc(), null, true);
        var shares = new JdbcBudgets(
                ledger.jdbc(),
                ledger.transactions(),
                BudgetBook.over(Duration.ofHours(24))
                        .operation("cancel-subscription", Unit.CUSTOMERS, Limit.of("1 or 1%"))
                        .build(),
                base,
                SafetyUnderSimulation.NO_BURSTS);
        assertThat(shares.reserve(cancel("a"), STEP, ledger.now())).isInstanceOf(Reserved.class);
        assertThat(sentence(shares.reserve(cancel("b"), STEP, ledger.now())))
                .isEqualTo("The budget of cancel-subscription allows 1 customers (1 or 1%) in 24 h; 1 are used.");

        base.counted(250, ledger.now());

        assertThat(shares.reserve(cancel("b"), STEP, ledger.now())).isInstanceOf(Reserved.class);
        assertThat(sentence(shares.reserve(cancel("c"), STEP, ledger.now())))
                .isEqualTo("The budget of cancel-subscription allows 2 customers (1 or 1%) in 24 h; 2 are used.");
    }

    @Test
    void allowsNothingToAnOperationWithoutABudget() {
        assertThat(sentence(budgets.reserve(
                        ledger.admit(Admissions.change(Operation.SUSPEND_SUBSCRIPTION)), "suspend", ledger.now())))
                .isEqualTo("The budget of suspend-subscription allows 0 customers in 24 h; 0 are used.");
    }

    @Test
    void tellsWhenTheNextCustomerCountsNoMore() {
        reserve("a");
        ledger.pass(Duration.ofHours(1));
        reserve("b");
        ledger.pass(Duration.ofHours(1));
        reserve("a");

        assertThat(standing(budgets, "cancel-subscription", Unit.CUSTOMERS))
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.used()).isEqualTo(2);
                    assertThat(each.free()).isEqualTo(3);
                    assertThat(each.nextFreeAt())
                            .as("a was touched again after b")
                            .isEqualTo(Admissions.START.plus(Duration.ofHours(25)));
                });
    }

    @Test
    void keepsEveryBudgetWhenNodesReserveAtOnceUnderSeveral() throws InterruptedException {
        List<Budgets> nodes = IntStream.range(0, 3)
                .mapToObj(_ -> budgets(book().source("/contoso/a", Unit.CUSTOMERS, Limit.of(3))
                        .source("/contoso/b", Unit.CALLS, Limit.of(4))
                        .jobs(JOBS)))
                .toList();
        List<Request> requests = new ArrayList<>();
        for (int each = 0; each < 12; each++) {
            var source = List.of("/contoso/a", "/contoso/b", "/contoso/c").get(each % 3);
            var admission = each % 2 == 0 ? Admissions.cancel() : Admissions.unlink();
            requests.add(
                    ledger.admit(admission.of(Admissions.customer("" + each)).from(source)));
        }
        var reserved = new CopyOnWriteArrayList<Request>();
        var threads = requests.stream()
                .flatMap(request -> nodes.stream()
                        .map(node -> Thread.ofVirtual().start(() -> {
                            if (node.reserve(request, STEP, ledger.now()) instanceof Reserved) {
                                reserved.add(request);
                            }
                        })))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }

        var customers = reserved.stream().distinct().toList();
        assertThat(reserved).as("each node finds the one permit").hasSize(3 * customers.size());
        assertThat(customers)
                .filteredOn(each -> each.key().source().equals("/contoso/a"))
                .hasSize(3);
        for (Operation operation : List.of(Operation.CANCEL_SUBSCRIPTION, Operation.REMOVE_RESELLER_RELATIONSHIP)) {
            assertThat(customers)
                    .filteredOn(each -> each.operation() == operation)
                    .hasSizeLessThanOrEqualTo(5);
        }
        assertThat(ledger.jdbc()
                        .sql("select count(*) from permit")
                        .query(Integer.class)
                        .single())
                .isEqualTo(customers.size());
    }

    private long used(Budgets budgets, String name, Unit unit) {
        return standing(budgets, name, unit).getFirst().used();
    }

    private List<Budgets.Standing> standing(Budgets budgets, String name, Unit unit) {
        return budgets.list(ledger.now()).stream()
                .filter(each -> each.budget().scope().name().equals(name)
                        && each.budget().unit() == unit)
                .toList();
    }

    private boolean reserve(String customer) {
        return budgets.reserve(cancel(customer), STEP, ledger.now()) instanceof Reserved;
    }

    private Request cancel(String customer) {
        return ledger.admit(Admissions.cancel().of(Admissions.customer(customer)));
    }

    private List<String> permits(Request request) {
        return ledger.jdbc()
                .sql("select state from permit where request_number = ?")
                .param(request.number())
                .query(String.class)
                .list();
    }
}
