package dev.offramp.batch;

import dev.offramp.job.JobDefinition;
import dev.offramp.job.JobDefinition.Limits;
import dev.offramp.job.Jobs;
import dev.offramp.job.RunWindow;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Reason;
import dev.offramp.partnercenter.pace.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

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

    /** How a request is put off that may not be begun now, as its job is outside its window; a plan only reads. */
    Optional<Resolution> outsideWindow(Request request, Instant now) {
        var job = request.admission().job();
        return jobs.named(job)
                .filter(_ -> !request.terms().planOnly())
                .flatMap(each -> Optional.ofNullable(each.window()))
                .filter(window -> !window.isOpen(now))
                .map(window -> putOff(request, job, window, now));
    }

    private static Resolution putOff(Request request, String job, RunWindow window, Instant now) {
        var opens = window.opensAt(now);
        return Resolutions.deferred(
                request,
                Reason.OUTSIDE_RUN_WINDOW,
                opens,
                "The job %s works %s; it goes on at %s.".formatted(job, window.inWords(), opens),
                null);
    }
}
