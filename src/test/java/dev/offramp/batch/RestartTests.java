package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Batches.Claim;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.safety.Brake;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;

@OnBothDatabases
class RestartTests {

    private final BatchNode node;

    RestartTests(TestDatabase database) {
        node = BatchNode.over(database.fresh());
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void restartsWithTheOneStalledRequestOfFiveHundredAndCallsForNoOther() {
        List<Request> requests = admit(500);
        node.partnerCenter.unreadable.add(subscription("250"));

        node.work();

        assertThat(node.batch(1).state()).isEqualTo(State.FAILED);
        assertThat(lastExecution().getStatus()).isEqualTo(BatchStatus.FAILED);
        assertThat(node.partnerCenter.calls).hasSize(499);
        assertThat(node.told(requests.get(250))).containsExactly(Reason.ADMITTED, Reason.RETRIES_EXHAUSTED);

        node.partnerCenter.unreadable.clear();
        node.partnerCenter.reads.set(0);
        node.clock.pass(Duration.ofMinutes(1));
        node.work();

        assertThat(node.batch(1).state()).isEqualTo(State.COMPLETED);
        assertThat(step("guard").getStatus()).as("the guards run again").isEqualTo(BatchStatus.COMPLETED);
        assertThat(step("process").getReadCount()).isEqualTo(1);
        assertThat(node.partnerCenter.reads).hasValue(1);
        assertThat(node.partnerCenter.calls).hasSize(500);
        assertThat(requests)
                .allSatisfy(request -> assertThat(node.told(request)).endsWith(Reason.DONE));
    }

    @Test
    void stopsABatchOfOneChunkAtTheBrakeAndCarriesOutTheRestAfterIt() {
        List<Request> requests = admit(20);
        node.partnerCenter.whileCalled =
                _ -> node.brake().pull(Brake.Scope.ALL, "", "jane", "stop", node.clock.instant());

        node.work();

        assertThat(lastExecution().getStatus()).isEqualTo(BatchStatus.STOPPED);
        assertThat(node.batch(1).state()).isEqualTo(State.STOPPED);
        assertThat(node.batch(1).stopReason()).isEqualTo(StopReason.BRAKE);
        int atTheBrake = node.partnerCenter.calls.size();
        assertThat(atTheBrake).isLessThan(20);
        assertThat(requests)
                .anySatisfy(request -> assertThat(node.told(request)).endsWith(Reason.BRAKE_ON));
        assertThat(node.work()).as("nothing is started while the brake is on").isZero();

        node.partnerCenter.whileCalled = each -> {};
        node.brake().release(Brake.Scope.ALL, "", "jane", "go on", node.clock.instant());
        node.work();

        assertThat(node.batch(1).state()).isEqualTo(State.COMPLETED);
        assertThat(requests)
                .allSatisfy(request -> assertThat(node.told(request)).endsWith(Reason.DONE));
        assertThat(node.partnerCenter.calls).hasSize(20);
    }

    @Test
    void carriesOutAnotherRequestOfACustomerWhoseBatchHasFailed() {
        Request stalled = node.admit(cancel("a"));
        node.partnerCenter.unreadable.add(subscription("a"));
        node.work();
        assertThat(node.batch(1).state()).isEqualTo(State.FAILED);

        Request other = node.admit(Admissions.cancel()
                .of(Admissions.customer("customer-a"), Admissions.subscription("another"))
                .as("another"));
        node.work();

        assertThat(node.told(other)).endsWith(Reason.DONE);
        assertThat(node.read(stalled).status()).isEqualTo(Status.STALLED);
    }

    @Test
    void restartsAFailedBatchThreeTimesByItselfAndThenLeavesItToAPerson() {
        node.admit(cancel("a"));
        node.partnerCenter.unreadable.add(subscription("a"));
        node.work();
        for (Duration after : List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(30))) {
            node.clock.pass(after.minusSeconds(1));
            assertThat(node.work()).isZero();
            node.clock.pass(Duration.ofSeconds(1));
            assertThat(node.work()).isEqualTo(1);
        }

        node.clock.pass(Duration.ofDays(30));

        assertThat(node.work()).isZero();
        assertThat(node.batch(1).failures()).isEqualTo(4);
        assertThat(node.batch(1).restartAt()).isNull();
    }

    @Test
    void recoversAnExecutionThatADeadOwnerLeftRunning() {
        List<Request> requests = admit(30);
        node.brake().pull(Brake.Scope.ALL, "", "jane", "stop", node.clock.instant());
        // The owner dies in the middle: the execution is shown as STARTED and its lease runs out.
        node.brake().release(Brake.Scope.ALL, "", "jane", "go on", node.clock.instant());
        var claimed = claimAsDead();
        JobRepository repository = node.context.getBean(JobRepository.class);
        var parameters = new JobParametersBuilder()
                .addLong(BatchJobs.BATCH, claimed.number())
                .toJobParameters();
        var instance = repository.createJobInstance(Admission.OTHER_JOB, parameters);
        JobExecution started = repository.createJobExecution(instance, parameters, new ExecutionContext());
        started.setStatus(BatchStatus.STARTED);
        repository.update(started);

        assertThat(node.work()).as("the lease is still the other's").isZero();
        node.clock.pass(Duration.ofSeconds(11));
        node.work();

        assertThat(node.batch(claimed.number()).state()).isEqualTo(State.COMPLETED);
        assertThat(requests)
                .allSatisfy(request -> assertThat(node.told(request)).endsWith(Reason.DONE));
    }

    @Test
    void healsEveryStatusInWhichADeadOwnerCanLeaveAnExecutionAndItsStep() {
        JobRepository repository = node.context.getBean(JobRepository.class);
        for (BatchStatus left :
                List.of(BatchStatus.STARTING, BatchStatus.STARTED, BatchStatus.STOPPING, BatchStatus.UNKNOWN)) {
            for (BatchStatus leftStep : List.of(BatchStatus.STARTING, BatchStatus.STARTED, BatchStatus.UNKNOWN)) {
                Request request = node.admit(cancel(left + "-" + leftStep));
                var claimed = claimAsDead();
                var parameters = new JobParametersBuilder()
                        .addLong(BatchJobs.BATCH, claimed.number())
                        .toJobParameters();
                JobExecution execution = repository.createJobExecution(
                        repository.createJobInstance(Admission.OTHER_JOB, parameters),
                        parameters,
                        new ExecutionContext());
                StepExecution guard = repository.createStepExecution("guard", execution);
                guard.setStatus(leftStep);
                repository.update(guard);
                execution.setStatus(left);
                repository.update(execution);

                node.clock.pass(Duration.ofSeconds(11));
                node.work();

                assertThat(node.batch(claimed.number()).state())
                        .as("%s with a step %s", left, leftStep)
                        .isEqualTo(State.COMPLETED);
                assertThat(node.told(request)).endsWith(Reason.DONE);
                assertThat(repository.getJobExecution(execution.getId()).getStatus())
                        .as("what was left is told as failed")
                        .isEqualTo(BatchStatus.FAILED);
            }
        }
        assertThat(node.partnerCenter.calls).hasSize(12);
    }

    /** A node that stands still while its lease runs out writes what it was about to write when it wakes. */
    @Test
    void healsWhatAFormerOwnerWritesLateIntoAnExecutionBeforeTheLast() {
        JobRepository repository = node.context.getBean(JobRepository.class);
        for (BatchStatus late : List.of(
                BatchStatus.STARTING,
                BatchStatus.STARTED,
                BatchStatus.STOPPING,
                BatchStatus.UNKNOWN,
                BatchStatus.COMPLETED,
                BatchStatus.ABANDONED)) {
            Request request = node.admit(cancel("late-" + late));
            var claimed = claimAsDead();
            var parameters = new JobParametersBuilder()
                    .addLong(BatchJobs.BATCH, claimed.number())
                    .toJobParameters();
            var instance = repository.createJobInstance(Admission.OTHER_JOB, parameters);
            JobExecution former = repository.createJobExecution(instance, parameters, new ExecutionContext());
            JobExecution last = repository.createJobExecution(instance, parameters, new ExecutionContext());
            last.setStatus(BatchStatus.FAILED);
            repository.update(last);
            former.setStatus(late);
            repository.update(former);

            node.clock.pass(Duration.ofSeconds(11));
            node.work();

            assertThat(node.told(request)).as("%s, written late", late).endsWith(Reason.DONE);
            assertThat(repository.getJobExecution(former.getId()).getStatus())
                    .as("what was written late is told as failed")
                    .isEqualTo(BatchStatus.FAILED);
        }
        assertThat(node.partnerCenter.calls).hasSize(6);
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

    @Test
    void startsABatchWhoseInstanceWasLeftWithoutAnExecution() {
        Request request = node.admit(cancel("a"));
        var claimed = claimAsDead();
        node.context
                .getBean(JobRepository.class)
                .createJobInstance(
                        Admission.OTHER_JOB,
                        new JobParametersBuilder()
                                .addLong(BatchJobs.BATCH, claimed.number())
                                .toJobParameters());

        node.clock.pass(Duration.ofSeconds(11));
        node.work();

        assertThat(node.told(request)).endsWith(Reason.DONE);
    }

    private List<Request> admit(int count) {
        return IntStream.range(0, count)
                .mapToObj(each -> node.admit(cancel(String.valueOf(each))))
                .toList();
    }

    private JobExecution lastExecution() {
        JobRepository repository = node.context.getBean(JobRepository.class);
        var execution = repository.getLastJobExecution(
                Admission.OTHER_JOB,
                new JobParametersBuilder().addLong(BatchJobs.BATCH, 1L).toJobParameters());
        assertThat(execution).isNotNull();
        return execution;
    }

    private StepExecution step(String name) {
        return lastExecution().getStepExecutions().stream()
                .filter(each -> each.getStepName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
