package dev.offramp.operations.command;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of texts in columns as wide as they need to be. */
final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        rows.add(List.of(headings));
    }

    Table row(String... cells) {
        rows.add(Arrays.asList(cells));
        return this;
    }

    void print(PrintWriter out) {
        print(out, 0);
    }

    /** Without the headings: the continuation of a table that has them. */
    void printRows(PrintWriter out) {
        print(out, 1);
    }

    private void print(PrintWriter out, int from) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (var row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (var row : rows.subList(from, rows.size())) {
            var line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
