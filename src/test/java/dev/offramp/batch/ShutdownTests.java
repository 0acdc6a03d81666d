package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Batches;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Reason;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.boot.context.properties.bind.Binder;

/** A node that is told to end while calls are on the wire. */
@OnBothDatabases
class ShutdownTests {

    private final HikariDataSource database;
    private final BatchNode ending;
    private final BatchNode next;
    private final CountDownLatch called = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);

    ShutdownTests(TestDatabase database) {
        this.database = database.fresh();
        ending = BatchNode.over(this.database, "offramp.batch.concurrency=1", "offramp.batch.chunk-size=1");
        next = BatchNode.over(this.database, ending.partnerCenter, ending.clock);
        ending.partnerCenter.whileCalled = _ -> {
            ending.partnerCenter.whileCalled = _ -> {};
            called.countDown();
            awaitQuietly(answered);
        };
    }

    @AfterEach
    void close() {
        answered.countDown();
        ending.close();
        next.close();
    }

    @Test
    void settlesWhatIsOnTheWireWithinTheGracePeriodAndBeginsNothing() throws InterruptedException {
        Request first = ending.admit(cancel("a"));
        Request second = ending.admit(cancel("b"));
        var lifecycle = lifecycle(Duration.ofSeconds(30));
        var down = new CountDownLatch(1);
        lifecycle.start();
        called.await();

        lifecycle.stop(down::countDown);
        assertThat(down.await(100, TimeUnit.MILLISECONDS))
                .as("down while a call is on the wire")
                .isFalse();
        answered.countDown();
        assertThat(down.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(ending.told(first)).containsExactly(Reason.ADMITTED, Reason.DONE);
        assertThat(ending.told(second)).containsExactly(Reason.ADMITTED);
        assertThat(ending.partnerCenter.calls).hasSize(1);
        assertHandedBack();
        assertThat(next.work()).as("at once").isEqualTo(1);
        assertThat(next.told(second)).containsExactly(Reason.ADMITTED, Reason.DONE);
    }

    @Test
    void handsBackAsItIsWhatIsOnTheWireForLongerThanTheGracePeriod() throws InterruptedException {
        Request first = ending.admit(cancel("a"));
        Request second = ending.admit(cancel("b"));
        var lifecycle = lifecycle(Duration.ofMillis(60));
        var down = new CountDownLatch(1);
        lifecycle.start();
        called.await();

        lifecycle.stop(down::countDown);
        assertThat(down.await(30, TimeUnit.SECONDS)).isTrue();

        assertHandedBack();
        JobExecution left = next.execution(1);
        assertThat(next.work()).as("at once").isEqualTo(1);
        assertThat(next.execution(1).getId())
                .as("restarted, in an execution of its own")
                .isGreaterThan(left.getId());
        assertThat(next.told(first)).endsWith(Reason.CONFIRMING);
        assertThat(next.told(second)).containsExactly(Reason.ADMITTED, Reason.DONE);
        assertThat(next.jdbc()
                        .sql("select lease_number from attempt_try order by gated_at, attempt_number")
                        .query(Long.class)
                        .list())
                .as("the ending node let nothing more through its gate")
                .containsExactly(1L, 2L);

        answered.countDown();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> ending.dispatcher().running() == 0);
        assertThat(ending.bugs()).isEmpty();
        assertThat(next.repository().getJobExecution(left.getId()))
                .as("and the thread that came to its end after all said so too")
                .satisfies(ShutdownTests::isStopped);
        next.clock.pass(Duration.ofMinutes(4));
        next.work();
        assertThat(next.told(first)).endsWith(Reason.CONFIRMING, Reason.DONE);
        assertThat(next.lastOutcome(first).details().confirmedBy())
                .as("the reply that came after all was written to its try")
                .isEqualTo("response");
        assertThat(next.partnerCenter.calls).hasSize(2);
        assertThat(next.batch(1).state()).isEqualTo(State.COMPLETED);
    }

    @Test
    void leavesTimeToHandBackHoweverShortTheShutdownIs() {
        var properties = new Binder(List.of()).bindOrCreate("offramp.batch", BatchProperties.class);

        assertThat(properties.graceWithin(Duration.ofSeconds(90))).isEqualTo(Duration.ofSeconds(80));
        assertThat(properties.graceWithin(Duration.ofSeconds(120))).isEqualTo(Duration.ofSeconds(80));
        assertThat(properties.graceWithin(Duration.ofSeconds(45))).isEqualTo(Duration.ofSeconds(40));
    }

    private void assertHandedBack() {
        assertThat(next.batch(1).state()).isEqualTo(State.STOPPED);
        assertThat(next.batch(1).stopReason()).isEqualTo(StopReason.DRAIN);
        assertThat(next.batch(1).restartAt()).isEqualTo(next.clock.instant());
        assertThat(next.execution(1)).satisfies(ShutdownTests::isStopped);
    }

    /** So that Spring Batch restarts it, without a recovery of ours. */
    private static void isStopped(JobExecution execution) {
        assertThat(execution.getStatus()).isEqualTo(BatchStatus.STOPPED);
        assertThat(execution.getExitStatus().getExitCode()).isEqualTo("STOPPED");
        assertThat(execution.getEndTime()).isNotNull();
        assertThat(execution.getStepExecutions())
                .isNotEmpty()
                .allSatisfy(step -> assertThat(step.getStatus()).isIn(BatchStatus.COMPLETED, BatchStatus.STOPPED));
    }

    private DispatcherLifecycle lifecycle(Duration grace) {
        return new DispatcherLifecycle(
                ending.dispatcher(),
                ending.watch(),
                ending.context.getBean(Runs.class),
                ending.context.getBean(Batches.class),
                ending.context.getBean(HandingOver.class),
                ending.clock,
                new DispatcherLifecycle.Times(Duration.ofMillis(20), Duration.ofSeconds(1), grace),
                false,
                () -> true);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a test", e);
        }
    }
}
