package dev.offramp.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What was written as CSV is read as it was, whatever the cells hold. */
class CsvPropertyTests {

    @Property(tries = 300)
    void readsWhatWasWritten(
            @ForAll("rows") List<List<String>> rows,
            @ForAll("separators") char separator,
            @ForAll("charsets") String charset,
            @ForAll("ends") String end,
            @ForAll boolean alwaysQuoted,
            @ForAll boolean lastEnd)
            throws IOException {
        var text = rows.stream()
                .map(row -> row.stream()
                        .map(cell -> alwaysQuoted ? '"' + cell.replace("\"", "\"\"") + '"' : Csv.cell(cell, separator))
                        .collect(Collectors.joining(String.valueOf(separator))))
                .collect(Collectors.joining(end));
        var layout = new Layout(Layout.Kind.CSV, charset, 0, String.valueOf(separator), List.of());

        var read = ReadFile.records((text + (lastEnd ? end : "")).getBytes(Charset.forName(charset)), layout).stream()
                .map(each -> Csv.parse(each.text(), separator))
                .toList();

        assertThat(read)
                .isEqualTo(rows.stream().<Csv.Parsed>map(Csv.Parsed.Cells::new).toList());
    }

    /** A line of blanks is no row, so that each row has one cell that is not blank. */
    @Provide
    Arbitrary<List<List<String>>> rows() {
        var cell =
                Arbitraries.strings().withChars("ab ;,\"\r\n\\'\u00fc\u20ac\t").ofMaxLength(6);
        return cell.list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(cells -> {
                    var row = new java.util.ArrayList<>(cells);
                    row.addFirst("x");
                    return List.copyOf(row);
                })
                .list()
                .ofMinSize(1)
                .ofMaxSize(5);
    }

    @Provide
    Arbitrary<Character> separators() {
        return Arbitraries.of(',', ';');
    }

    @Provide
    Arbitrary<String> charsets() {
        return Arbitraries.of("UTF-8", "UTF-16LE", "UTF-16BE");
    }

    @Provide
    Arbitrary<String> ends() {
        return Arbitraries.of("\n", "\r\n");
    }
}
