package dev.offramp.run;

import dev.offramp.run.Upload.Lines;
import java.util.ArrayList;

/** What is said about a file in the end. */
final class Sentences {

    private Sentences() {}

    /** {@code 1,000 lines: 997 known, 3 new.} */
    static String loaded(Lines lines) {
        var parts = new ArrayList<String>();
        add(parts, lines.known(), "known");
        parts.add("%,d new".formatted(lines.added()));
        add(parts, lines.changed(), "changed (refused)");
        add(parts, lines.bad(), "bad");
        var total = lines.total() == null ? lines.read() : lines.total();
        return "%,d %s: %s.".formatted(total, total == 1 ? "line" : "lines", String.join(", ", parts));
    }

    private static void add(ArrayList<String> parts, long count, String word) {
        if (count > 0) {
            parts.add("%,d %s".formatted(count, word));
        }
    }

    static String tooManyBad(long bad, long total, int allowed, String job) {
        return "%,d of %,d lines are bad, more than the %d %% that %s allows (file.badLines in its job.yaml). Nothing of the file was loaded; the rejected lines say what is wrong with each."
                .formatted(bad, total, allowed, job);
    }

    static String tooManyOpen(long fresh, long open, long most) {
        return "The file brings %,d new requests and %,d are open, together more than offramp.intake.max-open (%,d). Nothing of the file was loaded; hand it over again when fewer are open, split it, or let the operator raise the key."
                .formatted(fresh, open, most);
    }
}
