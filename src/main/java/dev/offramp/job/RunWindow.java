package dev.offramp.job;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;

/**
 * When a job may work: on the days named, from one time of day until another, which lies on the next day when it is not
 * later.
 *
 * @param days the days on which a window opens
 */
public record RunWindow(Set<DayOfWeek> days, LocalTime from, LocalTime until, ZoneId zone) {

    public RunWindow {
        days = Set.copyOf(days);
    }
}
