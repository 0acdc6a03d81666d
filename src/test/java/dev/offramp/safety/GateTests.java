package dev.offramp.safety;

import static dev.offramp.testing.LedgerFixture.resolution;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.ledger.Attempts.Finding;
import dev.offramp.ledger.Attempts.RecordedReply;
import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Fence;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.Limit;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Step;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class GateTests {

    private static final String STEP = "cancel";

    private final LedgerFixture ledger;
    private final Brake brake;
    private final Budgets budgets;
    private final Gate gate;
    private long nanos = 1_000;

    GateTests(TestDatabase database) {
        HikariDataSource dataSource = database.fresh();
        ledger = LedgerFixture.over(dataSource);
        brake = new JdbcBrake(
                ledger.jdbc(), ledger.transactions(), ledger.ledger().audit());
        budgets = new JdbcBudgets(
                ledger.jdbc(),
                ledger.transactions(),
                BudgetBook.over(Duration.ofHours(24))
                        .operation("cancel-subscription", Budget.Unit.CUSTOMERS, Limit.of(5))
                        .build(),
                new JdbcCustomerBase(ledger.jdbc(), null, false),
                SafetyUnderSimulation.NO_BURSTS);
        gate = gate(Mode.LIVE);
    }

    @Test
    void writesOneTryAndGrantsItsPermit() {
        Request request = claimed(Admissions.cancel());

        Pass pass = gate.pass(wish(request));

        assertThat(pass).isInstanceOfSatisfying(Pass.Granted.class, granted -> {
            assertThat(granted.permit().requestId()).isEqualTo(granted.written().msRequestId());
            assertThat(granted.permit().correlationId())
                    .isEqualTo(granted.written().msCorrelationId());
            assertThat(granted.permit().step().word()).isEqualTo("cancel");
            assertThat(granted.permit().sendBefore()).isEqualTo(1_000 + 1_000_000_000L);
        });
        assertThat(tries(request)).hasSize(1);
        assertThat(tries(request).getFirst().reply()).isNull();
    }

    @Test
    void letsTheTimeToSendRunFromTheMomentThatWasJudged() {
        Request request = claimed(Admissions.cancel());
        Brake slow = new Brake() {
            @Override
            public void pull(Scope scope, String name, String who, String cause, Instant now) {}

            @Override
            public boolean release(Scope scope, String name, String who, String cause, Instant now) {
                return false;
            }

            @Override
            public List<Pulled> list() {
                nanos += 200_000_000_000L; // The process stands still in the middle of the gate.
                return List.of();
            }
        };

        Pass pass = gate(Mode.LIVE, slow).pass(wish(request));

        assertThat(pass)
                .isInstanceOfSatisfying(
                        Pass.Granted.class,
                        granted -> assertThat(granted.permit().sendBefore()).isEqualTo(1_000 + 1_000_000_000L));
    }

    @Test
    void staysShutWhenTheLeaseHasRunOut() {
        Request request = claimed(Admissions.cancel());
        ledger.pass(LedgerFixture.LEASE);

        assertShut(request, Pass.Why.LEASE_LOST);
    }

    @Test
    void staysShutWhenTheLeaseIsAnothers() {
        Request request = claimed(Admissions.cancel());
        ledger.pass(LedgerFixture.LEASE);
        ledger.ledger().batches().take(request.batch(), "other", LedgerFixture.LEASE, ledger.now());

        assertShut(request, Pass.Why.LEASE_LOST);
    }

    @Test
    void staysShutForACustomerThatIsProtectedByNow() {
        Request request = claimed(Admissions.cancel().of(Admissions.customer("protected")));

        assertShut(request, Pass.Why.PROTECTED);
    }

    @Test
    void staysShutUnderTheBrake() {
        Request request = claimed(Admissions.cancel());
        brake.pull(Brake.Scope.ALL, "", "jane", "stop", ledger.now());

        assertShut(request, Pass.Why.BRAKE);
    }

    @Test
    void staysShutUnderTheBrakeOnItsOperation() {
        Request request = claimed(Admissions.cancel());
        brake.pull(Brake.Scope.OPERATION, "cancel-subscription", "jane", "stop", ledger.now());

        assertShut(request, Pass.Why.BRAKE_IN_PART);
    }

    @Test
    void staysShutUnderTheBrakeOnItsSource() {
        Request request = claimed(Admissions.cancel().from("/contoso/crm"));
        brake.pull(Brake.Scope.SOURCE, "/contoso/crm", "jane", "stop", ledger.now());

        assertShut(request, Pass.Why.BRAKE_IN_PART);
    }

    @Test
    void staysShutUnderTheBrakeOnItsGroupOfWhateverSource() {
        Request request = claimed(Admissions.cancel().from("/contoso/crm").inGroup("wave-1"));
        brake.pull(Brake.Scope.GROUP, "wave-1", "jane", "stop", ledger.now());

        assertShut(request, Pass.Why.BRAKE_IN_PART);
    }

    @Test
    void opensUnderTheBrakeOnSomethingElse() {
        Request request = claimed(Admissions.cancel().inGroup("wave-1"));
        brake.pull(Brake.Scope.GROUP, "wave-2", "jane", "stop", ledger.now());
        brake.pull(Brake.Scope.SOURCE, "/contoso/crm", "jane", "stop", ledger.now());
        brake.pull(Brake.Scope.OPERATION, "remove-reseller-relationship", "jane", "stop", ledger.now());

        assertThat(gate.pass(wish(request))).isInstanceOf(Pass.Granted.class);
    }

    @Test
    void staysShutWhileTheModeIsObserve() {
        Request request = claimed(Admissions.cancel());

        assertThat(gate(Mode.OBSERVE).pass(wish(request)))
                .isInstanceOfSatisfying(
                        Pass.Refused.class, refused -> assertThat(refused.why()).isEqualTo(Pass.Why.NOT_LIVE));
        assertThat(tries(request)).isEmpty();
    }

    @Test
    void staysShutForWhatWasAdmittedInObserveMode() {
        assertShut(claimed(Admissions.cancel().observed()), Pass.Why.NOT_LIVE);
    }

    @Test
    void staysShutForAPlan() {
        assertShut(claimed(Admissions.cancel().planOnly()), Pass.Why.NOT_LIVE);
    }

    @Test
    void staysShutWhenTheRequestChangedSinceItWasRead() {
        Request request = claimed(Admissions.cancel());
        ledger.settle(request, resolution(Reason.INTERNAL_ERROR), null);

        assertShut(request, Pass.Why.STATE_CHANGED);
    }

    @Test
    void staysShutWhenTheRequestWasWithdrawn() {
        Request request = claimed(Admissions.cancel());
        ledger.withdraw(Admissions.withdraw(request.key().id()));

        assertShut(request, Pass.Why.STATE_CHANGED);
    }

    @Test
    void givesAPermitBackThatWasReservedWhileTheRequestWasWithdrawn() {
        Request request = ledger.admit(Admissions.cancel());
        ledger.claim();
        Request asRead = ledger.read(request);
        ledger.withdraw(Admissions.withdraw(request.key().id()));
        budgets.reserve(asRead, STEP, ledger.now());

        assertShut(asRead, Pass.Why.STATE_CHANGED);

        assertThat(budgets.list(ledger.now()))
                .singleElement()
                .satisfies(each -> assertThat(each.used()).isZero());
    }

    @Test
    void staysShutWhileAWithdrawWaits() {
        Request request = claimed(Admissions.cancel());
        Pass.Granted first = (Pass.Granted) gate.pass(wish(request));
        ledger.withdraw(Admissions.withdraw(request.key().id()));
        ledger.reply(first.written(), ReplyKind.STALE);

        assertThat(why(gate.pass(wish(request)))).isEqualTo(Pass.Why.STATE_CHANGED);
        assertThat(tries(request)).hasSize(1);
    }

    @Test
    void staysShutWhileATryIsWithoutAReply() {
        Request request = claimed(Admissions.cancel());
        gate.pass(wish(request));

        assertThat(why(gate.pass(wish(request)))).isEqualTo(Pass.Why.UNANSWERED_TRY);
        assertThat(tries(request)).hasSize(1);
    }

    @Test
    void staysShutWhileAReplyIsLost() {
        Request request = claimed(Admissions.cancel());
        Pass.Granted first = (Pass.Granted) gate.pass(wish(request));
        ledger.reply(first.written(), ReplyKind.LOST);

        assertThat(why(gate.pass(wish(request)))).isEqualTo(Pass.Why.UNANSWERED_TRY);
    }

    @Test
    void staysShutOnceATryWasAccepted() {
        for (ReplyKind accepting : List.of(ReplyKind.DONE, ReplyKind.ACCEPTED)) {
            Request request = claimed(Admissions.cancel().as(accepting.name()));
            Pass.Granted first = (Pass.Granted) gate.pass(wish(request));
            ledger.reply(first.written(), accepting);

            assertThat(why(gate.pass(wish(request)))).isEqualTo(Pass.Why.UNANSWERED_TRY);
            assertThat(tries(request)).hasSize(1);
        }
    }

    @Test
    void staysShutWhenAnEarlierTryIsAcceptedLateThoughItWasRepeated() {
        Request request = claimed(Admissions.cancel());
        Pass.Granted first = (Pass.Granted) gate.pass(wish(request));
        ledger.ledger().attempts().found(first.written().id(), Finding.NOT_DONE, ledger.now());
        Pass.Granted second = (Pass.Granted) gate.pass(wish(request));
        ledger.reply(second.written(), ReplyKind.THROTTLED);
        ledger.reply(first.written(), ReplyKind.DONE);

        assertThat(why(gate.pass(wish(request)))).isEqualTo(Pass.Why.UNANSWERED_TRY);
    }

    @Test
    void staysShutWithoutAPermit() {
        Request request = ledger.admit(Admissions.cancel());
        ledger.claim();

        assertShut(ledger.read(request), Pass.Why.NO_PERMIT);
    }

    @Test
    void staysShutWhenTheFactsAreTooOld() {
        Request request = claimed(Admissions.cancel());
        Instant readAt = ledger.now().minus(Duration.ofSeconds(30)).minusMillis(1);

        assertThat(why(gate.pass(wish(request, readAt)))).isEqualTo(Pass.Why.FACTS_TOO_OLD);
        assertThat(tries(request)).isEmpty();
        assertThat(gate.pass(wish(request, readAt.plusMillis(1)))).isInstanceOf(Pass.Granted.class);
    }

    @Test
    void repeatsTheRequestIdWhileNoResponseWasSeen() {
        Request request = claimed(Admissions.cancel());
        Pass.Granted first = (Pass.Granted) gate.pass(wish(request));
        reply(first.written(), ReplyKind.NOT_SENT, 0);
        Pass.Granted second = (Pass.Granted) gate.pass(wish(request));
        reply(second.written(), ReplyKind.LOST, 0);
        ledger.ledger().attempts().found(second.written().id(), Finding.NOT_DONE, ledger.now());

        Pass.Granted third = (Pass.Granted) gate.pass(wish(request));

        assertThat(List.of(second, third))
                .allSatisfy(each -> assertThat(each.permit().requestId())
                        .isEqualTo(first.permit().requestId()))
                .doesNotHaveDuplicates();
        assertThat(tries(request).stream().map(Try::msCorrelationId)).doesNotHaveDuplicates();
    }

    @Test
    void takesANewRequestIdAfterAResponse() {
        Request request = claimed(Admissions.cancel());
        Pass.Granted first = (Pass.Granted) gate.pass(wish(request));
        reply(first.written(), ReplyKind.THROTTLED, 429);

        Pass.Granted second = (Pass.Granted) gate.pass(wish(request));

        assertThat(second.permit().requestId()).isNotEqualTo(first.permit().requestId());
    }

    @Test
    void letsOneOfManyPassAtTheSameTime() throws InterruptedException {
        Request request = claimed(Admissions.cancel());
        var passes = new CopyOnWriteArrayList<Pass>();
        var together = new CountDownLatch(4);
        var threads = List.of(1, 2, 3, 4).stream()
                .map(_ -> Thread.ofVirtual().start(() -> {
                    together.countDown();
                    try {
                        together.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException("nobody interrupts a test", e);
                    }
                    passes.add(gate.pass(wish(request)));
                }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(passes).hasSize(4);
        assertThat(passes.stream().filter(Pass.Granted.class::isInstance)).hasSize(1);
        assertThat(passes.stream().filter(Pass.Refused.class::isInstance).map(GateTests::why))
                .containsOnly(Pass.Why.UNANSWERED_TRY);
        assertThat(tries(request)).hasSize(1);
    }

    private Gate gate(Mode mode) {
        return gate(mode, brake);
    }

    private Gate gate(Mode mode, Brake brake) {
        return new Gate(
                new JdbcPermits(ledger.jdbc()),
                ledger.transactions(),
                ledger.ledger().requests(),
                ledger.ledger().attempts(),
                ledger.ledger().batches(),
                brake,
                new JdbcTenantDoubt(
                        ledger.jdbc(), ledger.transactions(), ledger.ledger().audit()),
                ledger::now,
                () -> nanos,
                ProtectedCustomers.of(Set.of(Admissions.customer("protected")), Admissions.PARTNER),
                new Gate.Terms(mode, "node-1", Duration.ofSeconds(30), Duration.ofSeconds(1)),
                new GateJournal() {});
    }

    /** Admitted, claimed and with a permit: everything holds. */
    private Request claimed(Admissions admission) {
        Request request = ledger.admit(admission);
        Batch batch = ledger.claim();
        assertThat(batch.requests()).isEqualTo(1);
        budgets.reserve(request, STEP, ledger.now());
        return ledger.read(request);
    }

    private Gate.Wish wish(Request request) {
        return wish(request, ledger.now());
    }

    private static Gate.Wish wish(Request request, Instant factsReadAt) {
        return new Gate.Wish(
                request,
                new Step.ChangeSubscription(request.subscriptionId(), Change.CANCEL, true),
                new Fence(request.batch(), 1),
                factsReadAt,
                null);
    }

    private void assertShut(Request request, Pass.Why expected) {
        assertThat(why(gate.pass(wish(request)))).isEqualTo(expected);
        assertThat(tries(request)).isEmpty();
    }

    private static Pass.Why why(Pass pass) {
        assertThat(pass).isInstanceOf(Pass.Refused.class);
        return ((Pass.Refused) pass).why();
    }

    private List<Try> tries(Request request) {
        return ledger.ledger().attempts().of(request.number());
    }

    private void reply(Try written, ReplyKind kind, int status) {
        ledger.ledger().attempts().reply(written.id(), new RecordedReply(kind, status, null, null, null), ledger.now());
    }
}
