package dev.offramp.ledger;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/** How values are handed to SQL. */
final class Parameters {

    /** So many values at most go into one {@code in (…)}. */
    private static final int MANY = 500;

    private Parameters() {}

    /** A time as both databases keep it: in microseconds, as UTC. */
    static OffsetDateTime time(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    static @Nullable OffsetDateTime timeOrNull(@Nullable Instant time) {
        return time == null ? null : time(time);
    }

    /** The word under which a constant is kept: {@code NOT_SENT} is {@code not-sent}. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static <E extends Enum<E>> E named(Class<E> type, String word) {
        return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** All values in portions that each fit into one {@code in (…)}. */
    static <T> List<List<T>> portions(List<T> all) {
        return portions(all, MANY);
    }

    static <T> List<List<T>> portions(List<T> all, int size) {
        var portions = new ArrayList<List<T>>();
        for (int from = 0; from < all.size(); from += size) {
            portions.add(all.subList(from, Math.min(from + size, all.size())));
        }
        return portions;
    }

    static SqlParameterSource[] of(List<Map<String, Object>> rows) {
        return rows.stream().map(MapSqlParameterSource::new).toArray(SqlParameterSource[]::new);
    }
}
