package dev.offramp.job;

import java.time.LocalDate;
import java.time.ZoneId;

/**
 * When a run of a job is begun by itself, and with which file.
 *
 * @param cron five fields (minute, hour, day of month, month, day of week), as in a Kubernetes CronJob
 * @param file where the file lies, below {@code offramp.home} unless absolute; {@code {date}} is the day of the firing
 * @param run the run's name; {@code {date}} is the day of the firing
 */
public record Schedule(String cron, ZoneId zone, String file, String run) {

    /** Stands for the day of the firing in the zone, e.g. {@code 2026-11-20}. */
    public static final String DATE = "{date}";

    public Schedule {
        Cron.complaint(cron).ifPresent(complaint -> {
            throw new IllegalArgumentException(complaint);
        });
    }

    /** The file of a firing on this day. */
    public String fileOn(LocalDate day) {
        return file.replace(DATE, day.toString());
    }

    /** The name of the run of a firing on this day. */
    public String runOn(LocalDate day) {
        return run.replace(DATE, day.toString());
    }
}
