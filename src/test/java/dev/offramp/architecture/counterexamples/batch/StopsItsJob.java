package dev.offramp.architecture.counterexamples.batch;

import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.launch.JobOperator;

/** Stops a running job from outside. */
public final class StopsItsJob {

    void stop(JobOperator operator, JobExecution execution) throws Exception {
        operator.stop(execution);
    }
}
