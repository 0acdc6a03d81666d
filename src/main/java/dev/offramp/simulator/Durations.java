package dev.offramp.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code 500ms}, {@code 2s}, {@code 15m}, {@code 3h}, {@code 7d}, and dates that count from now such as {@code +3d}. */
final class Durations {

    private static final Pattern LENGTH = Pattern.compile("(\\d+)(ms|s|m|h|d)");
    private static final Pattern RELATIVE = Pattern.compile("([+-])(\\d+(?:ms|s|m|h|d))");

    private Durations() {}

    static Duration length(String text) {
        Matcher matcher = LENGTH.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a length of time such as 500ms, 2s, 15m, 3h or 7d: " + text);
        }
        return Duration.of(Long.parseLong(matcher.group(1)), unit(matcher.group(2)));
    }

    /** A length with or without sign. */
    static Duration difference(String text) {
        return text.startsWith("-")
                ? length(text.substring(1)).negated()
                : length(text.startsWith("+") ? text.substring(1) : text);
    }

    static String text(Duration duration) {
        return duration.toMillis() + "ms";
    }

    /** The date that the text means, or nothing when it does not count from now. */
    static Optional<Instant> relative(String text, Instant now) {
        Matcher matcher = RELATIVE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Duration distance = length(matcher.group(2));
        return Optional.of(matcher.group(1).equals("+") ? now.plus(distance) : now.minus(distance));
    }

    /** A date in any documented form: with zone, with offset, without zone (UTC), or a day alone. */
    static Optional<Instant> instant(String text) {
        if (text.isEmpty()) {
            // Most dates of a scenario are left out: no reason to try three forms.
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException noOffset) {
            try {
                return Optional.of(LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
            } catch (DateTimeParseException noTime) {
                return day(text);
            }
        }
    }

    private static Optional<Instant> day(String text) {
        try {
            return Optional.of(
                    LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
        } catch (DateTimeParseException noDate) {
            return Optional.empty();
        }
    }

    private static ChronoUnit unit(String word) {
        return switch (word) {
            case "ms" -> ChronoUnit.MILLIS;
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            case "h" -> ChronoUnit.HOURS;
            default -> ChronoUnit.DAYS;
        };
    }
}
