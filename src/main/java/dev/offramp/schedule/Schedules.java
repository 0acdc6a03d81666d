package dev.offramp.schedule;

import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.offramp.job.JobDefinition;
import dev.offramp.job.Jobs;
import dev.offramp.job.Schedule;
import dev.offramp.schedule.ScheduleProperties.By;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/** All schedules of this installation: who fires them, when they are due, and what became of the newest firing. */
public final class Schedules {

    /** A firing that could not be done, as the database was away or another file of its run is being loaded, is tried again. */
    static final Duration AGAIN = Duration.ofMinutes(1);

    /** A day that no month has, such as 30 February. */
    private static final Instant NEVER = Instant.parse("3000-01-01T00:00:00Z");

    private static final int DAY_OF_MONTH = 2;
    private static final int DAY_OF_WEEK = 4;

    /** What the scheduler's table takes. */
    private static final int LONGEST_INSTANCE = 100;

    private static final String ON_TIME = "";

    private final Jobs jobs;
    private final By by;
    private final Firings firings;
    private final InstantSource clock;

    Schedules(Jobs jobs, By by, Firings firings, InstantSource clock) {
        this.jobs = jobs;
        this.by = by;
        this.firings = firings;
        this.clock = clock;
    }

    /**
     * One schedule.
     *
     * @param nextAt when the service fires it next; null when it is not the service that fires
     * @param last the newest firing; null when there was none
     */
    public record Standing(
            String job,
            Schedule schedule,
            @Nullable Instant nextAt,
            @Nullable Last last) {}

    /** The newest firing: when it was due, the run that it began if there was a file, and what became of it. */
    public record Last(Instant dueAt, @Nullable String run, String message) {}

    /** {@code service}, {@code cronjob} or {@code off}. */
    public String by() {
        return by.word();
    }

    public List<Standing> all() {
        Instant now = clock.instant();
        return scheduled(jobs).stream()
                .map(job -> new Standing(
                        job.name(),
                        scheduleOf(job),
                        by == By.SERVICE ? next(scheduleOf(job), now) : null,
                        firings.last(job.name())
                                .map(fired -> new Last(fired.dueAt(), fired.run(), fired.message()))
                                .orElse(null)))
                .toList();
    }

    /**
     * When a schedule is due after a time. Counted in local time, so that it is due once on the day on which an hour
     * comes twice, and also, right after the gap, on the day on which its hour is missing.
     */
    static Instant next(Schedule schedule, Instant after) {
        return days(schedule.cron())
                .map(each -> next(each, schedule.zone(), after))
                .min(Comparator.naturalOrder())
                .orElse(NEVER);
    }

    private static Instant next(CronExpression cron, ZoneId zone, Instant after) {
        LocalDateTime local = LocalDateTime.ofInstant(after, zone);
        Instant next;
        do {
            local = cron.next(local);
            if (local == null) {
                return NEVER;
            }
            next = local.atZone(zone).toInstant();
        } while (!next.isAfter(after));
        return next;
    }

    /**
     * Where day of month and day of week are both named, one of them is enough, as in a Kubernetes CronJob. The library's
     * own cron leaves out the day whose hour is missing; Spring's wants both.
     */
    private static Stream<CronExpression> days(String cron) {
        String[] fields = cron.strip().replace('?', '*').split("\\s+");
        if (fields[DAY_OF_MONTH].equals("*") || fields[DAY_OF_WEEK].equals("*")) {
            return Stream.of(CronExpression.parse("0 " + String.join(" ", fields)));
        }
        return IntStream.of(DAY_OF_MONTH, DAY_OF_WEEK).mapToObj(any -> {
            String[] one = fields.clone();
            one[any] = "*";
            return CronExpression.parse("0 " + String.join(" ", one));
        });
    }

    /**
     * One task of the scheduler's for each schedule. Its instance names the schedule, so that a changed one begins anew;
     * its data name the time for which a firing that failed was due. What was missed while no node was up is made up
     * for, each firing with its own day.
     */
    static List<CustomTask<String>> tasks(Jobs jobs, Firing firing) {
        return scheduled(jobs).stream().map(job -> task(job, firing)).toList();
    }

    private static CustomTask<String> task(JobDefinition job, Firing firing) {
        Schedule schedule = scheduleOf(job);
        String instance = instance(schedule);
        return Tasks.custom("run " + job.name(), String.class)
                .scheduleOnStartup(instance, ON_TIME, now -> next(schedule, now))
                .onFailure((complete, operations) -> again(complete, AGAIN, operations))
                // The library's own way forgets for when it was due: another day's file would be run.
                .onDeadExecution((complete, operations) -> again(complete, Duration.ZERO, operations))
                .execute((which, context) -> {
                    if (!which.getId().equals(instance)) {
                        return (_, operations) -> operations.stop();
                    }
                    Instant dueAt = dueAt(context.getExecution());
                    return switch (firing.fire(job, schedule, dueAt)) {
                        case OVER ->
                            (complete, operations) -> operations.reschedule(complete, next(schedule, dueAt), ON_TIME);
                        case AGAIN -> (complete, operations) -> again(complete, AGAIN, operations);
                    };
                });
    }

    private static void again(ExecutionComplete complete, Duration pause, ExecutionOperations<String> operations) {
        operations.reschedule(
                complete,
                complete.getTimeDone().plus(pause),
                dueAt(complete.getExecution()).toString());
    }

    private static String instance(Schedule schedule) {
        String whole = schedule.cron() + " " + schedule.zone();
        return whole.length() <= LONGEST_INSTANCE
                ? whole
                : "%s… %08x".formatted(whole.substring(0, LONGEST_INSTANCE - 10), whole.hashCode());
    }

    private static Instant dueAt(Execution execution) {
        Object noted = execution.taskInstance.getData();
        return noted == null || noted.equals(ON_TIME) ? execution.getExecutionTime() : Instant.parse(noted.toString());
    }

    private static List<JobDefinition> scheduled(Jobs jobs) {
        return jobs.all().stream().filter(each -> each.schedule() != null).toList();
    }

    private static Schedule scheduleOf(JobDefinition job) {
        return Objects.requireNonNull(job.schedule(), "Only what has a schedule is fired");
    }
}
