package dev.offramp.testing;

import dev.offramp.job.JobDefinition;
import dev.offramp.job.JobDefinition.FileRules;
import dev.offramp.job.JobDefinition.Guards;
import dev.offramp.job.JobDefinition.Limits;
import dev.offramp.job.JobDefinition.Way;
import dev.offramp.job.Jobs;
import dev.offramp.job.RunWindow;
import dev.offramp.offboarding.Operation;
import java.util.List;
import java.util.Set;

/** Job definitions in words; what is not said is as usual. */
public final class Definitions {

    /** Everything is carried out under the name that is kept for what no job is defined for. */
    public static final Jobs NO_JOBS = Jobs.of(List.of());

    private Definitions() {}

    public static JobDefinition job(String name, Operation operation, Way... takes) {
        return new JobDefinition(
                name,
                "For tests.",
                operation,
                takes.length == 0 ? Set.of(Way.values()) : Set.of(takes),
                false,
                Limits.USUAL,
                Guards.USUAL,
                null,
                null,
                FileRules.USUAL);
    }

    public static JobDefinition with(Limits limits, JobDefinition job) {
        return changed(job, limits, job.guards(), job.window());
    }

    public static JobDefinition with(Guards guards, JobDefinition job) {
        return changed(job, job.limits(), guards, job.window());
    }

    public static JobDefinition with(RunWindow window, JobDefinition job) {
        return changed(job, job.limits(), job.guards(), window);
    }

    private static JobDefinition changed(
            JobDefinition job, Limits limits, Guards guards, @org.jspecify.annotations.Nullable RunWindow window) {
        return new JobDefinition(
                job.name(),
                job.description(),
                job.operation(),
                job.takes(),
                job.reversible(),
                job.approval(),
                limits,
                guards,
                window,
                job.schedule(),
                job.file());
    }
}
