package dev.offramp.operations.command;

import dev.offramp.operations.command.RunReport.State;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** What is said when the command is ended from outside, e.g. by Ctrl-C: that the run goes on, and how to look at it. */
final class Goodbye implements AutoCloseable {

    private final PrintWriter errors;
    private final boolean standalone;
    private final Thread hook = new Thread(this::say, "offramp-goodbye");
    private volatile @Nullable RunReport newest;

    Goodbye(PrintWriter errors, boolean standalone) {
        this.errors = errors;
        this.standalone = standalone;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    void knows(RunReport report) {
        newest = report;
    }

    private void say() {
        var report = newest;
        if (report != null) {
            errors.println();
            errors.println(sentence(report));
            errors.flush();
        }
    }

    String sentence(RunReport report) {
        String number = report.number();
        if (report.state() == State.RECEIVING) {
            return "Run %s has %d of %d bytes of the file; the same command sends the rest."
                    .formatted(number, report.received(), report.size());
        }
        return standalone
                ? "Run %s stays as it is in the ledger; the same command goes on with it.".formatted(number)
                : "Run %s goes on in the service. Look with 'offramp runs show %s'; the same command watches it again."
                        .formatted(number, number);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already: the hook says it.
            return;
        }
    }
}
