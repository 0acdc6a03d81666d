package dev.offramp.schedule;

import java.time.Duration;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who fires the schedules of the job definitions.
 *
 * @param by service: the nodes themselves, each firing once over all of them; cronjob: somebody outside, such as a
 *     Kubernetes CronJob, calls offramp run; off: nobody
 * @param pollInterval how often a node looks whether a schedule is due
 */
@ConfigurationProperties("offramp.schedules")
record ScheduleProperties(
        @DefaultValue("service") By by, @DefaultValue("10s") Duration pollInterval) {

    ScheduleProperties {
        if (!pollInterval.isPositive()) {
            throw new IllegalArgumentException(
                    "offramp.schedules.poll-interval is %s; write a duration above zero, e.g. 10s."
                            .formatted(pollInterval));
        }
    }

    /** Who fires. */
    enum By {
        SERVICE,
        CRONJOB,
        OFF;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
