package dev.offramp.safety;

import dev.offramp.job.JobDefinition;
import dev.offramp.job.Jobs;
import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Canary;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * With whom a request goes first or waits: with its run; else with its group; else, when its job says so, with what comes in the same
 * opening of the job's window.
 *
 * @param customers how many go first where a job says nothing; 0: nobody
 * @param settle how long they must have been well where a job says nothing
 */
record CanaryBook(Jobs jobs, int customers, Duration settle) {

    /**
     * What goes together.
     *
     * @param name the same for all that do
     */
    record Flock(String name, Canary canary) {}

    Optional<Flock> of(Request request, Instant now) {
        Admission admission = request.admission();
        Optional<JobDefinition> job = jobs.named(admission.job());
        Optional<JobDefinition.Canary> own =
                job.flatMap(each -> Optional.ofNullable(each.guards().canary()));
        int first = own.map(JobDefinition.Canary::customers).orElse(customers);
        if (first == 0) {
            return Optional.empty();
        }
        Duration wait = own.flatMap(each -> Optional.ofNullable(each.settle())).orElse(settle);
        Admission.Line line = admission.line();
        if (line != null) {
            return Optional.of(flock("run:" + line.run(), "run " + line.run(), first, wait));
        }
        if (admission.group() != null) {
            var rest = Bursts.Rest.of(request);
            return Optional.of(flock(
                    "group:%s:%s:%s".formatted(rest.operation().word(), rest.source(), rest.group()),
                    "%s of source %s in group '%s'".formatted(rest.operation().word(), rest.source(), rest.group()),
                    first,
                    wait));
        }
        return own.flatMap(_ -> job)
                .flatMap(each -> Optional.ofNullable(each.window()))
                .flatMap(window -> window.openingAt(now))
                .map(opening -> flock(
                        "window:%s:%s".formatted(admission.job(), opening.from()),
                        "the job %s in its window since %s".formatted(admission.job(), opening.from()),
                        first,
                        wait));
    }

    private static Flock flock(String name, String inWords, int customers, Duration settle) {
        return new Flock(name, new Canary(inWords, customers, settle));
    }
}
