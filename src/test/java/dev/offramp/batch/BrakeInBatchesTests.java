package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.unlink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Reason;
import dev.offramp.safety.Brake;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A brake on one operation or one source: what it concerns goes back, the rest goes on. */
@OnBothDatabases
class BrakeInBatchesTests {

    private final BatchNode node;

    BrakeInBatchesTests(TestDatabase database) {
        node = BatchNode.over(database.fresh());
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
