package dev.offramp.batch;

import dev.offramp.ledger.Batch;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/**
 * Starts or restarts a batch's job in the calling thread, whatever a dead predecessor left in the job repository. The
 * caller holds the batch's lease: Spring Batch itself does not keep two launchers from running one instance.
 */
final class Launching {

    private final JobOperator operator;
    private final JobRepository repository;
    private final BatchJobs jobs;

    Launching(JobOperator operator, JobRepository repository, BatchJobs jobs) {
        this.operator = operator;
        this.repository = repository;
        this.jobs = jobs;
    }

    JobExecution launch(Batch batch) throws Exception {
        Job job = jobs.named(batch.job());
        JobParameters parameters = new JobParametersBuilder()
                .addLong(BatchJobs.BATCH, batch.number())
                .toJobParameters();
        JobInstance instance = repository.getJobInstance(job.getName(), parameters);
        if (instance == null) {
            return operator.start(job, parameters);
        }
        JobExecution last = repository.getLastJobExecution(instance);
        if (last == null) {
            // A start that died between its two inserts; such an instance can never be started again.
            repository.deleteJobInstance(instance);
            return operator.start(job, parameters);
        }
        return switch (last.getStatus()) {
            case COMPLETED, ABANDONED -> last;
            case UNKNOWN -> {
                declareFailed(last);
                yield operator.restart(last);
            }
            case STARTING, STARTED, STOPPING -> operator.restart(operator.recover(last));
            case STOPPED, FAILED -> operator.restart(stepsRecovered(last));
        };
    }

    /** UNKNOWN has no way out in Spring Batch; under our lease the last owner is known to be gone. */
    private void declareFailed(JobExecution last) {
        stepsRecovered(last);
        last.setStatus(BatchStatus.FAILED);
        repository.update(last);
    }

    /** A step that is still shown as running, or as UNKNOWN, refuses the restart. */
    private JobExecution stepsRecovered(JobExecution last) {
        for (StepExecution step : last.getStepExecutions()) {
            if (step.getStatus().isRunning() || step.getStatus() == BatchStatus.UNKNOWN) {
                step.setStatus(BatchStatus.FAILED);
                repository.update(step);
            }
        }
        return last;
    }
}
