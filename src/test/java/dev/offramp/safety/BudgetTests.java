package dev.offramp.safety;

import static dev.offramp.testing.Definitions.job;
import static dev.offramp.testing.Definitions.with;
import static dev.offramp.testing.LedgerFixture.deferred;
import static dev.offramp.testing.LedgerFixture.resolution;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.job.JobDefinition;
import dev.offramp.job.Jobs;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

    private final LedgerFixture ledger;
    private final Budgets budgets;

    BudgetTests(TestDatabase database) {
        ledger = LedgerFixture.over(database.fresh());
        budgets = new JdbcBudgets(
                ledger.jdbc(),
                ledger.transactions(),
                Map.of(Operation.CANCEL_SUBSCRIPTION, 5),
                JOBS,
                Duration.ofHours(24));
        ledger.ledger().batches().addJobs(List.of("cancels"));
    }

    @Test
    void endsAfterFiveCustomers() {
        IntStream.range(0, 5).forEach(each -> assertThat(reserve("" + each)).isTrue());

        assertThat(budgets.reserve(cancel("one too many"), STEP, ledger.now()))
                .isEqualTo(new Budgets.Reservation.Exceeded("cancel-subscription", 5, 5, Duration.ofHours(24)));
    }

    @Test
    void endsAfterTheCustomersOfTheJobEvenWhereItsOperationHasMore() {
        var first =
                ledger.admit(Admissions.cancel().of(Admissions.customer("a")).byJob("cancels"));
        assertThat(reserveFor(first)).isInstanceOf(Budgets.Reservation.Reserved.class);
        reserve("b");
        assertThat(reserveFor(byJob("c"))).as("b is not the job's").isInstanceOf(Budgets.Reservation.Reserved.class);

        var exceeded = reserveFor(byJob("d"));

        assertThat(exceeded).isEqualTo(new Budgets.Reservation.Exceeded("the job cancels", 2, 2, Duration.ofHours(24)));
        assertThat(((Budgets.Reservation.Exceeded) exceeded).sentence())
                .isEqualTo("The budget of the job cancels allows 2 customers in 24 h; 2 are used.");
        assertThat(reserveFor(byJob("a"))).as("counted already").isInstanceOf(Budgets.Reservation.Reserved.class);
        assertThat(reserveFor(first)).as("its own permit").isInstanceOf(Budgets.Reservation.Reserved.class);
        assertThat(reserve("e")).as("another job").isTrue();
    }

    @Test
    void reservesNoMoreForAJobThanItsOperationHas() {
        IntStream.range(0, 5).forEach(each -> reserve("" + each));

        assertThat(reserveFor(byJob("a"))).isInstanceOf(Budgets.Reservation.Exceeded.class);
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

        assertThat(budgets.reserve(request, STEP, ledger.now())).isInstanceOf(Budgets.Reservation.Reserved.class);
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

        assertThat(budgets.reserve(kept, STEP, ledger.now())).isInstanceOf(Budgets.Reservation.Reserved.class);
        assertThat(permits(kept)).containsExactly("reserved");
        assertThat(budgets.reserve(other, STEP, ledger.now())).isInstanceOf(Budgets.Reservation.Exceeded.class);
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
                        .start(() -> reserved.add(
                                budgets.reserve(request, STEP, ledger.now()) instanceof Budgets.Reservation.Reserved)))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(reserved).hasSize(16);
        assertThat(reserved.stream().filter(each -> each)).hasSize(5);
    }

    private boolean reserve(String customer) {
        return budgets.reserve(cancel(customer), STEP, ledger.now()) instanceof Budgets.Reservation.Reserved;
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
