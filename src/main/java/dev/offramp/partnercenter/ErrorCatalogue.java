package dev.offramp.partnercenter;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the documented errors mean to us, by HTTP status and code together: numbers alone are not unique.
 *
 * @see <a href="https://learn.microsoft.com/partner-center/developer/error-codes">Error codes</a>
 */
final class ErrorCatalogue {

    private static final String FILE = "/partnercenter/errors.csv";
    private static final Map<Key, Entry> ENTRIES = load();

    private ErrorCatalogue() {}

    /** What an error is about. */
    enum Meaning {
        /** About the token that was used. */
        SIGN_IN,
        /** Whoever signed in lacks the role. */
        ROLE,
        /** Our company may not, whoever signs in. */
        PROGRAMME,
        /** This customer is closed to us, and perhaps only this one. */
        CUSTOMER_ACCESS,
        NOT_OURS,
        /** No relationship when it is said of the customer itself, else a refusal. */
        NOT_OURS_ON_CUSTOMER,
        NO_CUSTOMER,
        NO_SUBSCRIPTION,
        /** What was addressed does not exist. */
        NOT_FOUND,
        ALREADY_DELETED,
        WINDOW_CLOSED,
        STALE,
        BUSY,
        DECLINED,
        /** It may or may not have happened. */
        LOST
    }

    /**
     * One row.
     *
     * @param delay how long to wait before asking again; zero when it is not a matter of time
     * @param advice one line for people, empty when there is nothing to do
     */
    record Entry(Meaning meaning, Duration delay, String advice) {}

    /** The row of (status, code), else the one of the status; a status without a row may have had an effect. */
    static Entry of(int status, @Nullable String code) {
        Entry exact = code == null ? null : ENTRIES.get(new Key(status, code));
        if (exact != null) {
            return exact;
        }
        Entry byStatus = ENTRIES.get(new Key(status, ""));
        return byStatus != null ? byStatus : new Entry(Meaning.LOST, Duration.ZERO, "");
    }

    private static Map<Key, Entry> load() {
        try (InputStream in = ErrorCatalogue.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("The error catalogue is not on the class path: " + FILE);
            }
            Map<Key, Entry> entries = new HashMap<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line -> add(entries, line));
            return Map.copyOf(entries);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(Map<Key, Entry> entries, String line) {
        String[] cells = line.split(";", 5);
        if (cells.length != 5) {
            throw new IllegalStateException("Five cells are needed in %s: %s".formatted(FILE, line));
        }
        Duration wait = cells[3].isEmpty() ? Duration.ZERO : Duration.parse("PT" + cells[3].toUpperCase(Locale.ROOT));
        Entry entry = new Entry(Meaning.valueOf(cells[2]), wait, cells[4]);
        if (entries.put(new Key(Integer.parseInt(cells[0]), cells[1]), entry) != null) {
            throw new IllegalStateException("Two rows for the same error in %s: %s".formatted(FILE, line));
        }
    }

    private record Key(int status, String code) {}
}
