package dev.offramp.run;

import static dev.offramp.request.RowScreening.cited;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/** Looks at the beginning of a file to tell how it is written: encoding, CSV or JSON lines, separator and columns. */
final class Looking {

    private static final int LONGEST_HEADER = 8 * 1024;

    private Looking() {}

    /** What was seen. */
    sealed interface Seen {

        record Clear(Layout layout) implements Seen {}

        /** The file as a whole is of no use. */
        record Useless(String sentence) implements Seen {}
    }

    /** @param start gives the file from its first byte; is closed */
    static Seen at(InputStream start) throws IOException {
        try (var in = start) {
            var head = in.readNBytes(4 * LONGEST_HEADER);
            if (head.length == 0) {
                return new Seen.Useless("The file is empty. Write a header and at least one line, or JSON lines.");
            }
            return at(head, encoding(head));
        }
    }

    private record Encoding(Charset charset, int mark) {}

    private static Encoding encoding(byte[] head) {
        if (begins(head, 0xEF, 0xBB, 0xBF)) {
            return new Encoding(StandardCharsets.UTF_8, 3);
        }
        if (begins(head, 0xFF, 0xFE)) {
            return new Encoding(StandardCharsets.UTF_16LE, 2);
        }
        if (begins(head, 0xFE, 0xFF)) {
            return new Encoding(StandardCharsets.UTF_16BE, 2);
        }
        if (head.length > 1 && head[1] == 0) {
            return new Encoding(StandardCharsets.UTF_16LE, 0);
        }
        if (head.length > 1 && head[0] == 0) {
            return new Encoding(StandardCharsets.UTF_16BE, 0);
        }
        return new Encoding(StandardCharsets.UTF_8, 0);
    }

    private static boolean begins(byte[] head, int... mark) {
        for (var at = 0; at < mark.length; at++) {
            if (at >= head.length || (head[at] & 0xFF) != mark[at]) {
                return false;
            }
        }
        return true;
    }

    private static Seen at(byte[] head, Encoding encoding) throws IOException {
        var text = new String(head, encoding.mark(), head.length - encoding.mark(), encoding.charset());
        var begin = text.stripLeading();
        if (begin.isEmpty()) {
            return new Seen.Useless(
                    "The file holds nothing but blanks. Write a header and at least one line, or JSON lines.");
        }
        if (begin.startsWith("[")) {
            return new Seen.Useless(
                    "The file begins with '[', as one JSON list. Write JSON lines: one object per line, without brackets and commas around them.");
        }
        var name = encoding.charset().name();
        if (begin.startsWith("{")) {
            return new Seen.Clear(new Layout(Layout.Kind.JSON_LINES, name, encoding.mark(), "", List.of()));
        }
        return header(head, new Layout(Layout.Kind.CSV, name, encoding.mark(), ",", List.of()));
    }

    private static Seen header(byte[] head, Layout guess) throws IOException {
        var bytes = new java.io.ByteArrayInputStream(head, guess.mark(), head.length - guess.mark());
        try (var records = new Records(new InputStreamReader(bytes, guess.encoding()), guess, LONGEST_HEADER)) {
            var record = records.readLine();
            if (record == null || records.isCut()) {
                return new Seen.Useless("The first line is longer than %d characters, so that it is no header."
                        .formatted(LONGEST_HEADER));
            }
            char separator = Csv.separatorOf(record);
            return switch (Csv.parse(record, separator)) {
                case Csv.Parsed.Fault(var sentence) -> new Seen.Useless("The header cannot be read: " + sentence);
                case Csv.Parsed.Cells(var cells) ->
                    columns(guess, separator, cells.stream().map(String::strip).toList());
            };
        }
    }

    private static Seen columns(Layout guess, char separator, List<String> columns) {
        var seen = new HashSet<String>();
        for (var column : columns) {
            if (!Columns.isKnown(column)) {
                return new Seen.Useless(
                        "The header has the unknown column '%s'; the nearest known one is '%s'. Nothing unknown is ignored: correct or remove it. Known are %s."
                                .formatted(cited(column), Columns.nearest(column), String.join(", ", Columns.ALL)));
            }
            if (!seen.add(column)) {
                return new Seen.Useless(
                        "The header has the column '%s' more than once, so that it is open which one counts. Write it once."
                                .formatted(column));
            }
        }
        if (!seen.contains("customerId")) {
            return new Seen.Useless("The header lacks the column 'customerId'; it has %s."
                    .formatted(columns.stream().map(each -> "'" + each + "'").collect(Collectors.joining(", "))));
        }
        return new Seen.Clear(
                new Layout(Layout.Kind.CSV, guess.charset(), guess.mark(), String.valueOf(separator), columns));
    }
}
