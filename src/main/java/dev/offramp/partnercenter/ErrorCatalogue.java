package dev.offramp.partnercenter;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the documented errors mean to us, by HTTP status and code together: numbers alone are not unique.
 *
 * @see <a href="https://learn.microsoft.com/partner-center/developer/error-codes">Error codes</a>
 */
final class ErrorCatalogue {

    private static final String FILE = "/partnercenter/errors.csv";
    private static final String THEME = "## ";
    private static final Entry SILENT = new Entry(Meaning.LOST, Duration.ZERO, "");
    private static final List<Row> ROWS = load();
    private static final Map<Key, Row> ENTRIES =
            ROWS.stream().collect(Collectors.toUnmodifiableMap(Row::key, Function.identity()));

    private ErrorCatalogue() {}

    /** What an error is about. */
    enum Meaning {
        /** About the token that was used: a new one may help. */
        SIGN_IN,
        /** About the sign-in itself: no new token helps. */
        PERSON,
        /** The sign-in had no second factor. An app alone never has one: then the call is not for it. */
        SECOND_FACTOR,
        /** The call is for a user's sign-in only. */
        NOT_FOR_APP_ALONE,
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
        NO_ORDER,
        NO_AZURE_SUBSCRIPTION,
        /** What was addressed does not exist. */
        NOT_FOUND,
        ALREADY_DELETED,
        WINDOW_CLOSED,
        STALE,
        BUSY,
        THROTTLED,
        DECLINED,
        /** It may or may not have happened. */
        LOST
    }

    /**
     * What one error means.
     *
     * @param delay how long to wait before asking again; zero when it is not a matter of time
     * @param advice one line for people
     */
    record Entry(Meaning meaning, Duration delay, String advice) {}

    /**
     * One row of the catalogue.
     *
     * @param theme the heading that it stands under
     * @param code empty for any other code of the status
     */
    record Row(String theme, int status, String code, Entry entry) {

        private Key key() {
            return new Key(status, code);
        }
    }

    /** The row of (status, code), else the one of the status; a status without a row may have had an effect. */
    static Entry of(int status, @Nullable String code) {
        Row exact = code == null ? null : ENTRIES.get(new Key(status, code));
        Row row = exact == null ? ENTRIES.get(new Key(status, "")) : exact;
        return row == null ? SILENT : row.entry();
    }

    /** All rows, in the order of the file. */
    static List<Row> rows() {
        return ROWS;
    }

    private static List<Row> load() {
        try (InputStream in = ErrorCatalogue.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("The error catalogue is not on the class path: " + FILE);
            }
            List<Row> rows = new ArrayList<>();
            String theme = "";
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (line.startsWith(THEME)) {
                    theme = line.substring(THEME.length());
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    rows.add(row(theme, line));
                }
            }
            return List.copyOf(rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(String theme, String line) {
        String[] cells = line.split(";", 5);
        if (cells.length != 5) {
            throw new IllegalStateException("Five cells are needed in %s: %s".formatted(FILE, line));
        }
        Duration wait = cells[3].isEmpty() ? Duration.ZERO : Duration.parse("PT" + cells[3].toUpperCase(Locale.ROOT));
        return new Row(
                theme, Integer.parseInt(cells[0]), cells[1], new Entry(Meaning.valueOf(cells[2]), wait, cells[4]));
    }

    private record Key(int status, String code) {}
}
