package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.unlink;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Batches;
import dev.offramp.ledger.Batches.Claim;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Reason;
import dev.offramp.safety.Brake;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/** The traps of Spring Batch that this design walks around, each shown. */
@OnBothDatabases
class LibraryTrapTests {

    private final TestDatabase kind;
    private final HikariDataSource database;
    private final BatchNode node;

    LibraryTrapTests(TestDatabase kind) {
        this.kind = kind;
        database = kind.fresh();
        node = BatchNode.over(database, "offramp.batch.chunk-size=2");
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void anInterruptedJobThreadDoesNotEndAsCompleted() {
        List<Request> requests = admit(6);
        var once = new AtomicBoolean();
        node.onceCommitted(() -> {
            if (once.compareAndSet(false, true)) {
                Thread.currentThread().interrupt();
            }
        });

        node.work();

        assertThat(node.execution(1).getStatus()).isEqualTo(BatchStatus.STOPPED);
        assertThat(node.batch(1).stopReason()).isEqualTo(StopReason.DRAIN);
        assertThat(node.partnerCenter.calls).hasSize(2);

        node.work();

        assertThat(node.batch(1).state()).isEqualTo(State.COMPLETED);
        assertThat(node.partnerCenter.calls).hasSize(6);
        assertAllDone(requests);
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
    void aShutdownInTheMiddleEndsStoppedAndAnotherNodeGoesOnAtOnce() throws Exception {
        List<Request> requests = admit(10);
        var called = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        node.partnerCenter.whileCalled = each -> {
            called.countDown();
            awaitQuietly(goOn);
        };
        var lifecycle = new DispatcherLifecycle(
                node.dispatcher(),
                node.watch(),
                node.context.getBean(Runs.class),
                node.context.getBean(Batches.class),
                node.clock,
                new DispatcherLifecycle.Times(Duration.ofMillis(20), Duration.ofMillis(20)),
                false);
        lifecycle.start();
        called.await();
        var down = new CountDownLatch(1);

        lifecycle.stop(down::countDown);
        assertThat(down.getCount()).as("it waits for what is on the wire").isEqualTo(1);
        goOn.countDown();
        down.await();

        assertThat(node.execution(1).getStatus()).isEqualTo(BatchStatus.STOPPED);
        assertThat(node.batch(1).stopReason()).isEqualTo(StopReason.DRAIN);
        assertThat(node.partnerCenter.calls).hasSizeBetween(1, 2);
        assertThat(requests.stream().flatMap(each -> node.told(each).stream()).distinct())
                .as("nobody is told of a node that only hands over")
                .containsExactlyInAnyOrder(Reason.ADMITTED, Reason.DONE);
        try (var other = BatchNode.over(database, node.partnerCenter, node.clock, "offramp.node=other")) {
            assertThat(other.work()).isEqualTo(1);
            assertThat(other.batch(1).state()).isEqualTo(State.COMPLETED);
        }
        assertAllDone(requests);
        assertThat(node.partnerCenter.calls).hasSize(10);
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
    void anUnknownExecutionIsRestarted() {
        List<Request> requests = admit(3);
        Batch claimed = claimAsDead();
        JobParameters parameters = parametersOf(claimed);
        var instance = node.repository().createJobInstance(OffboardingJob.NAME, parameters);
        JobExecution unknown = node.repository().createJobExecution(instance, parameters, new ExecutionContext());
        StepExecution step = node.repository().createStepExecution("process", unknown);
        step.setStatus(BatchStatus.UNKNOWN);
        node.repository().update(step);
        unknown.setStatus(BatchStatus.UNKNOWN);
        node.repository().update(unknown);

        node.clock.pass(Duration.ofSeconds(11));
        node.work();

        assertThat(node.batch(claimed.number()).state()).isEqualTo(State.COMPLETED);
        assertAllDone(requests);
    }

    @Test
    void aJobThatIsStartedWithoutALeaseDoesNothing() throws Exception {
        node.admit(cancel("a"));
        node.admit(unlink("b"));
        Batch claimed = claimAsDead();

        JobExecution execution =
                node.context.getBean(JobOperator.class).start(node.context.getBean(Job.class), parametersOf(claimed));

        assertThat(execution.getStatus()).isEqualTo(BatchStatus.FAILED);
        assertThat(node.partnerCenter.reads).hasValue(0);
        assertThat(node.partnerCenter.calls).isEmpty();
    }

    @Test
    void manyThreadsStartDifferentBatchesWithoutAFailure() throws Exception {
        var failures = new CopyOnWriteArrayList<Exception>();
        var operator = node.context.getBean(JobOperator.class);
        var job = node.context.getBean(Job.class);
        var threads = IntStream.range(0, 16)
                .mapToObj(thread -> Thread.ofVirtual().unstarted(() -> {
                    for (int each = 0; each < 5; each++) {
                        try {
                            operator.start(
                                    job,
                                    new JobParametersBuilder()
                                            .addLong(OffboardingJob.BATCH, 1000L + thread * 5 + each)
                                            .toJobParameters());
                        } catch (Exception e) {
                            failures.add(e);
                        }
                    }
                }))
                .toList();

        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(failures).isEmpty();
        assertThat(node.jdbc()
                        .sql("select count(*) from batch_job_execution")
                        .query(Long.class)
                        .single())
                .isEqualTo(80);
    }

    @Test
    void onlyOneOfTwoNodesRestartsAFailedBatch() throws Exception {
        node.admit(cancel("a"));
        node.partnerCenter.unreadable.add(ProcessingTests.subscription("a"));
        node.work();
        assertThat(node.batch(1).state()).isEqualTo(State.FAILED);

        try (var other = BatchNode.over(database, node.partnerCenter, node.clock, "offramp.node=other")) {
            for (Duration after : List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(30))) {
                node.clock.pass(after);
                int reads = node.partnerCenter.reads.get();
                var started = new CopyOnWriteArrayList<Integer>();
                var ready = new CountDownLatch(2);
                var threads = List.of(node, other).stream()
                        .map(each -> Thread.ofVirtual().start(() -> {
                            ready.countDown();
                            awaitQuietly(ready);
                            started.add(each.work());
                        }))
                        .toList();
                for (Thread thread : threads) {
                    thread.join();
                }
                assertThat(started).containsExactlyInAnyOrder(0, 1);
                assertThat(node.partnerCenter.reads).hasValue(reads + 1);
            }
        }
        assertThat(node.batch(1).failures()).isEqualTo(4);
        assertThat(node.bugs()).isEmpty();
    }

    @Test
    void theJobRepositoryHasTheIndexesThatTheStockSchemaLacks() {
        switch (kind) {
            // H2 makes an index for each foreign key by itself.
            case H2 ->
                assertThat(names("select lower(index_name) from information_schema.indexes"))
                        .contains("batch_step_exec_job_ix")
                        .anyMatch(each -> each.startsWith("job_inst_exec_fk_index"))
                        .anyMatch(each -> each.startsWith("job_exec_params_fk_index"));
            case POSTGRESQL ->
                assertThat(names("select indexname from pg_indexes"))
                        .contains("batch_job_exec_inst_ix", "batch_step_exec_job_ix", "batch_job_params_exec_ix");
        }
    }

    private List<String> names(String sql) {
        return node.jdbc().sql(sql).query(String.class).list();
    }

    @Test
    void executionContextsAreJson() {
        node.admit(cancel("a"));
        node.work();

        assertThat(node.jdbc().sql("""
                        select short_context from batch_step_execution_context
                        union all
                        select short_context from batch_job_execution_context
                        """).query(String.class).list())
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each).startsWith("{"));
    }

    @Test
    void theJobHasNoIncrementerThatWouldReplaceItsParameters() {
        assertThat(node.context.getBean(Job.class).getJobParametersIncrementer())
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
                        new Claim("dead", Duration.ofSeconds(10), 500, 50, List.of(), List.of(), true),
                        node.clock.instant())
                .orElseThrow();
    }

    private static JobParameters parametersOf(Batch batch) {
        return new JobParametersBuilder()
                .addLong(OffboardingJob.BATCH, batch.number())
                .toJobParameters();
    }

    private void assertAllDone(List<Request> requests) {
        assertThat(requests)
                .allSatisfy(request -> assertThat(node.told(request)).endsWith(Reason.DONE));
    }

    static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a test", e);
        }
    }
}
