package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batches.Claim;
import dev.offramp.ledger.Fence;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Reason;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.converter.ArgumentConverter;
import org.junit.jupiter.params.converter.ConvertWith;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.dao.OptimisticLockingFailureException;

/** Leases that live as long as the job's thread, and what becomes of a batch whose lease has run out. */
@OnBothDatabases
class LeaseTests {

    private static final Duration LEASE = Duration.ofSeconds(10);

    private final HikariDataSource database;
    private final BatchNode node;

    LeaseTests(TestDatabase database) {
        this.database = database.fresh();
        node = BatchNode.over(this.database, "offramp.batch.max-running=1");
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void isRenewedOnlyWhileTheJobsThreadLives() throws InterruptedException {
        Request request = node.admit(cancel("a"));
        Batch batch =
                claimAs(node.context.getBean(BatchConfiguration.Owner.class).name());
        leaveAnExecutionRunning(batch);
        var die = new CountDownLatch(1);
        var opened = new CountDownLatch(1);
        Thread job = Thread.ofPlatform().start(() -> {
            node.context.getBean(Runs.class).open(new Fence(batch.number(), batch.leaseNumber()));
            opened.countDown();
            awaitQuietly(die);
            // No end of the execution, no end of the batch: as if the thread had been lost.
        });
        opened.await();

        node.clock.pass(Duration.ofSeconds(5));
        node.watch().look();
        assertThat(leaseUntil(batch)).isEqualTo(node.clock.instant().plus(LEASE));

        die.countDown();
        job.join();
        Instant last = leaseUntil(batch);
        for (int looks = 0; looks < 20; looks++) {
            node.clock.pass(Duration.ofMillis(500));
            node.watch().look();
            assertThat(leaseUntil(batch)).as("nobody keeps it alive").isEqualTo(last);
        }

        assertThat(node.work()).as("even the same node takes it now").isEqualTo(1);
        assertThat(node.told(request)).endsWith(Reason.DONE);
        assertThat(node.batch(batch.number()).state()).isEqualTo(State.COMPLETED);
    }

    /** The first look at the worst moment: it came so long before the end of the lease that the end was not over yet. */
    @ParameterizedTest
    @CsvSource({"100ms, 1ms", "1s, 1ms", "1s, 500ms", "3s, 1ms", "3s, 2999ms"})
    void isAdoptedAndWorkedOnWithinFiveSecondsAfterItsEnd(
            @ConvertWith(Durations.class) Duration poll, @ConvertWith(Durations.class) Duration lookedBeforeTheEnd) {
        assertThatCode(() -> polling(poll)).doesNotThrowAnyException();
        node.admit(cancel("a"));
        Batch batch = claimAs("dead");
        leaveAnExecutionRunning(batch);
        Instant end = leaseUntil(batch);
        node.clock.pass(LEASE.minus(lookedBeforeTheEnd));
        node.work();
        assertThat(node.partnerCenter.calls).as("the lease still counts").isEmpty();

        // As often as a service looks by itself, that is without being told of any work.
        while (node.partnerCenter.calls.isEmpty() && node.clock.instant().isBefore(end.plus(LEASE))) {
            node.clock.pass(poll);
            node.work();
        }

        assertThat(node.clock.instant()).isAfterOrEqualTo(end);
        assertThat(Duration.between(end, node.clock.instant()).plus(BatchProperties.TAKING_OVER))
                .as("until its first call, with what taking over may take")
                .isLessThanOrEqualTo(Duration.ofSeconds(5));
        assertThat(node.partnerCenter.calls).hasSize(1);
    }

    @Test
    void refusesToLookSoRarelyThatADeadNodesWorkWouldWaitLonger() {
        assertThatThrownBy(() -> polling(Duration.ofMillis(3001)))
                .rootCause()
                .hasMessage(
                        "offramp.batch.poll-interval is PT3.001S; write a duration above zero and at most 3s, so that the work of a node that died goes on within 5 s after the end of its lease.");
        assertThatThrownBy(() -> polling(Duration.ZERO))
                .rootCause()
                .hasMessageStartingWith("offramp.batch.poll-interval is PT0S; write a duration above zero");
    }

    private static BatchProperties polling(Duration interval) {
        return new Binder(new MapConfigurationPropertySource(
                        Map.of("offramp.batch.poll-interval", interval.toMillis() + "ms")))
                .bindOrCreate("offramp.batch", BatchProperties.class);
    }

    /** As they are written in a configuration. */
    static final class Durations implements ArgumentConverter {
        @Override
        public Object convert(@Nullable Object source, ParameterContext context) {
            return DurationStyle.detectAndParse(String.valueOf(source));
        }
    }

    @Test
    void isAdoptedAlsoByANodeThatIsFull() {
        node.admit(cancel("dead"));
        Batch orphan = claimAs("dead");
        Request own = node.admit(cancel("own"));
        var goOn = new CountDownLatch(1);
        node.partnerCenter.whileCalled = permit -> {
            if (permit.customerId().equals(own.customerId())) {
                awaitQuietly(goOn);
            }
        };
        assertThat(node.dispatcher().look()).as("it runs as many as it may").isEqualTo(1);
        node.clock.pass(LEASE);

        assertThat(node.dispatcher().look()).isEqualTo(1);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> node.batch(orphan.number()).state() == State.COMPLETED);
        goOn.countDown();
        node.work();
    }

    /** The lease cannot always be read at that moment; that its execution was written by somebody else says it as well. */
    @Test
    void takesAnExecutionThatSomebodyElseWroteForOneThatWasTakenOver() {
        node.admit(cancel("a"));
        var told = new ArrayList<Throwable>();
        var bugs = new ArrayList<Throwable>();
        var journal = new BatchJournal() {
            @Override
            public void takenOver(Batch batch, Throwable cause) {
                told.add(cause);
            }

            @Override
            public void bug(String where, Throwable cause) {
                bugs.add(cause);
            }
        };
        var written = new OptimisticLockingFailureException("wrong version (2), where current version is 5");

        runner(journal, written).run(claimAs("node-a"));
        assertThat(told).containsExactly(written);
        assertThat(bugs).isEmpty();

        var mistake = new IllegalStateException("a mistake of ours");
        node.admit(cancel("b"));
        runner(journal, mistake).run(claimAs("node-a"));
        assertThat(told).hasSize(1);
        assertThat(bugs).containsExactly(mistake);
    }

    private BatchRunner runner(BatchJournal journal, RuntimeException breaksOff) {
        return new BatchRunner(
                new Runs(),
                _ -> {
                    throw breaksOff;
                },
                node.ledger().batches(),
                node.ledger().requests(),
                node.context.getBean(JobRules.class),
                node.clock,
                journal);
    }

    private Batch claimAs(String owner) {
        return node.ledger()
                .batches()
                .claim(
                        new Claim(owner, Admission.OTHER_JOB, LEASE, 500, 50, List.of(), List.of(), List.of(), true),
                        node.clock.instant())
                .orElseThrow();
    }

    private Instant leaseUntil(Batch batch) {
        return node.batch(batch.number()).leaseUntil();
    }

    private void leaveAnExecutionRunning(Batch batch) {
        var repository = node.context.getBean(JobRepository.class);
        var parameters = new JobParametersBuilder()
                .addLong(BatchJobs.BATCH, batch.number())
                .toJobParameters();
        JobExecution started = repository.createJobExecution(
                repository.createJobInstance(batch.job(), parameters), parameters, new ExecutionContext());
        started.setStatus(BatchStatus.STARTED);
        repository.update(started);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a test", e);
        }
    }
}
