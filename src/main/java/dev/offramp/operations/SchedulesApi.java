package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.schedule.Schedules;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** When runs are begun by the clock, and what became of the newest firing of each schedule. */
@RestController
@RequestMapping("/api/v1/schedules")
class SchedulesApi {

    private final Schedules schedules;

    SchedulesApi(Schedules schedules) {
        this.schedules = schedules;
    }

    /** All schedules, and who fires them: {@code service}, {@code cronjob} or {@code off}. */
    record SchedulesView(String by, List<ScheduleView> schedules) {}

    /**
     * One schedule.
     *
     * @param cron five fields: minute, hour, day of month, month, day of week
     * @param nextAt when the service fires it next; missing where it does not
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ScheduleView(
            String job,
            String cron,
            String timeZone,
            String file,
            String run,
            @Nullable Instant nextAt,
            @Nullable LastView last) {

        static ScheduleView of(Schedules.Standing standing) {
            var schedule = standing.schedule();
            var last = standing.last();
            return new ScheduleView(
                    standing.job(),
                    schedule.cron(),
                    schedule.zone().getId(),
                    schedule.file(),
                    schedule.run(),
                    standing.nextAt(),
                    last == null ? null : new LastView(last.dueAt(), last.run(), last.message()));
        }
    }

    /** The newest firing: when it was due, the run that it began if there was a file, and what became of it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LastView(Instant at, @Nullable String run, String message) {}

    @GetMapping
    SchedulesView list() {
        return new SchedulesView(
                schedules.by(), schedules.all().stream().map(ScheduleView::of).toList());
    }
}
