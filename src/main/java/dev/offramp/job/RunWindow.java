package dev.offramp.job;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * When a job may work: on the days named, from one time of day until another, which lies on the next day when it is not
 * later.
 *
 * <p>A time of day that a change of the clock leaves out counts as the moment of the change; one that comes twice counts
 * the first time. A window that lies wholly in what is left out does not open on that day.
 *
 * @param days the days on which a window opens
 */
public record RunWindow(Set<DayOfWeek> days, LocalTime from, LocalTime until, ZoneId zone) {

    /** Each day of the week comes in a week; the same one again in the next, should a change of the clock swallow it. */
    private static final int FURTHEST = 22;

    public RunWindow {
        days = Set.copyOf(days);
        if (days.isEmpty()) {
            throw new IllegalArgumentException("A run window must open on a day; name one.");
        }
    }

    /** Whether the job may work at this time. */
    public boolean isOpen(Instant time) {
        return openings(time).anyMatch(each -> each.holds(time));
    }

    /** The opening in which this time lies; empty when it lies in none. */
    public Optional<Opening> openingAt(Instant time) {
        return openings(time).filter(each -> each.holds(time)).findFirst();
    }

    /** When the job may work next: now if it may, else when the next window opens. */
    public Instant opensAt(Instant time) {
        if (isOpen(time)) {
            return time;
        }
        return openings(time)
                .map(Opening::from)
                .filter(time::isBefore)
                .min(Comparator.naturalOrder())
                .orElseThrow(() -> new IllegalStateException("The run window %s never opens.".formatted(this)));
    }

    /** From one moment until another, which does not belong to it any more. */
    public record Opening(Instant from, Instant until) {

        boolean holds(Instant time) {
            return !time.isBefore(from) && time.isBefore(until);
        }
    }

    /** Those that may hold this time or come next. One that began two days ago may still be open where a day was skipped. */
    private Stream<Opening> openings(Instant time) {
        LocalDate today = LocalDate.ofInstant(time, zone);
        return LongStream.rangeClosed(-2, FURTHEST)
                .mapToObj(today::plusDays)
                .filter(day -> days.contains(day.getDayOfWeek()))
                .map(day -> new Opening(at(day, from), at(until.isAfter(from) ? day : day.plusDays(1), until)))
                .filter(each -> each.from().isBefore(each.until()));
    }

    private Instant at(LocalDate day, LocalTime timeOfDay) {
        var local = day.atTime(timeOfDay);
        var change = zone.getRules().getTransition(local);
        return change != null && change.isGap()
                ? change.getInstant()
                : local.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
    }

    /** For people: {@code monday, friday 20:00 to 06:00 Europe/Berlin}. */
    public String inWords() {
        var names = Stream.of(DayOfWeek.values())
                .filter(days::contains)
                .map(day -> day.name().toLowerCase(java.util.Locale.ROOT))
                .toList();
        return "%s %s to %s %s"
                .formatted(days.size() == 7 ? "daily" : String.join(", ", names), from, until, zone.getId());
    }
}
