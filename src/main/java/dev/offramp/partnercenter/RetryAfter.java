package dev.offramp.partnercenter;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Reads a {@code Retry-After} header in both forms of RFC 9110, section 10.2.3. */
final class RetryAfter {

    /** When a 429 names no delay. */
    static final Duration UNNAMED = Duration.ofSeconds(60);

    /** Nobody is silent for longer because of one header. */
    static final Duration LONGEST = Duration.ofHours(1);

    private RetryAfter() {}

    /**
     * @param sent the answer's {@code Date} header, which the date form is counted from; null counts as {@code now}
     */
    static Duration of(@Nullable String header, @Nullable String sent, Instant now) {
        if (header == null || header.isBlank()) {
            return UNNAMED;
        }
        String text = header.trim();
        if (text.matches("\\d+")) {
            return text.length() > 9 ? LONGEST : capped(Duration.ofSeconds(Long.parseLong(text)));
        }
        Instant until = date(text);
        if (until == null) {
            return UNNAMED;
        }
        Instant from = sent == null ? null : date(sent.trim());
        return capped(Duration.between(from == null ? now : from, until));
    }

    private static @Nullable Instant date(String text) {
        try {
            return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Duration capped(Duration delay) {
        if (delay.isNegative()) {
            return Duration.ZERO;
        }
        return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }
}
