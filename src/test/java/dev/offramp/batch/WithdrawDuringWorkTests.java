package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.subscription;
import static dev.offramp.batch.ProcessingTests.unlink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a withdraw does to a request that is being worked on. */
@OnBothDatabases
class WithdrawDuringWorkTests {

    private final BatchNode node;

    WithdrawDuringWorkTests(TestDatabase database) {
        node = BatchNode.over(database.fresh());
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void takesBackWhatIsPutOffAtOnce() {
        Request request = node.admit(cancel("a"));
        node.partnerCenter.trouble.put(subscription("a"), FakePartnerCenter.Trouble.BUSY);
        node.work();

        Request withdraw = node.withdraw("cancel-a");

        assertThat(node.told(request)).endsWith(Reason.BY_SOURCE);
        assertThat(node.told(withdraw)).endsWith(Reason.DONE);
        node.clock.pass(Duration.ofMinutes(2));
        assertThat(node.work()).isZero();
        assertThat(node.partnerCenter.calls).hasSize(1);
    }

    @Test
    void takesBackWhatHasNotPassedItsGate() {
        Request request = node.admit(cancel("a"));
        node.partnerCenter.whileRead = each -> node.withdraw("cancel-a");

        node.work();

        assertThat(node.partnerCenter.calls).isEmpty();
        assertThat(node.told(request)).containsExactly(Reason.ADMITTED, Reason.BY_SOURCE);
        assertThat(node.told(node.byId("withdraw-cancel-a"))).endsWith(Reason.DONE);
        assertThat(node.batch(1).state()).isEqualTo(State.COMPLETED);
    }

    @Test
    void comesTooLateForACallThatWorks() {
        Request request = node.admit(cancel("a"));
        node.partnerCenter.whileCalled = each -> {
            Request withdraw = node.withdraw("cancel-a");
            assertThat(withdraw.status()).isEqualTo(Status.ACCEPTED);
        };

        node.work();

        assertThat(node.told(request)).containsExactly(Reason.ADMITTED, Reason.DONE);
        assertThat(node.told(node.byId("withdraw-cancel-a"))).containsExactly(Reason.ADMITTED, Reason.TOO_LATE);
    }

    @Test
    void takesEffectWhenTheOpenCallChangedNothing() {
        Request request = node.admit(cancel("a"));
        node.partnerCenter.trouble.put(subscription("a"), FakePartnerCenter.Trouble.STALE);
        node.partnerCenter.whileCalled = each -> node.withdraw("cancel-a");

        node.work();

        assertThat(node.partnerCenter.calls).hasSize(1);
        assertThat(node.told(request)).containsExactly(Reason.ADMITTED, Reason.BY_SOURCE);
        assertThat(node.told(node.byId("withdraw-cancel-a"))).endsWith(Reason.DONE);
        assertThat(node.batch(1).state()).isEqualTo(State.COMPLETED);
        assertThat(node.work()).isZero();
    }

    @Test
    void takesEffectInsteadOfARepeatedCall() {
        Request request = node.admit(cancel("a"));
        node.partnerCenter.trouble.put(subscription("a"), FakePartnerCenter.Trouble.LOST_BEFORE_THE_EFFECT);
        node.partnerCenter.whileCalled = each -> node.withdraw("cancel-a");
        node.work();
        assertThat(node.told(node.byId("withdraw-cancel-a"))).containsExactly(Reason.ADMITTED);

        for (int looks = 0; looks < 4; looks++) {
            node.clock.pass(Duration.ofMinutes(2));
            node.work();
        }

        assertThat(node.partnerCenter.calls).hasSize(1);
        assertThat(node.told(request)).containsExactly(Reason.ADMITTED, Reason.CONFIRMING, Reason.BY_SOURCE);
        assertThat(node.told(node.byId("withdraw-cancel-a"))).containsExactly(Reason.ADMITTED, Reason.DONE);
    }

    @Test
    void waitsWhileAnAcceptedUnlinkIsBeingConfirmed() {
        Request request = node.admit(unlink("a"));
        node.work();
        assertThat(node.told(request)).endsWith(Reason.CONFIRMING);

        Request withdraw = node.withdraw("unlink-a");
        assertThat(node.told(withdraw)).containsExactly(Reason.ADMITTED);
        node.clock.pass(Duration.ofSeconds(15));
        node.work();

        assertThat(node.told(request)).endsWith(Reason.DONE);
        assertThat(node.told(withdraw)).endsWith(Reason.TOO_LATE);
    }
}
