package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.subscription;
import static dev.offramp.batch.ProcessingTests.unlink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.safety.Brake;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In which order the requests of one customer are carried out. */
@OnBothDatabases
class OrderInBatchesTests {

    private final BatchNode node;

    OrderInBatchesTests(TestDatabase database) {
        node = BatchNode.over(database.fresh());
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void waitsBehindAnEarlierRequestForTheSameSubscriptionAndIsWoken() {
        Request first = node.admit(cancel("a"));
        Request second = node.admit(cancel("a").as("again"));
        node.partnerCenter.trouble.put(subscription("a"), FakePartnerCenter.Trouble.BUSY);
        node.work();
        assertThat(node.told(second)).endsWith(Reason.WAITING_FOR_EARLIER_REQUEST);
        assertThat(node.work()).as("nothing is due").isZero();

        node.clock.pass(Duration.ofMinutes(2));
        node.work();
        node.work();

        assertThat(node.told(first)).endsWith(Reason.DONE);
        assertThat(node.told(second)).endsWith(Reason.ALREADY_DONE);
        assertThat(node.partnerCenter.calls).hasSize(2);
    }

    @Test
    void letsACancellationOvertakeAnUnlinkThatWaitsForAPerson() {
        holdUnlinks();
        Request unlink = node.admit(unlink("a"));
        Request cancel = node.admit(cancel("a"));

        node.work();

        assertThat(node.told(unlink)).endsWith(Reason.BUDGET_EXCEEDED);
        assertThat(node.told(cancel)).endsWith(Reason.DONE);
    }

    @Test
    void wakesACancellationWhenTheUnlinkThatItWaitedForIsHeld() {
        node.pull(Brake.Scope.OPERATION, "remove-reseller-relationship");
        Request unlink = node.admit(unlink("a"));
        Request cancel = node.admit(cancel("a"));
        node.work();
        assertThat(node.told(unlink)).containsExactly(Reason.ADMITTED);
        assertThat(node.told(cancel)).endsWith(Reason.WAITING_FOR_EARLIER_REQUEST);

        holdUnlinks();
        node.release(Brake.Scope.OPERATION, "remove-reseller-relationship");
        node.work();
        node.work();

        assertThat(node.read(unlink).status()).isEqualTo(Status.HELD);
        assertThat(node.told(cancel)).endsWith(Reason.DONE);
    }

    @Test
    void letsAnUnlinkWaitForAnEarlierCancellation() {
        Request cancel = node.admit(cancel("a"));
        Request unlink = node.admit(unlink("a"));
        node.partnerCenter.trouble.put(subscription("a"), FakePartnerCenter.Trouble.BUSY);
        node.work();
        assertThat(node.told(unlink)).endsWith(Reason.WAITING_FOR_EARLIER_REQUEST);

        node.clock.pass(Duration.ofMinutes(2));
        node.work();
        node.work();

        assertThat(node.told(cancel)).endsWith(Reason.DONE);
        assertThat(node.told(unlink)).endsWith(Reason.CONFIRMING);
    }

    @Test
    void letsAnUnlinkWaitUntilTheCallOfACancellationThatOvertookItIsSettled() {
        Request unlink = node.admit(unlink("a"));
        node.partnerCenter.trouble.put(unlink.customerId().value(), FakePartnerCenter.Trouble.BUSY);
        node.work();
        Request cancel = node.admit(cancel("a"));
        node.partnerCenter.trouble.put(subscription("a"), FakePartnerCenter.Trouble.LOST_AFTER_THE_EFFECT);
        node.partnerCenter.lagging = true;
        node.work();
        assertThat(node.told(cancel)).endsWith(Reason.CONFIRMING);

        node.clock.pass(Duration.ofMinutes(2));
        node.work();
        assertThat(node.told(unlink)).endsWith(Reason.RENEWAL_RUNNING, Reason.PENDING_OPERATION);
        assertThat(node.partnerCenter.unlinked).isEmpty();

        node.partnerCenter.catchUp();
        node.clock.pass(Duration.ofMinutes(10));
        node.work();
        node.clock.pass(Duration.ofMinutes(1));
        node.work();
        assertThat(node.told(cancel)).endsWith(Reason.DONE);
        assertThat(node.partnerCenter.unlinked).containsExactly(unlink.customerId());
    }

    @Test
    void settlesAChunkInLedgerOrder() {
        List<Request> requests = List.of(
                node.admit(cancel("a")),
                node.admit(cancel("b")),
                node.admit(Admissions.cancel()
                        .of(Admissions.customer("customer-a"))
                        .as("another-a")),
                node.admit(Admissions.cancel()
                        .of(Admissions.customer("customer-b"))
                        .as("another-b")));

        node.work();

        assertThat(node.settled())
                .containsExactlyElementsOf(
                        requests.stream().map(Request::number).toList());
    }

    /** Five other customers have used up the budget of unlinks. */
    private void holdUnlinks() {
        for (int each = 0; each < 5; each++) {
            Request other = node.admit(unlink("other-" + each));
            node.ledger()
                    .requests()
                    .settle(other, LedgerFixture.resolution(Reason.EXPIRED), null, node.clock.instant());
            node.jdbc()
                    .sql("""
                    insert into permit (request_number, step, operation, customer_id, state, reserved_at)
                    values (?, 'unlink', 'remove-reseller-relationship', ?, 'spent', ?)
                    """)
                    .params(
                            other.number(),
                            other.customerId().value(),
                            node.clock.instant().atOffset(ZoneOffset.UTC))
                    .update();
        }
    }
}
