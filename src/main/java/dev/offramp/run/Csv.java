package dev.offramp.run;

import dev.offramp.run.Records.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * CSV as in RFC 4180, read strictly: a quote stands around a whole cell or is doubled within one. Spring Batch's tokenizer
 * is not used: it takes quotes in the middle of a cell and text after a closed one without a word, so that two cells become
 * one and nobody is told.
 */
final class Csv {

    /** Also behind apostrophes, so that what was written can be told from what was there. */
    private static final Pattern FORMULA = Pattern.compile("'*[=+\\-@\t\r]");

    private Csv() {}

    /** The cells of a record, or what is wrong with it. */
    sealed interface Parsed {

        record Cells(List<String> cells) implements Parsed {}

        record Fault(String sentence) implements Parsed {}
    }

    static Parsed parse(String record, char separator) {
        var cells = new ArrayList<String>();
        var text = new StringBuilder();
        var cell = Cell.START;
        for (var at = 0; at < record.length(); at++) {
            char c = record.charAt(at);
            var next = cell.after(c, separator);
            if (cell == Cell.CLOSED && next == Cell.PLAIN) {
                return new Parsed.Fault(
                        "Cell %d goes on after its closing quote; double a quote that belongs to the text."
                                .formatted(cells.size() + 1));
            }
            if (cell == Cell.PLAIN && c == '"') {
                return new Parsed.Fault(
                        "Cell %d holds a quote but does not begin with one; put the whole cell into quotes and double the one inside."
                                .formatted(cells.size() + 1));
            }
            if (next == Cell.START) {
                cells.add(text.toString());
                text.setLength(0);
            } else if (next == Cell.PLAIN || next == Cell.QUOTED && cell == Cell.QUOTED || cell == Cell.CLOSED) {
                text.append(c);
            }
            cell = next;
        }
        if (cell == Cell.QUOTED) {
            return new Parsed.Fault(
                    "The quote of cell %d is never closed; close it, or double it if it belongs to the text."
                            .formatted(cells.size() + 1));
        }
        cells.add(text.toString());
        return new Parsed.Cells(cells);
    }

    /** The cell as it is written: in quotes only where it must be. */
    static String cell(String text, char separator) {
        var plain = text.chars().noneMatch(c -> c == separator || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /**
     * A cell that no spreadsheet carries out as a formula: what begins like one begins with an apostrophe instead
     * (OWASP, CSV injection).
     */
    static String asText(String text) {
        return FORMULA.matcher(text).lookingAt() ? "'" + text : text;
    }

    /** The other way round. */
    static String fromText(String written) {
        return written.startsWith("'") && FORMULA.matcher(written).lookingAt() ? written.substring(1) : written;
    }

    /** What separates the cells of a header: whichever there is more of. */
    static char separatorOf(String header) {
        return outsideQuotes(header, ';') > outsideQuotes(header, ',') ? ';' : ',';
    }

    private static long outsideQuotes(String text, char wanted) {
        var quoted = false;
        long found = 0;
        for (var c : text.toCharArray()) {
            if (c == '"') {
                quoted = !quoted;
            } else if (c == wanted && !quoted) {
                found++;
            }
        }
        return found;
    }
}
