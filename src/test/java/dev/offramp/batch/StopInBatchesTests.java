package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Reason;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A person stops a batch: the node that runs it ends it, and nobody goes on with it but a person. */
@OnBothDatabases
class StopInBatchesTests {

    private static final String SENTENCE = "jane stopped it: wrong list";

    private final BatchNode node;

    StopInBatchesTests(TestDatabase database) {
        node = BatchNode.over(database.fresh(), "offramp.batch.chunk-size=1", "offramp.batch.concurrency=1");
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void stopsARunningBatchWhenItsNodeLooksAndTellsWhatIsUnfinishedOnce() {
        Request first = node.admit(cancel("a"));
        Request second = node.admit(cancel("b"));
        node.partnerCenter.whileCalled = _ -> stop();

        node.work();

        var batch = node.batch(1);
        assertThat(batch.state()).isEqualTo(State.STOPPED);
        assertThat(batch.stopReason()).isEqualTo(StopReason.OPERATOR);
        assertThat(batch.stopDetail()).isEqualTo(SENTENCE);
        assertThat(node.told(first)).containsExactly(Reason.ADMITTED, Reason.DONE);
        assertThat(node.told(second)).containsExactly(Reason.ADMITTED, Reason.STOPPED_BY_OPERATOR);
        assertThat(node.lastOutcome(second).message()).isEqualTo(SENTENCE);
    }

    @Test
    void isNotRestartedByItselfAndGoesOnWhenAPersonSaysSo() {
        Request first = node.admit(cancel("a"));
        Request second = node.admit(cancel("b"));
        node.partnerCenter.whileCalled = _ -> stop();
        node.work();
        node.partnerCenter.whileCalled = _ -> {};

        node.clock.pass(Duration.ofDays(1));
        assertThat(node.work()).isZero();

        node.ledger().batches().askRestart(1, node.clock.instant());
        assertThat(node.work()).isEqualTo(1);
        assertThat(node.batch(1).state()).isEqualTo(State.COMPLETED);
        assertThat(node.told(second)).containsExactly(Reason.ADMITTED, Reason.STOPPED_BY_OPERATOR, Reason.DONE);
        assertThat(node.told(first)).containsExactly(Reason.ADMITTED, Reason.DONE);
        assertThat(node.partnerCenter.calls).hasSize(2);
    }

    @Test
    void isNotRestartedByItselfAlsoWhenItFailedMeanwhile() {
        Request request = node.admit(cancel("a"));
        node.partnerCenter.unreadable.add(request.subscriptionId().value());
        // Nobody looks before the end: the batch runs into its failure.
        node.partnerCenter.whileRead = _ -> node.ledger().batches().askStop(1, SENTENCE);

        node.work();

        assertThat(node.batch(1).stopReason()).isEqualTo(StopReason.OPERATOR);
        node.clock.pass(Duration.ofDays(1));
        assertThat(node.work()).isZero();
        assertThat(node.told(request)).endsWith(Reason.STOPPED_BY_OPERATOR);
    }

    @Test
    void isStoppedByWhoeverAdoptsItWhenItsNodeDied() {
        Request request = node.admit(cancel("a"));
        var claimed = node.ledger()
                .batches()
                .claim(
                        new dev.offramp.ledger.Batches.Claim(
                                "dead",
                                "offboarding",
                                Duration.ofSeconds(10),
                                10,
                                10,
                                java.util.List.of(),
                                java.util.List.of(),
                                java.util.List.of(),
                                true),
                        node.clock.instant())
                .orElseThrow();
        node.ledger().batches().askStop(claimed.number(), SENTENCE);
        node.clock.pass(Duration.ofSeconds(11));

        node.work();

        assertThat(node.batch(claimed.number()).stopReason()).isEqualTo(StopReason.OPERATOR);
        assertThat(node.told(request)).endsWith(Reason.STOPPED_BY_OPERATOR);
        assertThat(node.partnerCenter.calls).isEmpty();
    }

    private void stop() {
        node.ledger().batches().askStop(1, SENTENCE);
        node.watch().look();
    }
}
