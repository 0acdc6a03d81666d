package dev.offramp.batch;

import dev.offramp.ledger.Batch;
import org.springframework.batch.core.job.JobExecution;

/** Carries out the job of a batch. */
interface Executions {

    /** Starts it or goes on with it, in the calling thread; returns when it has ended. */
    JobExecution run(Batch batch) throws Exception;
}
