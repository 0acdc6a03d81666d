package dev.offramp.safety;

import static dev.offramp.testing.Definitions.job;
import static dev.offramp.testing.Definitions.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.job.JobDefinition;
import dev.offramp.job.Jobs;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.CoolingOff;
import dev.offramp.offboarding.FreezeCalendar;
import dev.offramp.offboarding.Limit;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.safety.Budget.Unit;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class GuardsTests {

    private static final Step CANCEL =
            new Step.ChangeSubscription(SubscriptionId.of("6e7aa601-629e-461b-8933-0898c3cc3c7c"), Change.CANCEL, true);

    private final LedgerFixture ledger;
    private final Budgets budgets;
    private final Guards guards;
    private final List<Request> requests = new ArrayList<>();

    GuardsTests(TestDatabase database) {
        ledger = LedgerFixture.over(database.fresh());
        var bursts = new JdbcBursts(
                ledger.jdbc(), ledger.transactions(), ledger.ledger().audit());
        budgets = new JdbcBudgets(
                ledger.jdbc(),
                ledger.transactions(),
                BudgetBook.over(Duration.ofHours(24))
                        .operation("cancel-subscription", Unit.CUSTOMERS, Limit.of(2))
                        .operation("remove-reseller-relationship", Unit.CUSTOMERS, Limit.of(1))
                        .jobs(Jobs.of(List.of(
                                with(new JobDefinition.Guards(1), job("cancels", Operation.CANCEL_SUBSCRIPTION)))))
                        .build(),
                new JdbcCustomerBase(ledger.jdbc(), null, false),
                bursts);
        ledger.ledger().batches().addJobs(List.of("cancels"));
        guards = new Guards(
                ProtectedCustomers.of(Set.of(Admissions.customer("protected")), Admissions.PARTNER),
                bursts,
                Canaries.NONE,
                budgets,
                new Delays(CoolingOff.NONE, FreezeCalendar.EMPTY, Jobs.of(List.of()), _ -> Optional.empty()),
                ledger.ledger().attempts(),
                PlanRule.NONE);
    }

    @Test
    void holdsProtectedCustomersFirstSoThatTheyCostNoBudget() {
        Request kept = cancel("protected");
        cancel("a");
        cancel("b");

        assertThat(held()).containsExactly(Map.entry(kept.number(), Reason.PROTECTED_CUSTOMER));
    }

    @Test
    void holdsWhatExceedsTheBudgetInLedgerOrder() {
        cancel("a");
        cancel("b");
        Request third = cancel("c");
        cancel("a");
        Request fourth = cancel("d");

        assertThat(held())
                .containsExactly(
                        Map.entry(third.number(), Reason.BUDGET_EXCEEDED),
                        Map.entry(fourth.number(), Reason.BUDGET_EXCEEDED));
    }

    @Test
    void holdsWhatExceedsTheBudgetOfItsJobWhileOthersOfTheOperationFit() {
        keep(Admissions.cancel().of(Admissions.customer("a")).byJob("cancels"));
        Request second = keep(Admissions.cancel().of(Admissions.customer("b")).byJob("cancels"));
        cancel("c");
        keep(Admissions.cancel().of(Admissions.customer("a")).byJob("cancels"));

        assertThat(held()).containsExactly(Map.entry(second.number(), Reason.BUDGET_EXCEEDED));
        assertThat(guards.hold(requests, ledger.now()).getFirst().resolution().message())
                .isEqualTo("The budget of the job cancels allows 1 customers in 24 h; 1 are used.");
    }

    @Test
    void saysOfAPlanThatTheBudgetOfItsJobWouldHoldIt() {
        budgets.reserve(
                keep(Admissions.cancel().of(Admissions.customer("a")).byJob("cancels")), "cancel", ledger.now());

        assertThat(guards.wouldHold(
                        keep(Admissions.cancel().of(Admissions.customer("b")).byJob("cancels")), null, ledger.now()))
                .containsExactly("budget-exceeded");
        assertThat(guards.wouldHold(cancel("b"), null, ledger.now())).isEmpty();
    }

    @Test
    void countsEachOperationForItself() {
        cancel("a");
        cancel("b");
        keep(Admissions.unlink().of(Admissions.customer("c")));

        assertThat(held()).isEmpty();
    }

    @Test
    void holdsNeitherPlansNorWhatWasAdmittedInObserveMode() {
        keep(Admissions.cancel().of(Admissions.customer("protected")).planOnly());
        keep(Admissions.cancel().of(Admissions.customer("protected")).observed());

        assertThat(held()).isEmpty();
    }

    @Test
    void holdsNothingThatHasATry() {
        Request sent = cancel("protected");
        ledger.sendTry(sent, ledger.claim());

        assertThat(held()).isEmpty();
    }

    @Test
    void reservesNoPermitForACustomerThatIsProtectedByNow() {
        Request sent = cancel("protected");

        assertThat(guards.reserve(sent, CANCEL, null, ledger.now()))
                .hasValueSatisfying(held -> assertThat(held.reason()).isEqualTo(Reason.PROTECTED_CUSTOMER));
        assertThat(guards.reserve(cancel("a"), CANCEL, null, ledger.now())).isEmpty();
    }

    @Test
    void reservesNothing() {
        cancel("a");
        held();

        assertThat(used()).isZero();
    }

    @Test
    void letsPassBeyondTheBudgetWhatAPersonReleasedFromItAndCountsIt() {
        cancel("a");
        cancel("b");
        Request released = release(cancel("c"), Reason.BUDGET_EXCEEDED);
        Request fourth = cancel("d");

        assertThat(held()).containsExactly(Map.entry(fourth.number(), Reason.BUDGET_EXCEEDED));
        guards.reserve(requests.get(0), CANCEL, null, ledger.now());
        guards.reserve(requests.get(1), CANCEL, null, ledger.now());
        assertThat(guards.reserve(released, CANCEL, null, ledger.now())).isEmpty();
        assertThat(used()).as("c counts, too").isEqualTo(3);
    }

    /** Customers of the budget of cancel-subscription. */
    private long used() {
        return budgets.list(ledger.now()).stream()
                .filter(each -> each.budget().scope().name().equals("cancel-subscription"))
                .mapToLong(Budgets.Standing::used)
                .sum();
    }

    @Test
    void holdsWhatWasReleasedFromSomethingElse() {
        cancel("a");
        cancel("b");
        Request other = release(cancel("c"), Reason.EXPECTATION_MISMATCH);

        assertThat(held()).containsExactly(Map.entry(other.number(), Reason.BUDGET_EXCEEDED));
        guards.reserve(requests.get(0), CANCEL, null, ledger.now());
        guards.reserve(requests.get(1), CANCEL, null, ledger.now());
        assertThat(guards.reserve(other, CANCEL, null, ledger.now()))
                .hasValueSatisfying(held -> assertThat(held.reason()).isEqualTo(Reason.BUDGET_EXCEEDED));
    }

    @Test
    void releasesNobodyFromProtection() {
        Request kept = release(cancel("protected"), Reason.PROTECTED_CUSTOMER);

        assertThat(held()).containsExactly(Map.entry(kept.number(), Reason.PROTECTED_CUSTOMER));
        assertThat(guards.reserve(kept, CANCEL, null, ledger.now())).isPresent();
    }

    private Request release(Request request, Reason reason) {
        ledger.settle(request, LedgerFixture.resolution(reason), null);
        ledger.settle(request, LedgerFixture.resolution(Reason.ADMITTED), null);
        Request released = ledger.read(request);
        requests.set(requests.indexOf(request), released);
        return released;
    }

    private Request cancel(String customer) {
        return keep(Admissions.cancel().of(Admissions.customer(customer)));
    }

    /** Each in a group of its own: what is held here is held for itself, and not with a burst. */
    private Request keep(Admissions admission) {
        Request request = ledger.admit(admission.inGroup("group " + requests.size()));
        requests.add(request);
        return request;
    }

    private List<Map.Entry<Long, Reason>> held() {
        return guards.hold(requests, ledger.now()).stream()
                .map(each ->
                        Map.entry(each.request().number(), each.resolution().reason()))
                .toList();
    }
}
