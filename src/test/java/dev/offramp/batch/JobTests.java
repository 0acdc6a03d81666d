package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.unlink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batches.Claim;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Reason;
import dev.offramp.safety.Brake;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;

/** What the job keeps to: stops are not lost, one transaction, no connection while it waits, nothing without a lease. */
@OnBothDatabases
class JobTests {

    private final BatchNode node;

    JobTests(TestDatabase database) {
        node = BatchNode.over(database.fresh(), "offramp.batch.chunk-size=2");
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void aStopInTheLastChunkIsNotLost() {
        List<Request> requests = admit(4);
        var chunks = new CopyOnWriteArrayList<Long>();
        node.onceCommitted(() -> chunks.add(1L));
        node.partnerCenter.whileRead = each -> {
            if (!chunks.isEmpty()) {
                node.pull(Brake.Scope.ALL, "");
            }
        };

        node.work();

        assertThat(node.execution(1).getStatus()).isEqualTo(BatchStatus.STOPPED);
        assertThat(node.partnerCenter.calls).hasSize(2);
        node.partnerCenter.whileRead = each -> {};
        node.release(Brake.Scope.ALL, "");
        node.work();
        assertAllDone(requests);
    }

    @Test
    void ledgerAndJobRepositoryAreWrittenInOneTransaction() {
        Request request = node.admit(cancel("a"));
        node.whileSettling(() -> {
            throw new IllegalStateException("the chunk's transaction breaks");
        });

        node.work();

        assertThat(node.told(request)).containsExactly(Reason.ADMITTED);
        assertThat(node.step(1, "process").getCommitCount()).isZero();
        assertThat(node.step(1, "process").getWriteCount()).isZero();
        assertThat(node.batch(1).state()).isEqualTo(State.FAILED);

        node.whileSettling(() -> {});
        node.clock.pass(Duration.ofMinutes(1));
        node.work();

        assertThat(node.told(request)).containsExactly(Reason.ADMITTED, Reason.DONE);
        assertThat(node.step(1, "process").getCommitCount()).isEqualTo(1);
        assertThat(node.partnerCenter.calls).as("the reply was durable").hasSize(1);
    }

    @Test
    void noConnectionIsHeldDuringACall() {
        var held = new CopyOnWriteArrayList<Integer>();
        node.partnerCenter.whileRead = each -> held.add(node.heldConnections());
        node.partnerCenter.whileCalled = each -> held.add(node.heldConnections());
        node.admit(cancel("a"));

        node.work();

        assertThat(held).hasSize(2).containsOnly(0);
    }

    @Test
    void aWaitForThePaceHoldsNoConnectionAndEndsWithTheBrake() {
        Request request = node.admit(cancel("a"));
        node.pace().wait = Duration.ofSeconds(25);
        node.dispatcher().look();
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> node.pace().waiting.get() > 0);
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> node.heldConnections() == 0);

        node.pull(Brake.Scope.ALL, "");
        node.watch().look();

        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> node.dispatcher().running() == 0);
        assertThat(node.told(request)).containsExactly(Reason.ADMITTED, Reason.BRAKE_ON);
        assertThat(node.pace().givenBack).hasValue(2);
        assertThat(node.partnerCenter.reads).hasValue(0);
    }

    @Test
    void aJobThatIsStartedWithoutALeaseDoesNothing() throws Exception {
        node.admit(cancel("a"));
        node.admit(unlink("b"));
        Batch claimed = claimAsDead();

        JobExecution execution = node.context
                .getBean(JobOperator.class)
                .start(node.context.getBean(BatchJobs.class).named(Admission.OTHER_JOB), parametersOf(claimed));

        assertThat(execution.getStatus()).isEqualTo(BatchStatus.FAILED);
        assertThat(node.partnerCenter.reads).hasValue(0);
        assertThat(node.partnerCenter.calls).isEmpty();
    }

    @Test
    void theJobHasNoIncrementerThatWouldReplaceItsParameters() {
        assertThat(node.context
                        .getBean(BatchJobs.class)
                        .named(Admission.OTHER_JOB)
                        .getJobParametersIncrementer())
                .isNull();
    }

    private List<Request> admit(int count) {
        return IntStream.range(0, count)
                .mapToObj(each -> node.admit(cancel("" + each)))
                .toList();
    }

    private Batch claimAsDead() {
        return node.ledger()
                .batches()
                .claim(
                        new Claim(
                                "dead",
                                Admission.OTHER_JOB,
                                Duration.ofSeconds(10),
                                500,
                                50,
                                List.of(),
                                List.of(),
                                List.of(),
                                true),
                        node.clock.instant())
                .orElseThrow();
    }

    private static JobParameters parametersOf(Batch batch) {
        return new JobParametersBuilder()
                .addLong(BatchJobs.BATCH, batch.number())
                .toJobParameters();
    }

    private void assertAllDone(List<Request> requests) {
        assertThat(requests)
                .allSatisfy(request -> assertThat(node.told(request)).endsWith(Reason.DONE));
    }
}
