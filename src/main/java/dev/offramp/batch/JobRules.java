package dev.offramp.batch;

import dev.offramp.job.JobDefinition;
import dev.offramp.job.JobDefinition.Limits;
import dev.offramp.job.Jobs;
import dev.offramp.partnercenter.pace.Pace;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** How the requests of a job are worked on: by its definition, where that says something, else as usual. */
final class JobRules {

    private final Jobs jobs;
    private final BatchProperties usual;

    JobRules(Jobs jobs, BatchProperties usual) {
        this.jobs = jobs;
        this.usual = usual;
    }

    private Limits limits(String job) {
        return jobs.named(job).map(JobDefinition::limits).orElse(Limits.USUAL);
    }

    int batchSize(String job) {
        return Objects.requireNonNullElse(limits(job).batchSize(), usual.maxRequests());
    }

    int chunkSize(String job) {
        return Objects.requireNonNullElse(limits(job).chunkSize(), usual.chunkSize());
    }

    int concurrency(String job) {
        return Objects.requireNonNullElse(limits(job).concurrency(), usual.concurrency());
    }

    List<Duration> restartAfter(String job) {
        return Objects.requireNonNullElse(limits(job).restartAfter(), usual.restartAfter());
    }

    Pace.Share paceShare(String job) {
        return new Pace.Share(job, limits(job).paceShare());
    }
}
