package dev.offramp.batch;

import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Batches;
import dev.offramp.ledger.Fence;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Hands a batch over whose thread does not come to its end before the process does: the batch and its execution are shown
 * as stopped in one transaction, so that whoever takes the batch restarts what has ended and recovers nothing.
 */
final class HandingOver {

    private final Batches batches;
    private final JobRepository repository;
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final InstantSource clock;

    HandingOver(
            Batches batches,
            JobRepository repository,
            JdbcClient jdbc,
            TransactionTemplate transactions,
            InstantSource clock) {
        this.batches = batches;
        this.repository = repository;
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** @return whether it still was this lease's to hand over */
    boolean handOver(Fence fence, String sentence) {
        Optional<Batch> batch = batches.byNumber(fence.batch());
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            Instant now = clock.instant();
            boolean ours = batches.end(fence, State.STOPPED, StopReason.DRAIN, sentence, now, now);
            if (ours) {
                batch.map(each -> repository.getLastJobExecution(each.job(), BatchJobs.parameters(each)))
                        .ifPresent(each -> showAsStopped(each, sentence, now));
            }
            return ours;
        }));
    }

    /** Past the version of the rows: the thread, if it does come to its end, writes its own end over this one. */
    private void showAsStopped(JobExecution execution, String sentence, Instant now) {
        for (String table : new String[] {"batch_step_execution", "batch_job_execution"}) {
            jdbc.sql("""
                    update %s
                    set status = :stopped, exit_code = :stopped, exit_message = :sentence,
                        end_time = :now, last_updated = :now
                    where job_execution_id = :execution and status in ('STARTING', 'STARTED', 'STOPPING')
                    """.formatted(table))
                    .param("stopped", BatchStatus.STOPPED.name())
                    .param("sentence", sentence)
                    .param("now", LocalDateTime.ofInstant(now, ZoneId.systemDefault()))
                    .param("execution", execution.getId())
                    .update();
        }
    }
}
