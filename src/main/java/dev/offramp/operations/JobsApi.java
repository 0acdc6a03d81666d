package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.job.JobDefinition;
import dev.offramp.job.Jobs;
import dev.offramp.job.RunWindow;
import dev.offramp.job.Schedule;
import dev.offramp.offboarding.Limit;
import java.time.DayOfWeek;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The job definitions of this installation. What they leave out, {@code offramp.batch.*} says. */
@RestController
@RequestMapping("/api/v1/jobs")
class JobsApi {

    private final Jobs jobs;

    JobsApi(Jobs jobs) {
        this.jobs = jobs;
    }

    /** All of them. */
    record JobsView(List<JobView> jobs) {}

    /**
     * One job.
     *
     * @param takes topic, file
     * @param fileSource the source of the requests that its files bring; missing where it takes none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record JobView(
            String name,
            String description,
            String operation,
            List<String> takes,
            boolean reversible,
            String approval,
            LimitsView limits,
            GuardsView guards,
            @Nullable WindowView window,
            @Nullable ScheduleView schedule,
            FileView file,
            @Nullable String fileSource) {

        static JobView of(JobDefinition job) {
            var limits = job.limits();
            var restartAfter = limits.restartAfter();
            return new JobView(
                    job.name(),
                    job.description(),
                    job.operation().word(),
                    job.takes().stream().sorted().map(JobDefinition.Way::word).toList(),
                    job.reversible(),
                    job.approval().word(),
                    new LimitsView(
                            limits.batchSize(),
                            limits.chunkSize(),
                            limits.concurrency(),
                            limits.paceShare(),
                            restartAfter == null
                                    ? null
                                    : restartAfter.stream()
                                            .map(Duration::toString)
                                            .toList()),
                    GuardsView.of(job.guards()),
                    job.window() == null ? null : WindowView.of(job.window()),
                    job.schedule() == null ? null : ScheduleView.of(job.schedule()),
                    new FileView(job.file().badLines()),
                    job.takes().contains(JobDefinition.Way.FILE) ? job.fileSource() : null);
        }
    }

    /**
     * How its requests are bundled and worked on; what is missing is as usual.
     *
     * @param paceShare percent of the rate limit
     * @param restartAfter durations in ISO 8601
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LimitsView(
            @Nullable Integer batchSize,
            @Nullable Integer chunkSize,
            @Nullable Integer concurrency,
            int paceShare,
            @Nullable List<String> restartAfter) {}

    /**
     * What it may touch beside the budgets of its operation, in the budget's window and in each run; each a number, a share
     * of the customer base, or both.
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record GuardsView(
            @Nullable String customers,
            @Nullable String calls,
            @Nullable String customersPerRun,
            @Nullable String callsPerRun) {

        static GuardsView of(JobDefinition.Guards guards) {
            return new GuardsView(
                    written(guards.customers()),
                    written(guards.calls()),
                    written(guards.customersPerRun()),
                    written(guards.callsPerRun()));
        }

        private static @Nullable String written(@Nullable Limit limit) {
            return limit == null ? null : limit.toString();
        }
    }

    /** When it may work. */
    record WindowView(List<String> days, String from, String until, String timeZone) {

        static WindowView of(RunWindow window) {
            return new WindowView(
                    window.days().stream().sorted().map(WindowView::word).toList(),
                    window.from().toString(),
                    window.until().toString(),
                    window.zone().getId());
        }

        private static String word(DayOfWeek day) {
            return day.name().toLowerCase(Locale.ROOT);
        }
    }

    /** When a run of it is begun by itself, and with which file. */
    record ScheduleView(String cron, String timeZone, String file, String run) {

        static ScheduleView of(Schedule schedule) {
            return new ScheduleView(schedule.cron(), schedule.zone().getId(), schedule.file(), schedule.run());
        }
    }

    /** Percent of bad lines above which nothing of a file is executed. */
    record FileView(int badLines) {}

    @GetMapping
    JobsView list() {
        return new JobsView(jobs.all().stream().map(JobView::of).toList());
    }

    @GetMapping("/{job}")
    JobView show(@PathVariable String job) {
        return jobs.named(job)
                .map(JobView::of)
                .orElseThrow(() -> Problem.notFound("There is no job %s.".formatted(job)));
    }
}
