package dev.offramp.job;

import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.launch.JobExecutionAlreadyRunningException;
import org.springframework.batch.core.launch.JobInstanceAlreadyCompleteException;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.launch.JobRestartException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/**
 * Starts or restarts a job in the calling thread, whatever a dead predecessor left in the job repository. The caller
 * holds the lease on what the parameters name: Spring Batch itself does not keep two launchers from running one
 * instance.
 */
public final class Launching {

    /** So often a predecessor may wake up and write once more while its successor launches. */
    private static final int MOST_STRAYS = 3;

    private final JobOperator operator;
    private final JobRepository repository;

    public Launching(JobOperator operator, JobRepository repository) {
        this.operator = operator;
        this.repository = repository;
    }

    /**
     * Returns when the execution has ended; one that is completed or abandoned is not run again.
     *
     * <p>Spring Batch looks at every execution of the instance and refuses the launch for any that is shown as running,
     * UNKNOWN or complete. A predecessor that lost its lease may write such a status late, into an execution before or
     * behind the last: those are declared failed, too.
     */
    public JobExecution launch(Job job, JobParameters parameters) throws Exception {
        for (int again = 0; ; again++) {
            try {
                return launchOnce(job, parameters);
            } catch (JobExecutionAlreadyRunningException
                    | JobInstanceAlreadyCompleteException
                    | JobRestartException e) {
                if (again == MOST_STRAYS || !strayDeclaredFailed(job, parameters)) {
                    throw e;
                }
            }
        }
    }

    private boolean strayDeclaredFailed(Job job, JobParameters parameters) {
        JobInstance instance = repository.getJobInstance(job.getName(), parameters);
        if (instance == null) {
            return false;
        }
        JobExecution last = repository.getLastJobExecution(instance);
        if (last == null) {
            return false;
        }
        var strays = repository.getJobExecutions(instance).stream()
                .filter(each -> each.getId() != last.getId() ? !mayStandBeforeARestart(each) : each.isRunning())
                .toList();
        strays.forEach(this::declareFailed);
        return !strays.isEmpty();
    }

    private static boolean mayStandBeforeARestart(JobExecution execution) {
        return execution.getStatus() == BatchStatus.FAILED || execution.getStatus() == BatchStatus.STOPPED;
    }

    private JobExecution launchOnce(Job job, JobParameters parameters) throws Exception {
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
            case STARTING, STARTED, STOPPING -> operator.restart(operator.recover(stepsRecovered(last)));
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
