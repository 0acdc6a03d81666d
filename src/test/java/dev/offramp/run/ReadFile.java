package dev.offramp.run;

import dev.offramp.ledger.Admission;
import dev.offramp.offboarding.Operation;
import dev.offramp.request.RowScreening;
import dev.offramp.request.RowScreening.Judged;
import dev.offramp.testing.Admissions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A file of a test as the service reads it. */
record ReadFile(List<Line> lines, String refusal) {

    private static final int LONGEST = 4_000;
    private static final RowScreening SCREENING = RunNode.screening();

    static ReadFile of(String text) {
        return of(text, StandardCharsets.UTF_8);
    }

    static ReadFile of(String text, Charset charset) {
        return of(text.getBytes(charset));
    }

    static ReadFile of(byte[] bytes) {
        try {
            return switch (Looking.at(new ByteArrayInputStream(bytes))) {
                case Looking.Seen.Useless(var sentence) -> new ReadFile(List.of(), sentence);
                case Looking.Seen.Clear(var layout) -> new ReadFile(lines(bytes, layout), "");
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Line> lines(byte[] bytes, Layout layout) throws IOException {
        var reading = new LineReading(layout, run(), origin(), SCREENING);
        var lines = new ArrayList<Line>();
        for (var record : records(bytes, layout)) {
            lines.add(reading.read(record.text(), record.line(), record.cut()));
        }
        return layout.kind() == Layout.Kind.CSV ? lines.subList(1, lines.size()) : lines;
    }

    /** One record as it was read. */
    record Read(String text, long line, boolean cut) {}

    static List<Read> records(byte[] bytes, Layout layout) throws IOException {
        var content = new ByteArrayInputStream(bytes, layout.mark(), bytes.length - layout.mark());
        var all = new ArrayList<Read>();
        try (var records = new Records(new InputStreamReader(content, layout.encoding()), layout, LONGEST)) {
            for (var text = records.readLine(); text != null; text = records.readLine()) {
                all.add(new Read(text, records.lineOfRecord(), records.isCut()));
            }
        }
        return all;
    }

    private static Run run() {
        var file = new Upload.File("x.csv", 1, "");
        var lines = new Upload.Lines(null, 0, 0, 0, 0, 0, 0);
        var upload = new Upload(
                1,
                7,
                Upload.State.CHECKING,
                null,
                file,
                1,
                "jane",
                null,
                "contract ended",
                Admissions.START,
                Admissions.START,
                null,
                null,
                lines,
                1,
                0);
        return new Run(7, RunNode.JOB, "november", false, "jane", "contract ended", Admissions.START, upload);
    }

    private static RowScreening.Origin origin() {
        return new RowScreening.Origin(
                RunNode.JOB,
                Operation.CANCEL_SUBSCRIPTION,
                "file:" + RunNode.JOB,
                Admissions.START,
                false,
                "jane",
                "contract ended",
                Admissions.START);
    }

    /** What became of the only line. */
    Judged only() {
        if (lines.size() != 1) {
            throw new AssertionError("Not one line but %d; %s".formatted(lines.size(), refusal));
        }
        return lines.getFirst().judged();
    }

    Admission admission() {
        if (only() instanceof Judged.Good(var admission)) {
            return admission;
        }
        throw new AssertionError(only());
    }

    /** Why the only line is not good. */
    String badness() {
        return switch (only()) {
            case Judged.Bad(var message) -> message;
            case Judged.Objected objected -> objected.message();
            case Judged.Good good -> throw new AssertionError(good);
        };
    }
}
