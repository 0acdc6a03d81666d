package dev.offramp.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.safety.Bursts;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A wrong list does not drip on: what a breach holds waits for a person, whatever the budget has left later. */
@OnBothDatabases
class BurstsInBatchesTests {

    private final BatchNode node;

    BurstsInBatchesTests(TestDatabase database) {
        node = BatchNode.over(
                database.fresh(),
                "offramp.safety.budget.customers.cancel-subscription=2",
                "offramp.batch.max-requests=100");
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void holdsTheListForGoodAndReleasesItWithOneDecision() {
        List<Request> list = list(0, 6);
        node.work();
        assertThat(list.subList(0, 2))
                .allSatisfy(each -> assertThat(node.told(each)).endsWith(Reason.DONE));
        assertThat(node.told(list.get(2))).endsWith(Reason.BUDGET_EXCEEDED);
        assertThat(list.subList(3, 6))
                .allSatisfy(each -> assertThat(node.told(each)).endsWith(Reason.BURST_ON_HOLD));

        node.clock.pass(Duration.ofHours(48));
        List<Request> late = list(6, 8);
        Request other = node.admit(cancel(9).inGroup("winter"));
        node.work();

        assertThat(node.told(other)).as("the budget has room").endsWith(Reason.DONE);
        assertThat(late).allSatisfy(each -> assertThat(node.told(each)).endsWith(Reason.BURST_ON_HOLD));
        assertThat(node.partnerCenter.calls).hasSize(3);

        List<Request> held = IntStream.range(2, 8)
                .mapToObj(each -> each < 6 ? list.get(each) : late.get(each - 6))
                .toList();
        held.forEach(this::release);
        node.work();

        assertThat(held).allSatisfy(each -> assertThat(node.told(each)).endsWith(Reason.ADMITTED, Reason.DONE));
        assertThat(node.partnerCenter.calls).hasSize(9);
    }

    @Test
    void endsWithTheLastOfItAndThenLetsNewOnesBeJudgedByTheBudgetAlone() {
        List<Request> list = list(0, 4);
        node.work();
        assertThat(endFinished()).isZero();

        list.subList(2, 4).forEach(each -> settle(each, Reason.REJECTED_BY_OPERATOR));
        assertThat(endFinished()).isOne();
        node.clock.pass(Duration.ofHours(25));
        Request next = list(4, 5).getFirst();
        node.work();

        assertThat(node.told(next)).endsWith(Reason.DONE);
    }

    @Test
    void letsNewOnesBeJudgedByTheBudgetAloneOnceAPersonHasEndedIt() {
        List<Request> list = list(0, 4);
        node.work();
        node.clock.pass(Duration.ofHours(25));

        assertThat(bursts().end(
                                new Bursts.Rest("/contoso/billing", Operation.CANCEL_SUBSCRIPTION, "autumn"),
                                "jane",
                                "the list is right",
                                node.clock.instant()))
                .isTrue();
        List<Request> more = list(4, 7);
        node.work();

        assertThat(more)
                .extracting(each -> node.read(each).reason())
                .containsExactly(Reason.DONE, Reason.DONE, Reason.BUDGET_EXCEEDED);
        assertThat(list.subList(2, 4))
                .allSatisfy(each -> assertThat(node.read(each).status()).isEqualTo(Status.HELD));
    }

    @Test
    void saysOfAPlanThatItWouldBeOnHold() {
        list(0, 3);
        node.work();
        Request plan = node.admit(cancel(7).inGroup("autumn").planOnly());
        node.work();

        assertThat(node.lastOutcome(plan).details().heldBackBy()).containsExactly("burst-on-hold", "budget-exceeded");
    }

    private List<Request> list(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(each -> node.admit(cancel(each).inGroup("autumn")))
                .toList();
    }

    private static Admissions cancel(int each) {
        return Admissions.cancel()
                .of(Admissions.customer("" + each), Admissions.subscription("" + each))
                .as("cancel-" + each);
    }

    private Bursts bursts() {
        return node.context.getBean(Bursts.class);
    }

    private int endFinished() {
        return bursts().endFinished(node.clock.instant());
    }

    private void release(Request request) {
        settle(request, Reason.ADMITTED);
    }

    private void settle(Request request, Reason reason) {
        node.ledger()
                .requests()
                .settle(
                        node.read(request),
                        Resolution.of(
                                reason,
                                request.effect(),
                                "A person decided.",
                                Details.with().decidedBy("jane").build()),
                        null,
                        node.clock.instant());
    }
}
