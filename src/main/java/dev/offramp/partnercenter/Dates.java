package dev.offramp.partnercenter;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Reads dates in every form that Partner Center writes; without a zone they are UTC. */
final class Dates {

    private Dates() {}

    /** @return null when it is no date */
    static @Nullable Instant read(@Nullable String text) {
        if (text == null) {
            return null;
        }
        // "2015-11-25T06: 41: 12Z" stands in a documented example.
        String tight = text.replace(" ", "");
        try {
            if (tight.length() == 10) {
                return LocalDate.parse(tight).atStartOfDay(ZoneOffset.UTC).toInstant();
            }
            return hasZone(tight)
                    ? OffsetDateTime.parse(tight).toInstant()
                    : LocalDateTime.parse(tight).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static boolean hasZone(String text) {
        return text.matches("(?i).*(z|[+-]\\d\\d(:?\\d\\d)?)$") && text.contains("T");
    }
}
