package dev.offramp.batch;

import dev.offramp.ledger.Batch;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.springframework.batch.core.configuration.DuplicateJobException;
import org.springframework.batch.core.configuration.JobRegistry;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;

/**
 * The Spring Batch jobs, named after the definitions: made when the first batch of each is launched, as there are batches
 * of jobs that are no longer defined, too.
 */
final class BatchJobs {

    /** The identifying parameter: the batch's number. */
    static final String BATCH = "batch";

    private final Map<String, Job> made = new ConcurrentHashMap<>();
    private final JobRegistry registry;
    private final Function<String, Job> making;

    /** @param registry where a restart looks a job up by its name */
    BatchJobs(JobRegistry registry, Function<String, Job> making) {
        this.registry = registry;
        this.making = making;
    }

    Job named(String name) {
        return made.computeIfAbsent(name, this::make);
    }

    static JobParameters parameters(Batch batch) {
        return new JobParametersBuilder().addLong(BATCH, batch.number()).toJobParameters();
    }

    private Job make(String name) {
        var job = making.apply(name);
        try {
            registry.register(job);
        } catch (DuplicateJobException e) {
            throw new IllegalStateException("There is another Spring Batch job called " + name, e);
        }
        return job;
    }
}
