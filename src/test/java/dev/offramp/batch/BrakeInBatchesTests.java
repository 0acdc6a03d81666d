package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.unlink;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.safety.Brake;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A brake on one operation, one source or one group: what it concerns goes back, the rest goes on. */
@OnBothDatabases
class BrakeInBatchesTests {

    private final HikariDataSource database;
    private final BatchNode node;

    BrakeInBatchesTests(TestDatabase database) {
        this.database = database.fresh();
        // One after the other, so that only one call is on the wire when the brake is pulled.
        node = BatchNode.over(this.database, "offramp.batch.concurrency=1");
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void leavesWhatTheBrakeConcernsUnclaimedAndGoesOnWithTheRest() {
        node.pull(Brake.Scope.OPERATION, "remove-reseller-relationship");
        node.pull(Brake.Scope.SOURCE, "/contoso/crm");
        Request unlink = node.admit(unlink("a"));
        Request fromCrm = node.admit(cancel("b").from("/contoso/crm"));
        Request other = node.admit(cancel("c"));

        node.work();

        assertThat(node.told(other)).endsWith(Reason.DONE);
        assertThat(node.told(unlink)).containsExactly(Reason.ADMITTED);
        assertThat(node.told(fromCrm)).containsExactly(Reason.ADMITTED);
        assertThat(node.work()).isZero();

        node.release(Brake.Scope.OPERATION, "remove-reseller-relationship");
        node.release(Brake.Scope.SOURCE, "/contoso/crm");
        node.work();

        assertThat(node.told(unlink)).endsWith(Reason.CONFIRMING);
        assertThat(node.told(fromCrm)).endsWith(Reason.DONE);
    }

    @Test
    void stopsAGroupInTheMiddleOfAChunkOnEveryNodeAndGoesOnWhereItStopped() {
        List<Request> wave = new ArrayList<>();
        List<Request> rest = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            wave.add(node.admit(
                    cancel("wave" + i).inGroup("wave-1").from(i % 2 == 0 ? "/contoso/crm" : "/contoso/billing")));
            rest.add(node.admit(cancel("rest" + i).inGroup("wave-2")));
        }
        Set<SubscriptionId> ofTheWave =
                wave.stream().map(Request::subscriptionId).collect(Collectors.toSet());
        var gatedAfterThePull = new AtomicInteger();
        var pulled = new AtomicBoolean();
        node.partnerCenter.whileCalled = permit -> {
            if (permit.step() instanceof Step.ChangeSubscription change && ofTheWave.contains(change.subscription())) {
                gatedAfterThePull.addAndGet(pulled.get() ? 1 : 0);
                node.pull(Brake.Scope.GROUP, "wave-1");
                pulled.set(true);
            }
        };

        try (BatchNode other = BatchNode.over(database, node.partnerCenter, node.clock, "offramp.node=other")) {
            node.work();

            assertThat(node.batch(1).state()).isEqualTo(State.COMPLETED);
            assertThat(gatedAfterThePull).hasValue(0);
            assertThat(rest).allSatisfy(each -> assertThat(node.told(each)).endsWith(Reason.DONE));
            assertThat(wave.stream().filter(each -> node.told(each).contains(Reason.DONE)))
                    .as("what was on the wire is settled")
                    .hasSize(1);
            assertThat(wave)
                    .allSatisfy(each -> assertThat(node.told(each))
                            .as("handing back is not told")
                            .isIn(List.of(Reason.ADMITTED), List.of(Reason.ADMITTED, Reason.DONE)));
            assertThat(node.work()).isZero();
            assertThat(other.work()).isZero();

            node.release(Brake.Scope.GROUP, "wave-1");
            node.partnerCenter.whileCalled = _ -> {};
            assertThat(other.work()).isPositive();
        }
        assertThat(wave).allSatisfy(each -> assertThat(node.told(each)).endsWith(Reason.DONE));
        assertThat(node.partnerCenter.calls).hasSize(20);
        assertThat(node.partnerCenter.callsAfterTheEffect).isEmpty();
    }

    @Test
    void handsBackAtTheGateWhatTheBrakeConcernsSinceItWasClaimed() {
        Request request = node.admit(cancel("a"));
        node.partnerCenter.whileRead = each -> node.pull(Brake.Scope.OPERATION, "cancel-subscription");

        node.work();

        assertThat(node.partnerCenter.calls).isEmpty();
        assertThat(node.told(request)).as("handing back is not told").containsExactly(Reason.ADMITTED);
        assertThat(node.batch(1).state()).isEqualTo(State.COMPLETED);
        assertThat(node.work()).isZero();

        node.partnerCenter.whileRead = each -> {};
        node.release(Brake.Scope.OPERATION, "cancel-subscription");
        node.work();

        assertThat(node.told(request)).endsWith(Reason.DONE);
    }
}
