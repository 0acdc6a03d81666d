package dev.offramp.offboarding;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Set;

/**
 * A time in which nothing is carried out, e.g. over the holidays.
 *
 * <p>A local time that a change of the clock leaves out counts as the moment of the change; of one that comes twice the
 * first counts for the beginning and the second for the end, so that the freeze never is shorter than it is written.
 *
 * @param until does not belong to it any more
 * @param operations which are not carried out; all when none is named
 * @param reason why, for people
 */
public record Freeze(LocalDateTime from, LocalDateTime until, ZoneId zone, Set<Operation> operations, String reason) {

    public Freeze {
        operations = Set.copyOf(operations);
        if (reason.isBlank()) {
            throw new IllegalArgumentException("A freeze needs a reason; say why nothing is carried out then.");
        }
        if (!beginsAt(from, zone).isBefore(endsAt(until, zone))) {
            throw new IllegalArgumentException("The freeze '%s' ends at %s, which is not after its beginning at %s."
                    .formatted(reason, until, from));
        }
    }

    /**
     * One whose times are written as people do.
     *
     * @param from {@code 2026-12-20T18:00}, or the day with which it begins
     * @param until {@code 2027-01-03T06:00}, or the last day that belongs to it
     */
    public static Freeze of(String from, String until, ZoneId zone, Set<Operation> operations, String reason) {
        return new Freeze(read("from", from, 0), read("until", until, 1), zone, operations, reason);
    }

    private static LocalDateTime read(String what, String written, int days) {
        try {
            return written.contains("T")
                    ? LocalDateTime.parse(written)
                    : LocalDate.parse(written).plusDays(days).atStartOfDay();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "%s: '%s' is no local date or date-time; write e.g. 2026-12-20 or 2026-12-20T18:00."
                            .formatted(what, written),
                    e);
        }
    }

    public Instant begins() {
        return beginsAt(from, zone);
    }

    public Instant ends() {
        return endsAt(until, zone);
    }

    private static Instant beginsAt(LocalDateTime local, ZoneId zone) {
        return at(local, zone, true);
    }

    private static Instant endsAt(LocalDateTime local, ZoneId zone) {
        return at(local, zone, false);
    }

    private static Instant at(LocalDateTime local, ZoneId zone, boolean first) {
        var change = zone.getRules().getTransition(local);
        if (change != null && change.isGap()) {
            return change.getInstant();
        }
        var zoned = local.atZone(zone);
        return (first ? zoned.withEarlierOffsetAtOverlap() : zoned.withLaterOffsetAtOverlap()).toInstant();
    }

    public boolean concerns(Operation operation) {
        return operation.destructive() && (operations.isEmpty() || operations.contains(operation));
    }

    /** Whether it is on at this time. */
    public boolean holds(Instant time) {
        return !time.isBefore(begins()) && time.isBefore(ends());
    }
}
