package dev.offramp.safety;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.job.Jobs;
import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.CoolingOff;
import dev.offramp.offboarding.FreezeCalendar;
import dev.offramp.offboarding.Limit;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.safety.Bursts.Rest;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What does not fit into a budget holds the rest, at the guard step and at the permit, until a person decides. */
@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class BurstsTests {

    private static final Step CANCEL =
            new Step.ChangeSubscription(SubscriptionId.of("6e7aa601-629e-461b-8933-0898c3cc3c7c"), Change.CANCEL, true);

    private static final Rest AUTUMN = new Rest("/contoso/billing", Operation.CANCEL_SUBSCRIPTION, "autumn");

    private final LedgerFixture ledger;
    private final Bursts bursts;
    private final Budgets budgets;
    private final Guards guards;

    BurstsTests(TestDatabase database) {
        ledger = LedgerFixture.over(database.fresh());
        bursts = new JdbcBursts(
                ledger.jdbc(), ledger.transactions(), ledger.ledger().audit());
        budgets = budgets(2);
        guards = guards(budgets);
    }

    private Budgets budgets(int customers) {
        return new JdbcBudgets(
                ledger.jdbc(),
                ledger.transactions(),
                BudgetBook.over(Duration.ofHours(24))
                        .operation("cancel-subscription", Budget.Unit.CUSTOMERS, Limit.of(customers))
                        .build(),
                new JdbcCustomerBase(ledger.jdbc(), null, false),
                bursts);
    }

    private Guards guards(Budgets others) {
        return new Guards(
                ProtectedCustomers.of(Set.of(), Admissions.PARTNER),
                bursts,
                Canaries.NONE,
                others,
                new Delays(CoolingOff.NONE, FreezeCalendar.EMPTY, Jobs.of(List.of()), _ -> Optional.empty()),
                ledger.ledger().attempts(),
                PlanRule.NONE);
    }

    @Test
    void holdsTheRestWithTheFirstThatDoesNotFit() {
        var admitted = cancels(5);
        ledger.claim();
        var all = admitted.stream().map(ledger::read).toList();

        var held = guards.hold(all, ledger.now());

        assertThat(held)
                .extracting(
                        each -> each.request().number(),
                        each -> each.resolution().reason())
                .containsExactly(
                        tuple(all.get(2), Reason.BUDGET_EXCEEDED),
                        tuple(all.get(3), Reason.BURST_ON_HOLD),
                        tuple(all.get(4), Reason.BURST_ON_HOLD));
        assertThat(held.getLast().resolution().message())
                .isEqualTo(
                        "The rest of cancel-subscription of source /contoso/billing in group 'autumn' is on hold since "
                                + "%s, when request %s did not fit into a budget: The budget of cancel-subscription allows 2 customers in 24 h; 2 are used."
                                        .formatted(ledger.now(), all.get(2).key()));
        assertThat(reserve(all.get(0))).as("judged before the breach").isEmpty();
        assertThat(reserve(admitted.get(1)))
                .as("judged before it, and now in another batch")
                .isEmpty();
        assertThat(reserve(all.get(3))).contains(Reason.BURST_ON_HOLD);
    }

    private static org.assertj.core.groups.Tuple tuple(Request request, Reason reason) {
        return org.assertj.core.api.Assertions.tuple(request.number(), reason);
    }

    @Test
    void goesOnHoldingWhenTheBudgetHasRoomAgain() {
        var all = cancels(4);
        guards.hold(all, ledger.now());
        ledger.pass(Duration.ofHours(25));
        var late = cancel("late");

        assertThat(guards.hold(List.of(all.get(2), late), ledger.now()))
                .extracting(
                        each -> each.request().number(),
                        each -> each.resolution().reason())
                .containsExactly(tuple(all.get(2), Reason.BUDGET_EXCEEDED), tuple(late, Reason.BURST_ON_HOLD));
        assertThat(reserve(late)).contains(Reason.BURST_ON_HOLD);
        assertThat(reserve(all.get(2))).contains(Reason.BUDGET_EXCEEDED);
        assertThat(guards.wouldHold(late, null, ledger.now())).containsExactly("burst-on-hold");
    }

    @Test
    void isOpenedAtThePermitInTheSameTransaction() {
        var all = cancels(5);
        reserve(all.get(0));
        reserve(all.get(1));

        assertThat(reserve(all.get(3))).contains(Reason.BUDGET_EXCEEDED);

        assertThat(bursts.list()).singleElement().satisfies(each -> {
            assertThat(each.rest()).isEqualTo(AUTUMN);
            assertThat(each.burst().breacher()).isEqualTo(all.get(3).number());
            assertThat(each.burst().inOrder()).isFalse();
        });
        assertThat(reserve(all.get(2))).contains(Reason.BURST_ON_HOLD);
        assertThat(reserve(all.get(4))).contains(Reason.BURST_ON_HOLD);
        assertThat(audited()).containsExactly("Offramp: burst on hold");
    }

    @Test
    void holdsNothingOfAnotherSourceOperationOrGroup() {
        guards.hold(cancels(4), ledger.now());
        var roomy = guards(budgets(100));

        assertThat(roomy.hold(
                        List.of(
                                ledger.admit(Admissions.cancel().inGroup("winter")),
                                ledger.admit(Admissions.cancel()),
                                ledger.admit(
                                        Admissions.cancel().from("/contoso/crm").inGroup("autumn"))),
                        ledger.now()))
                .isEmpty();
        assertThat(roomy.hold(List.of(cancel("another")), ledger.now())).hasSize(1);
    }

    @Test
    void takesWhatIsWithoutAGroupAsARestOfItsOwn() {
        budgets(0).reserve(ledger.admit(Admissions.cancel()), "cancel", ledger.now());

        assertThat(bursts.list()).extracting(each -> each.rest().group()).containsOnlyNulls();
        assertThat(guards.hold(List.of(ledger.admit(Admissions.cancel())), ledger.now()))
                .extracting(each -> each.resolution().reason())
                .containsExactly(Reason.BURST_ON_HOLD);
        assertThat(guards.hold(List.of(cancel("a")), ledger.now())).isEmpty();
    }

    @Test
    void letsARequestFinishThatHasAnAttempt() {
        var sent = cancel("sent");
        ledger.sendTry(sent, ledger.claim());
        budgets(0).reserve(cancel("breach"), "cancel", ledger.now());

        assertThat(reserve(ledger.read(sent))).isEmpty();
        assertThat(reserve(cancel("other"))).contains(Reason.BURST_ON_HOLD);
    }

    @Test
    void letsTheWholeGroupGoOnceAPersonHasReleasedIt() {
        var all = new ArrayList<>(cancels(6));
        for (var held : guards.hold(all, ledger.now())) {
            ledger.settle(held.request(), held.resolution(), null);
            ledger.settle(ledger.read(held.request()), LedgerFixture.resolution(Reason.ADMITTED), null);
        }
        all.replaceAll(ledger::read);

        assertThat(guards.hold(all, ledger.now()))
                .as("and the two that came before the breach keep their place in the budget")
                .isEmpty();
        assertThat(all.subList(2, 6))
                .allSatisfy(each -> assertThat(reserve(each)).isEmpty());
        assertThat(reserve(cancel("new")))
                .as("released was what was held, and nothing new")
                .contains(Reason.BURST_ON_HOLD);
    }

    @Test
    void endsWhenAPersonEndsIt() {
        guards.hold(cancels(3), ledger.now());

        assertThat(bursts.end(AUTUMN, "jane", "the list is right", ledger.now()))
                .isTrue();

        assertThat(bursts.end(AUTUMN, "jane", "once more", ledger.now())).isFalse();
        assertThat(reserve(cancel("new"))).isEmpty();
        assertThat(audited()).containsExactly("Offramp: burst on hold", "jane: burst ended");
    }

    @Test
    void endsByItselfWhenNothingOfItIsOpen() {
        var all = cancels(3);
        guards.hold(all, ledger.now());
        all.subList(1, 3).forEach(this::reject);
        assertThat(bursts.endFinished(ledger.now())).isZero();

        reject(all.getFirst());
        ledger.admit(Admissions.cancel().inGroup("winter"));

        assertThat(bursts.endFinished(ledger.now())).isOne();
        assertThat(bursts.list()).isEmpty();
        assertThat(audited()).containsExactly("Offramp: burst on hold", "Offramp: burst ended");
    }

    private void reject(Request request) {
        ledger.settle(request, LedgerFixture.resolution(Reason.REJECTED_BY_OPERATOR), null);
    }

    /** Two nodes reserve for the same list at once: exactly one request is the breach, and the rest is on hold. */
    @Test
    void letsNoMoreThroughWhenNodesReserveAtOnce() throws Exception {
        var all = cancels(12);
        var nodes = List.of(guards(budgets(2)), guards(budgets(2)));

        List<Optional<Reason>> ends;
        try (var threads = Executors.newFixedThreadPool(4)) {
            var asked = IntStream.range(0, all.size())
                    .mapToObj(each -> threads.submit(() -> nodes.get(each % 2)
                            .reserve(all.get(each), CANCEL, null, ledger.now())
                            .map(Resolution::reason)))
                    .toList();
            ends = new ArrayList<>();
            for (var each : asked) {
                ends.add(each.get());
            }
        }

        assertThat(ends).filteredOn(Optional::isEmpty).hasSize(2);
        assertThat(ends).filteredOn(Optional.of(Reason.BUDGET_EXCEEDED)::equals).hasSize(1);
        assertThat(ends).filteredOn(Optional.of(Reason.BURST_ON_HOLD)::equals).hasSize(9);
    }

    private List<String> audited() {
        return ledger.ledger().audit().list(null, 10).reversed().stream()
                .map(Audit.Written::entry)
                .map(each -> each.who() + ": " + each.what())
                .toList();
    }

    private Optional<Reason> reserve(Request request) {
        return guards.reserve(request, CANCEL, null, ledger.now()).map(Resolution::reason);
    }

    private List<Request> cancels(int count) {
        return IntStream.range(0, count).mapToObj(each -> cancel("" + each)).toList();
    }

    private Request cancel(String customer) {
        return ledger.admit(
                Admissions.cancel().of(Admissions.customer(customer)).inGroup("autumn"));
    }
}
