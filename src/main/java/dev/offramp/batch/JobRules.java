package dev.offramp.batch;

import dev.offramp.job.JobDefinition;
import dev.offramp.job.JobDefinition.Limits;
import dev.offramp.job.Jobs;
import dev.offramp.job.RunWindow;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.LastChance;
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

    /**
     * How a request is put off that may not be begun now, as its job is outside its window; a plan only reads. Nothing is
     * put off past its last chance: a person decides whether the window or the request matters more.
     */
    Optional<Resolution> outsideWindow(Request request, Instant now) {
        var job = request.admission().job();
        return jobs.named(job)
                .filter(_ -> !request.terms().planOnly()
                        && !request.released().contains(Reason.LAST_CHANCE)
                        // What is over ends now; only to say so it need not wait.
                        && !now.isAfter(request.terms().notAfter()))
                .flatMap(each -> Optional.ofNullable(each.window()))
                .filter(window -> !window.isOpen(now))
                .flatMap(window -> within(request, putOff(request, job, window, now), now));
    }

    /**
     * What is only observed is judged in time instead of being held; what was begun waits as it did, since holding it could
     * end it with less than it may still come to by itself.
     */
    private static Optional<Resolution> within(Request request, Resolution putOff, Instant now) {
        var chance = LastChance.of(request.operation(), request.terms(), null, now);
        if (request.effect() != Effect.NONE || !chance.isMissedBy(Objects.requireNonNull(putOff.wakeAt()))) {
            return Optional.of(putOff);
        }
        return request.admission().mode() == Mode.OBSERVE
                ? Optional.empty()
                : Optional.of(Resolution.of(
                        Reason.LAST_CHANCE,
                        request.effect(),
                        "%s By then its last chance (%s, %s) is over."
                                .formatted(putOff.message(), chance.of().word(), chance.at()),
                        Details.with()
                                .decideBy(chance.at())
                                .advice("Release it to have it carried out outside the window, or reject it.")
                                .build()));
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
