package dev.offramp.partnercenter;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads dates in every form that Partner Center writes; without a zone they are UTC. */
final class Dates {

    /** A date, perhaps with a time of up to nine fraction digits, perhaps with {@code Z}, {@code +00:00} or {@code +0000}. */
    private static final DateTimeFormatter ANY = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendLiteral('T')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendOffset("+HH:MM", "Z")
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HHMM", "Z")
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HH", "Z")
            .optionalEnd()
            .optionalEnd()
            .toFormatter(Locale.ROOT);

    private Dates() {}

    /** @return null when it is no date */
    static @Nullable Instant read(@Nullable String text) {
        if (text == null) {
            return null;
        }
        // "2015-11-25T06: 41: 12Z" stands in a documented example.
        String trimmed = text.trim();
        String tight = (trimmed.matches("\\d{4}-\\d\\d-\\d\\d \\d.*") ? trimmed.replaceFirst(" ", "T") : trimmed)
                .replace(" ", "");
        try {
            TemporalAccessor read = ANY.parseBest(tight, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
            return switch (read) {
                case OffsetDateTime zoned -> zoned.toInstant();
                case LocalDateTime time -> time.toInstant(ZoneOffset.UTC);
                case LocalDate day -> day.atStartOfDay(ZoneOffset.UTC).toInstant();
                default -> null;
            };
        } catch (DateTimeException e) {
            return null;
        }
    }
}
