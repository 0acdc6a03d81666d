package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.ledger.Batch;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/** What Spring Batch remembers about the runs of a batch. */
final class Executions {

    private final JobRepository repository;

    Executions(JobRepository repository) {
        this.repository = repository;
    }

    /** One run; times are those of the node's clock. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ExecutionView(
            long id,
            String status,
            String exitCode,
            @Nullable LocalDateTime startTime,
            @Nullable LocalDateTime endTime,
            List<StepView> steps) {}

    /** One step of a run. */
    record StepView(String name, String status, long read, long written) {}

    /** Oldest first; none when it never came to a run. */
    List<ExecutionView> of(Batch batch) {
        Long newest = batch.executionId();
        JobExecution execution = newest == null ? null : repository.getJobExecution(newest);
        if (execution == null) {
            return List.of();
        }
        return repository.getJobExecutions(execution.getJobInstance()).stream()
                .sorted(Comparator.comparingLong(JobExecution::getId))
                .map(Executions::view)
                .toList();
    }

    private static ExecutionView view(JobExecution execution) {
        return new ExecutionView(
                execution.getId(),
                execution.getStatus().name(),
                execution.getExitStatus().getExitCode(),
                execution.getStartTime(),
                execution.getEndTime(),
                execution.getStepExecutions().stream()
                        .sorted(Comparator.comparingLong(StepExecution::getId))
                        .map(step -> new StepView(
                                step.getStepName(), step.getStatus().name(), step.getReadCount(), step.getWriteCount()))
                        .toList());
    }
}
