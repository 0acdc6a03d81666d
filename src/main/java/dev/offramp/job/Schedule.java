package dev.offramp.job;

import java.time.ZoneId;

/**
 * When a run of a job is begun by itself, and with which file.
 *
 * @param cron five fields (minute, hour, day of month, month, day of week), as in a Kubernetes CronJob
 * @param file where the file lies, below {@code offramp.home} unless absolute; {@code {date}} is the day of the firing
 * @param run the run's name; {@code {date}} is the day of the firing
 */
public record Schedule(String cron, ZoneId zone, String file, String run) {}
