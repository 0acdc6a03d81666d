package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.ledger.Batch;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What Spring Batch remembers about the runs of batches. */
final class Executions {

    private static final Pattern CLASS_NAME = Pattern.compile("^(?:[\\w$]+\\.)+[\\w$]+: ");

    private final JobRepository repository;
    private final JdbcClient jdbc;

    Executions(JobRepository repository, JdbcClient jdbc) {
        this.repository = repository;
        this.jdbc = jdbc;
    }

    /**
     * One run.
     *
     * @param batch the number of its batch, e.g. B-1843
     * @param failure why it failed, in a sentence
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ExecutionView(
            long id,
            String batch,
            String status,
            String exitCode,
            @Nullable String failure,
            @Nullable Instant startTime,
            @Nullable Instant endTime,
            List<StepView> steps) {}

    /** One step of a run. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record StepView(
            String name,
            String status,
            long read,
            long written,
            long commits,
            long rollbacks,
            @Nullable String exitDescription,
            @Nullable Instant startTime,
            @Nullable Instant endTime) {}

    /** Oldest first; none when it never came to a run. */
    List<ExecutionView> of(Batch batch) {
        return newest(batch)
                .map(execution -> repository.getJobExecutions(execution.getJobInstance()).stream()
                        .sorted(Comparator.comparingLong(JobExecution::getId))
                        .map(each -> view(each, batch.number()))
                        .toList())
                .orElse(List.of());
    }

    /** Newest first over all batches; {@code before} is the cursor (exclusive), null for the first page. */
    List<ExecutionView> list(@Nullable String job, @Nullable Long before, int limit) {
        return jdbc
                .sql("""
                select e.job_execution_id
                from batch_job_execution e
                join batch_job_execution_params p
                    on p.job_execution_id = e.job_execution_id and p.parameter_name = 'batch'
                join batch b on b.number = cast(p.parameter_value as bigint)
                where e.job_execution_id < :before and (:job = '' or b.job = :job)
                order by e.job_execution_id desc
                limit :limit
                """)
                .param("before", before == null ? Long.MAX_VALUE : before)
                .param("job", job == null ? "" : job)
                .param("limit", limit)
                .query(Long.class)
                .list()
                .stream()
                .flatMap(id -> byId(id).stream())
                .toList();
    }

    Optional<ExecutionView> byId(long id) {
        return batchOf(id).map(batch -> view(execution(id).orElseThrow(), batch));
    }

    /** The number of the batch that a run belongs to. */
    Optional<Long> batchOf(long id) {
        return execution(id)
                .flatMap(each -> Optional.ofNullable(each.getJobParameters().getLong("batch")));
    }

    /** Writes down that nobody restarts the newest run of a batch; in the caller's transaction. */
    void abandon(Batch batch) {
        newest(batch).filter(each -> each.getStatus() != BatchStatus.COMPLETED).ifPresent(execution -> {
            execution.setStatus(BatchStatus.ABANDONED);
            repository.update(execution);
        });
    }

    private Optional<JobExecution> newest(Batch batch) {
        return Optional.ofNullable(batch.executionId()).flatMap(this::execution);
    }

    private Optional<JobExecution> execution(long id) {
        boolean known = jdbc.sql("select count(*) from batch_job_execution where job_execution_id = :id")
                        .param("id", id)
                        .query(Long.class)
                        .single()
                > 0;
        return known ? Optional.ofNullable(repository.getJobExecution(id)) : Optional.empty();
    }

    private static ExecutionView view(JobExecution execution, long batch) {
        return new ExecutionView(
                execution.getId(),
                "B-" + batch,
                execution.getStatus().name(),
                execution.getExitStatus().getExitCode(),
                failure(execution),
                utc(execution.getStartTime()),
                utc(execution.getEndTime()),
                execution.getStepExecutions().stream()
                        .sorted(Comparator.comparingLong(StepExecution::getId))
                        .map(Executions::view)
                        .toList());
    }

    private static StepView view(StepExecution step) {
        String description = step.getExitStatus().getExitDescription();
        return new StepView(
                step.getStepName(),
                step.getStatus().name(),
                step.getReadCount(),
                step.getWriteCount(),
                step.getCommitCount(),
                step.getRollbackCount(),
                description.isBlank() ? null : description,
                utc(step.getStartTime()),
                utc(step.getEndTime()));
    }

    /** The first line of what the run, or its first failed step, left; the rest is a stack trace. */
    private static @Nullable String failure(JobExecution execution) {
        if (execution.getStatus() != BatchStatus.FAILED) {
            return null;
        }
        var steps = execution.getStepExecutions().stream()
                .filter(each -> each.getStatus() == BatchStatus.FAILED)
                .map(StepExecution::getExitStatus);
        return java.util.stream.Stream.concat(java.util.stream.Stream.of(execution.getExitStatus()), steps)
                .map(ExitStatus::getExitDescription)
                .filter(each -> !each.isBlank())
                .findFirst()
                .flatMap(each -> each.lines().findFirst())
                .map(line -> CLASS_NAME.matcher(line).replaceFirst(""))
                .orElse(null);
    }

    /** Spring Batch writes the wall clock of the node. */
    private static @Nullable Instant utc(@Nullable LocalDateTime local) {
        return local == null ? null : local.atZone(ZoneId.systemDefault()).toInstant();
    }
}
