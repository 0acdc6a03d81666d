package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.unlink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Reason;
import dev.offramp.partnercenter.Denial;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a missing sign-in or permission stops, and what goes on. */
@OnBothDatabases
class SignInTests {

    private final BatchNode node;

    SignInTests(TestDatabase database) {
        node = BatchNode.over(database.fresh());
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void goesOnWithCancellationsWhileNobodyIsSignedInForUnlinks() {
        node.partnerCenter.withoutSignIn.add(Denial.USER_SIGN_IN);
        Request unlink = node.admit(unlink("a"));
        Request cancel = node.admit(cancel("b"));

        node.work();

        assertThat(node.told(cancel)).endsWith(Reason.DONE);
        assertThat(node.told(unlink)).containsExactly(Reason.ADMITTED);
        assertThat(node.work()).as("unlinks are not claimed").isZero();

        node.partnerCenter.withoutSignIn.clear();
        node.work();

        assertThat(node.told(unlink)).endsWith(Reason.CONFIRMING);
    }

    @Test
    void handsUnlinksBackWhenTheirSignInIsLostInTheMiddle() {
        Request cancel = node.admit(cancel("a"));
        Request unlink = node.admit(unlink("a"));
        // The unlink comes after a cancellation of the same customer, so that the loss lies before it.
        node.partnerCenter.whileRead = each -> node.partnerCenter.withoutSignIn.add(Denial.USER_SIGN_IN);

        node.work();

        assertThat(node.told(cancel)).endsWith(Reason.DONE);
        assertThat(node.told(unlink)).containsExactly(Reason.ADMITTED);
        assertThat(node.batch(1).state()).isEqualTo(State.COMPLETED);
        assertThat(node.work()).isZero();
    }

    @Test
    void stopsTheBatchWithoutASignInOfTheAppAndGoesOnByItselfWithOne() {
        List<Request> requests = IntStream.range(0, 10)
                .mapToObj(each -> node.admit(cancel("" + each)))
                .toList();
        node.partnerCenter.whileCalled = each -> node.partnerCenter.withoutSignIn.add(Denial.APP_SIGN_IN);

        node.work();

        assertThat(node.batch(1).state()).isEqualTo(State.STOPPED);
        assertThat(node.batch(1).stopReason()).isEqualTo(StopReason.SIGN_IN);
        assertThat(requests).anySatisfy(each -> assertThat(node.told(each)).endsWith(Reason.SIGN_IN_NEEDED));
        assertThat(node.work()).as("nothing is started without a sign-in").isZero();

        node.partnerCenter.whileCalled = each -> {};
        node.partnerCenter.withoutSignIn.clear();
        node.work();

        assertThat(node.batch(1).state()).isEqualTo(State.COMPLETED);
        assertThat(requests).allSatisfy(each -> assertThat(node.told(each)).endsWith(Reason.DONE));
        assertThat(node.partnerCenter.calls).hasSize(10);
    }

    @Test
    void stopsTheBatchWithoutPermissionAndTriesAgainAfterAWhile() {
        Request request = node.admit(cancel("a"));
        node.partnerCenter.denied.add(Denial.PERMISSION);
        node.work();
        assertThat(node.batch(1).stopReason()).isEqualTo(StopReason.PERMISSION);
        assertThat(node.told(request)).endsWith(Reason.PERMISSION_MISSING);
        assertThat(node.work()).isZero();

        node.clock.pass(Duration.ofMinutes(10));
        node.work();
        assertThat(node.told(request))
                .as("it is told once")
                .containsExactly(Reason.ADMITTED, Reason.PERMISSION_MISSING);

        node.partnerCenter.denied.clear();
        node.clock.pass(Duration.ofMinutes(10));
        node.work();
        assertThat(node.told(request)).endsWith(Reason.DONE);
    }

    @Test
    void stallsOnlyTheRequestWhoseCustomerIsClosedToUs() {
        Request closed = node.admit(cancel("a"));
        node.partnerCenter.denied.add(Denial.CUSTOMER_ACCESS);
        node.work();
        node.partnerCenter.denied.clear();
        Request next = node.admit(cancel("b"));

        node.work();

        assertThat(node.told(closed)).containsExactly(Reason.ADMITTED, Reason.PERMISSION_MISSING);
        assertThat(node.lastOutcome(closed).details().advice()).isEqualTo("What to do about 403.");
        assertThat(node.told(next)).endsWith(Reason.DONE);
    }

    @Test
    void startsNothingWhileThePermissionIsKnownToBeMissing() {
        node.partnerCenter.withoutSignIn.add(Denial.PERMISSION);
        Request request = node.admit(cancel("a"));

        assertThat(node.work()).isZero();

        node.partnerCenter.withoutSignIn.clear();
        node.work();
        assertThat(node.told(request)).endsWith(Reason.DONE);
    }
}
