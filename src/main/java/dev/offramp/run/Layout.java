package dev.offramp.run;

import java.nio.charset.Charset;
import java.util.List;

/**
 * How a file's bytes are to be understood.
 *
 * @param mark how many bytes of byte order mark it begins with
 * @param separator of CSV; for JSON lines the empty text
 * @param columns of CSV, in their order
 */
record Layout(Kind kind, String charset, int mark, String separator, List<String> columns) {

    Layout {
        columns = List.copyOf(columns);
    }

    /** What a file is written in. */
    enum Kind {
        CSV,
        JSON_LINES
    }

    Charset encoding() {
        return Charset.forName(charset);
    }
}
