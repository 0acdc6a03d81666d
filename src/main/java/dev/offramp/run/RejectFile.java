package dev.offramp.run;

import dev.offramp.run.Uploads.Reject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The lines of a file that became no request, written as the file was, with the reason and the line number of each.
 * Corrected, such a CSV file can be handed over as it is: the two columns more are not looked at. A cell that a spreadsheet
 * would take for a formula has an apostrophe before it, which is taken away again.
 */
public final class RejectFile {

    private final @Nullable Layout layout;
    private final Run run;
    private final Uploads uploads;

    RejectFile(@Nullable Layout layout, Run run, Uploads uploads) {
        this.layout = layout;
        this.run = run;
        this.uploads = uploads;
    }

    /** What the file is called. */
    public String name() {
        return "%s.rejected.%s".formatted(run.name(), isCsv() ? "csv" : "jsonl");
    }

    public String mediaType() {
        return isCsv() ? "text/csv" : "application/x-ndjson";
    }

    private boolean isCsv() {
        return layout != null && layout.kind() == Layout.Kind.CSV;
    }

    /** Writes it; the stream stays open. */
    public void writeTo(OutputStream target) throws IOException {
        var shape = layout;
        if (shape == null) {
            return;
        }
        var out = new OutputStreamWriter(target, shape.encoding());
        if (shape.mark() > 0) {
            out.write('\uFEFF');
        }
        if (shape.kind() == Layout.Kind.CSV) {
            var header = new ArrayList<>(
                    shape.columns().stream().filter(RejectFile::isOwn).toList());
            header.addAll(List.of(Columns.REJECTED, Columns.LINE));
            writeCells(out, header, shape, each -> each);
        }
        try {
            uploads.rejects(run.upload().number(), each -> write(out, each, shape));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        out.flush();
    }

    private static boolean isOwn(String column) {
        return !column.equals(Columns.REJECTED) && !column.equals(Columns.LINE);
    }

    private static void write(Writer out, Reject reject, Layout layout) {
        try {
            if (layout.kind() == Layout.Kind.CSV) {
                var cells = cells(reject.original(), layout);
                cells.add(reject.reason());
                cells.add(String.valueOf(reject.line()));
                writeCells(out, cells, layout, Csv::asText);
            } else {
                var line = JsonNodeFactory.instance.objectNode();
                line.put("reason", reject.reason());
                line.put("line", reject.line());
                line.put("original", reject.original());
                out.write(line + "\n");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As many as the header has; a line that cannot be split stands whole in the first. */
    private static List<String> cells(String original, Layout layout) {
        var own = layout.columns().stream().filter(RejectFile::isOwn).count();
        var isRejectFile = layout.columns().contains(Columns.REJECTED);
        var cells = new ArrayList<String>();
        if (Csv.parse(original, layout.separator().charAt(0)) instanceof Csv.Parsed.Cells(var read)
                && read.size() <= layout.columns().size()) {
            for (var at = 0; at < read.size(); at++) {
                if (isOwn(layout.columns().get(at))) {
                    cells.add(isRejectFile ? Csv.fromText(read.get(at)) : read.get(at));
                }
            }
        } else {
            cells.add(original);
        }
        while (cells.size() < own) {
            cells.add("");
        }
        return cells;
    }

    private static void writeCells(Writer out, List<String> cells, Layout layout, UnaryOperator<String> written)
            throws IOException {
        char separator = layout.separator().charAt(0);
        out.write(cells.stream()
                .map(each -> Csv.cell(written.apply(each), separator))
                .collect(Collectors.joining(layout.separator())));
        out.write("\n");
    }
}
