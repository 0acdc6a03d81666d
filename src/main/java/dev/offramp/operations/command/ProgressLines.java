package dev.offramp.operations.command;

import dev.offramp.operations.command.RunReport.State;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** For logs: a line when something changed, and not many of them. */
final class ProgressLines implements Progress {

    private static final Duration BETWEEN = Duration.ofSeconds(5);

    private final PrintWriter out;
    private final InstantSource clock;
    private String last = "";
    private State lastState = State.UNKNOWN;
    private Instant lastAt = Instant.MIN;

    ProgressLines(PrintWriter out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public void show(RunReport report) {
        String line = line(report);
        var now = clock.instant();
        boolean isNew = report.state() != lastState;
        if (line.equals(last) || !isNew && now.isBefore(lastAt.plus(BETWEEN))) {
            return;
        }
        last = line;
        lastState = report.state();
        lastAt = now;
        say(line);
    }

    static String line(RunReport report) {
        String run = "Run " + report.number();
        return switch (report.state()) {
            case RECEIVING -> "%s: %d of %d bytes received".formatted(run, report.received(), report.size());
            case CHECKING -> "%s: checking, %d lines read".formatted(run, report.lines("read"));
            case LOADING ->
                "%s: loading, %d of %d lines (%s)"
                        .formatted(run, report.lines("read"), report.lines("total"), report.lines());
            case LOADED ->
                "%s: loaded; %d of %d requests ended%s"
                        .formatted(
                                run,
                                report.ended(),
                                report.total(),
                                report.total() == 0 ? "" : " (" + report.requests() + ")");
            case REFUSED -> run + ": refused";
            case FAILED -> run + ": failed";
            case UNKNOWN -> run + ": " + Cells.text(report.view(), "state");
        };
    }

    @Override
    public void say(String sentence) {
        out.println(sentence);
        out.flush();
    }

    @Override
    public void close() {
        out.flush();
    }
}
