package dev.offramp.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/**
 * Gives a file record by record: {@link #readLine()} is one line, or for CSV as many as a quoted cell spans; empty lines
 * are left out. Spring Batch's record separator policy is not used: it takes a backslash at the end for a continuation,
 * loses which line ends a quoted cell holds, and at a quote that is never closed reads the rest of the file into memory
 * and throws.
 */
final class Records extends BufferedReader {

    private static final int BUFFER = 16 * 1024;

    private final char separator;
    private final boolean csv;
    private final int longest;
    private final char[] buffer = new char[BUFFER];
    private int at;
    private int end;
    private long line = 1;
    private long start = 1;
    private boolean cut;

    /** @param longest so many characters of a record are kept; what follows until the end of its line is left out */
    Records(Reader characters, Layout layout, int longest) {
        super(characters, BUFFER);
        this.csv = layout.kind() == Layout.Kind.CSV;
        this.separator = csv ? layout.separator().charAt(0) : 0;
        this.longest = longest;
    }

    /** The line, counted from 1, on which the record that was read last begins. */
    long lineOfRecord() {
        return start;
    }

    /** Whether the record that was read last is longer than what is read of it. */
    boolean isCut() {
        return cut;
    }

    @Override
    public @Nullable String readLine() throws IOException {
        while (true) {
            start = line;
            cut = false;
            var record = record();
            if (record == null) {
                return null;
            }
            if (!record.isBlank()) {
                return record;
            }
        }
    }

    private @Nullable String record() throws IOException {
        var text = new StringBuilder(256);
        var cell = Cell.START;
        var any = false;
        while (true) {
            int next = next();
            if (next < 0) {
                return any ? text.toString() : null;
            }
            any = true;
            char c = (char) next;
            if (c == '\n' || c == '\r') {
                var both = c == '\r' && peek() == '\n';
                if (both) {
                    next();
                }
                line++;
                if (cell != Cell.QUOTED || cut) {
                    return text.toString();
                }
                append(text, c);
                if (both) {
                    append(text, '\n');
                }
                continue;
            }
            append(text, c);
            if (csv) {
                cell = cell.after(c, separator);
            }
        }
    }

    /** Where in a cell the reading stands. */
    enum Cell {
        START,
        PLAIN,
        QUOTED,
        /** After a quote that ends the cell, unless another one follows at once. */
        CLOSED;

        Cell after(char c, char separator) {
            if (c == '"') {
                return switch (this) {
                    case START, CLOSED -> QUOTED;
                    case QUOTED -> CLOSED;
                    case PLAIN -> PLAIN;
                };
            }
            if (this == QUOTED) {
                return QUOTED;
            }
            return c == separator ? START : PLAIN;
        }
    }

    private void append(StringBuilder text, char c) {
        if (text.length() < longest) {
            text.append(c);
        } else {
            cut = true;
        }
    }

    private int next() throws IOException {
        return at < end || fill() ? buffer[at++] : -1;
    }

    private int peek() throws IOException {
        return at < end || fill() ? buffer[at] : -1;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, super.read(buffer, 0, BUFFER));
        return end > 0;
    }
}
