package dev.offramp.ledger;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.LedgerFixture.LEASE;
import static dev.offramp.testing.LedgerFixture.fence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Batches.Filter;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class BatchesTests {

    private final LedgerFixture fixture;
    private final Batches batches;

    BatchesTests(TestDatabase database) {
        fixture = LedgerFixture.over(database.fresh());
        batches = fixture.ledger().batches();
    }

    @Test
    void areAskedToRestartAllTogetherByWhatStoppedThem() {
        var braked = batch();
        batches.end(fence(braked), State.STOPPED, StopReason.BRAKE, "The brake is on", null, fixture.now());
        var failed = batch();
        batches.end(fence(failed), State.FAILED, null, "Reads answer 500", null, fixture.now());
        var running = batch();

        assertThat(batches.askRestarts(new Filter(null, StopReason.BRAKE, null), fixture.now()))
                .containsExactly(braked.number());
        assertThat(batches.askRestarts(Filter.ALL, fixture.now())).containsExactly(braked.number(), failed.number());
        assertThat(batches.askRestarts(new Filter(State.RUNNING, null, null), fixture.now()))
                .isEmpty();
        assertThat(batches.dueForRestart(fixture.now(), 10))
                .extracting(Batch::number)
                .containsExactly(braked.number(), failed.number())
                .doesNotContain(running.number());
    }

    @Test
    void endOnlyByAPersonOnceAPersonAskedToStop() {
        var batch = batch();
        assertThat(batches.askStop(batch.number(), "jane stopped it")).isTrue();
        assertThat(batches.askStop(batch.number(), "joe stopped it")).isFalse();
        assertThat(batches.askedToStop("node-1")).extracting(Batch::stopAsked).containsExactly("jane stopped it");
        assertThat(batches.askedToStop("node-2")).isEmpty();

        assertThat(batches.end(fence(batch), State.FAILED, null, "It broke", fixture.now(), fixture.now()))
                .isFalse();
        assertThat(batches.end(fence(batch), State.STOPPED, StopReason.DRAIN, null, fixture.now(), fixture.now()))
                .isFalse();
        assertThat(batches.end(fence(batch), State.STOPPED, StopReason.OPERATOR, "jane", null, fixture.now()))
                .isTrue();
        assertThat(batches.askStop(batch.number(), "jane stopped it")).isFalse();
    }

    @Test
    void keepAPersonsStopWhenAnotherNodeAdoptsThemAndForgetItWhenAPersonRestartsThem() {
        var batch = batch();
        batches.askStop(batch.number(), "jane stopped it");
        fixture.pass(LEASE);

        var adopted =
                batches.take(batch.number(), "node-2", LEASE, fixture.now()).orElseThrow();
        assertThat(adopted.stopAsked()).isEqualTo("jane stopped it");

        batches.end(fence(adopted), State.STOPPED, StopReason.OPERATOR, "jane", null, fixture.now());
        assertThat(batches.take(batch.number(), "node-2", LEASE, fixture.now())
                        .orElseThrow()
                        .stopAsked())
                .isNull();
    }

    @Test
    void areNeverTakenOnceTheyAreAbandoned() {
        var batch = batch();
        assertThat(batches.abandon(batch.number(), "jane gave it up", fixture.now()))
                .isFalse();
        batches.end(fence(batch), State.FAILED, null, "It broke", fixture.now(), fixture.now());

        assertThat(batches.abandon(batch.number(), "jane gave it up", fixture.now()))
                .isTrue();

        assertThat(batches.dueForRestart(fixture.now(), 10)).isEmpty();
        assertThat(batches.askRestart(batch.number(), fixture.now())).isFalse();
        assertThat(batches.take(batch.number(), "node-1", LEASE, fixture.now())).isEmpty();
    }

    private Batch batch() {
        fixture.admit(cancel());
        return fixture.claim();
    }

    @Test
    void keepsItsLeaseWhileItIsRenewed() {
        var batch = batch();
        fixture.pass(Duration.ofSeconds(9));

        assertThat(batches.renew(fence(batch), "node-1", LEASE, fixture.now())).isTrue();
        fixture.pass(Duration.ofSeconds(9));

        assertThat(batches.isCurrent(fence(batch), fixture.now())).isTrue();
        assertThat(batches.orphaned(fixture.now(), 10)).isEmpty();
    }

    @Test
    void losesItsLeaseWhenTheTimeIsUp() {
        var batch = batch();
        fixture.pass(LEASE);

        assertThat(batches.isCurrent(fence(batch), fixture.now())).isFalse();
        assertThat(batches.renew(fence(batch), "node-1", LEASE, fixture.now())).isFalse();
        assertThat(batches.end(fence(batch), State.COMPLETED, null, null, null, fixture.now()))
                .isFalse();
        assertThat(batches.orphaned(fixture.now(), 10))
                .extracting(Batch::number)
                .containsExactly(batch.number());
    }

    @Test
    void isNotRenewedByAnotherOwner() {
        assertThat(batches.renew(fence(batch()), "node-2", LEASE, fixture.now()))
                .isFalse();
    }

    @Test
    void isNotTakenWhileItsLeaseLasts() {
        assertThat(batches.take(batch().number(), "node-2", LEASE, fixture.now()))
                .isEmpty();
    }

    @Test
    void isTakenUnderTheNextLeaseNumberWhenTheLeaseHasRunOut() {
        var before = batch();
        fixture.pass(LEASE);

        var taken =
                batches.take(before.number(), "node-2", LEASE, fixture.now()).orElseThrow();

        assertThat(taken.owner()).isEqualTo("node-2");
        assertThat(taken.leaseNumber()).isEqualTo(before.leaseNumber() + 1);
        assertThat(taken.leaseUntil()).isEqualTo(fixture.now().plus(LEASE));
        assertThat(batches.isCurrent(fence(before), fixture.now())).isFalse();
        assertThat(batches.isCurrent(fence(taken), fixture.now())).isTrue();
        assertThat(batches.take(before.number(), "node-3", LEASE, fixture.now()))
                .isEmpty();
    }

    @Test
    void isRestartedWhenItsTimeHasCome() {
        var batch = batch();
        var restartAt = fixture.now().plusSeconds(60);
        assertThat(batches.end(fence(batch), State.FAILED, null, "Reads answer 500", restartAt, fixture.now()))
                .isTrue();

        var failed = batches.byNumber(batch.number()).orElseThrow();
        assertThat(failed.state()).isEqualTo(State.FAILED);
        assertThat(failed.failures()).isEqualTo(1);
        assertThat(failed.endedAt()).isEqualTo(fixture.now());
        assertThat(failed.leaseUntil()).isNull();
        assertThat(batches.dueForRestart(fixture.now(), 10)).isEmpty();

        fixture.pass(Duration.ofSeconds(60));
        assertThat(batches.dueForRestart(fixture.now(), 10)).containsExactly(failed);
        var taken = batches.take(batch.number(), "node-1", LEASE, fixture.now()).orElseThrow();
        assertThat(taken.state()).isEqualTo(State.RUNNING);
        assertThat(taken.restartAt()).isNull();
        assertThat(taken.endedAt()).isNull();
        assertThat(taken.failures()).isEqualTo(1);
    }

    @Test
    void isFoundByTheReasonForWhichItStopped() {
        var batch = batch();
        batches.end(fence(batch), State.STOPPED, StopReason.BRAKE, "The brake is on", null, fixture.now());

        assertThat(batches.stoppedBecause(StopReason.BRAKE, 10))
                .extracting(Batch::number, Batch::stopDetail)
                .containsExactly(tuple(batch.number(), "The brake is on"));
        assertThat(batches.stoppedBecause(StopReason.SIGN_IN, 10)).isEmpty();
    }

    @Test
    void isNeverTakenOnceItIsCompleted() {
        var batch = batch();
        batches.end(fence(batch), State.COMPLETED, null, null, null, fixture.now());

        assertThat(batches.take(batch.number(), "node-1", LEASE, fixture.now())).isEmpty();
        assertThatThrownBy(() -> batches.end(fence(batch), State.RUNNING, null, null, null, fixture.now()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void losesItsLeaseWhenItsOwnerIsProvedDead() {
        var batch = batch();

        assertThat(batches.expireLeases(fixture.now())).isEqualTo(1);

        assertThat(batches.orphaned(fixture.now(), 10)).hasSize(1);
        assertThat(batches.isCurrent(fence(batch), fixture.now())).isFalse();
        assertThat(batches.expireLeases(fixture.now())).isZero();
    }

    @Test
    void keepsTheNewestExecutionAndSummaryOfItsLease() {
        var before = batch();
        batches.noteExecution(fence(before), 17);
        batches.summarise(fence(before), "1 done");
        fixture.pass(LEASE);
        batches.take(before.number(), "node-2", LEASE, fixture.now()).orElseThrow();

        batches.noteExecution(fence(before), 99);
        batches.summarise(fence(before), "a late word");

        var now = batches.byNumber(before.number()).orElseThrow();
        assertThat(now.executionId()).isEqualTo(17);
        assertThat(now.summary()).isEqualTo("1 done");
    }

    @Test
    void areListedNewestFirstPageByPage() {
        var first = batch();
        var second = batch();
        batches.end(fence(first), State.COMPLETED, null, null, null, fixture.now());

        assertThat(batches.list(Filter.ALL, null, 10))
                .extracting(Batch::number)
                .containsExactly(second.number(), first.number());
        assertThat(batches.list(Filter.ALL, second.number(), 10))
                .extracting(Batch::number)
                .containsExactly(first.number());
        assertThat(batches.list(new Filter(State.RUNNING, null, null), null, 10))
                .extracting(Batch::number)
                .containsExactly(second.number());
    }
}
