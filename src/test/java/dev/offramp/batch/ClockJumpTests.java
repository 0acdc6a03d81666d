package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Reason;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The database's clock jumps by hours: nothing is called twice, and nothing sleeps for ever. */
@OnBothDatabases
class ClockJumpTests {

    private final BatchNode node;

    ClockJumpTests(TestDatabase database) {
        node = BatchNode.over(database.fresh());
    }

    @AfterEach
    void close() {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {-5, 5})
    void callsOnceWhenItJumpsDuringTheCall(long hours) {
        Request request = node.admit(cancel("a"));
        node.partnerCenter.whileCalled = once(hours);

        node.work();
        goOn();

        assertThat(node.told(request)).endsWith(Reason.DONE);
        assertThat(node.partnerCenter.calls).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {-5, 5})
    void callsOnceWhenItJumpsBetweenFactsAndGate(long hours) {
        Request request = node.admit(cancel("a"));
        var jumped = new java.util.concurrent.atomic.AtomicBoolean();
        node.partnerCenter.whileRead = _ -> {
            if (jumped.compareAndSet(false, true)) {
                node.clock.pass(Duration.ofHours(hours));
            }
        };

        node.work();
        goOn();

        assertThat(node.told(request)).endsWith(Reason.DONE);
        assertThat(node.partnerCenter.calls).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {-5, 5})
    void callsNotAgainWhenItJumpsWhileACallIsInDoubt(long hours) {
        Request request = node.admit(cancel("a"));
        node.partnerCenter.trouble.put(subscription("a"), FakePartnerCenter.Trouble.LOST_AFTER_THE_EFFECT);
        node.work();

        node.clock.pass(Duration.ofHours(hours));
        goOn();

        assertThat(node.told(request)).endsWith(Reason.DONE);
        assertThat(node.partnerCenter.calls).hasSize(1);
    }

    @Test
    void losesNoWakeUpWhenItJumpsBack() {
        Request request = node.admit(cancel("a").notBefore(node.clock.instant().plus(Duration.ofHours(1))));
        node.clock.pass(Duration.ofHours(-3));
        node.work();
        assertThat(node.partnerCenter.calls).isEmpty();

        node.clock.pass(Duration.ofHours(4));
        node.work();

        assertThat(node.told(request)).endsWith(Reason.DONE);
    }

    private Consumer<Object> jump(long hours) {
        return _ -> node.clock.pass(Duration.ofHours(hours));
    }

    private Consumer<dev.offramp.partnercenter.Permit> once(long hours) {
        var jump = jump(hours);
        return permit -> {
            node.partnerCenter.whileCalled = _ -> {};
            jump.accept(permit);
        };
    }

    /** Time goes on from there, as long as the longest of its waits. */
    private void goOn() {
        for (int round = 0; round < 12; round++) {
            node.clock.pass(Duration.ofMinutes(40));
            node.work();
        }
    }
}
