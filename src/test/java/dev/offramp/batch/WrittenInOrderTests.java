package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.testing.Admissions.customer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batches.Claim;
import dev.offramp.ledger.Fence;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Reason;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What everybody else can see in the database in the moment in which a call leaves. */
@OnBothDatabases
class WrittenInOrderTests {

    private final BatchNode node;

    WrittenInOrderTests(TestDatabase database) {
        node = BatchNode.over(database.fresh());
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void theTryIsThereBeforeTheCallAndTheReplyBeforeTheNextCall() {
        List<Request> requests = new ArrayList<>();
        for (int each = 0; each < 3; each++) {
            requests.add(node.admit(Admissions.cancel()
                    .of(customer("contoso"), Admissions.subscription("subscription-" + each))
                    .as("request-" + each)));
        }
        List<List<String>> seen = new CopyOnWriteArrayList<>();
        node.partnerCenter.whileCalled = _ -> seen.add(triesAsOthersSeeThem());

        node.work();

        assertThat(seen)
                .containsExactly(
                        List.of("unanswered"), List.of("done", "unanswered"), List.of("done", "done", "unanswered"));
        assertThat(requests)
                .allSatisfy(each -> assertThat(node.told(each)).containsExactly(Reason.ADMITTED, Reason.DONE));
    }

    @Test
    void nobodyIsCalledWithoutTheCustomersTurn() {
        Request first = node.admit(cancel("a"));
        Request second = node.admit(
                cancel("b").of(Admissions.customer("customer-a"), Admissions.subscription("subscription-b")));
        Batch theirs = claimAs("another node");
        Batch ours = claimAs("dead node");
        var fence = new Fence(theirs.number(), theirs.leaseNumber());
        assertThat(node.ledger().turns().win(first.customerId(), fence, 1, node.clock.instant()))
                .isTrue();
        node.clock.pass(Duration.ofSeconds(5));
        node.ledger().batches().renew(fence, "another node", Duration.ofSeconds(10), node.clock.instant());
        node.clock.pass(Duration.ofSeconds(5));

        assertThat(node.work()).as("the dead node's batch").isEqualTo(1);

        assertThat(node.partnerCenter.calls).isEmpty();
        assertThat(node.read(second).batch()).as("handed back").isNull();
        assertThat(node.read(second).lastBatch()).isEqualTo(ours.number());
        node.clock.pass(Duration.ofSeconds(6));
        node.work();
        node.work();
        assertThat(node.told(first)).endsWith(Reason.DONE);
        assertThat(node.told(second)).endsWith(Reason.DONE);
    }

    /** In a thread of its own, so that no transaction of the caller's lets it see more than is committed. */
    private List<String> triesAsOthersSeeThem() {
        return CompletableFuture.supplyAsync(
                        () -> node.jdbc().sql("""
                        select coalesce(t.reply, 'unanswered')
                        from attempt_try t
                        order by t.attempt_number, t.try_number
                        """).query(String.class).list())
                .join();
    }

    private Batch claimAs(String owner) {
        return node.ledger()
                .batches()
                .claim(
                        new Claim(
                                owner,
                                Admission.OTHER_JOB,
                                Duration.ofSeconds(10),
                                1,
                                1,
                                List.of(),
                                List.of(),
                                List.of(),
                                true),
                        node.clock.instant())
                .orElseThrow();
    }
}
