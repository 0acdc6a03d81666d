package dev.offramp.operations.command;

import dev.offramp.operations.command.RunReport.State;
import java.io.PrintStream;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** For terminals: one bar after the other, for the upload, the lines and the requests, with rate and time left. */
final class ProgressBars implements Progress {

    private static final int WIDTH = 100;
    private static final long MEGABYTE = 1 << 20;

    private final PrintStream out;
    private State shown = State.UNKNOWN;
    private @Nullable ProgressBar bar;

    ProgressBars(PrintStream out) {
        this.out = out;
    }

    @Override
    public void show(RunReport report) {
        var state = report.state();
        if (state == State.REFUSED || state == State.FAILED || state == State.UNKNOWN) {
            finish();
            return;
        }
        if (state != shown) {
            finish();
            bar = open(state, report);
            shown = state;
        }
        var current = bar;
        if (current != null) {
            current.maxHint(most(state, report));
            current.stepTo(done(state, report));
            if (state == State.LOADED) {
                current.setExtraMessage(" " + report.requests());
            }
        }
    }

    private ProgressBar open(State state, RunReport report) {
        var builder = new ProgressBarBuilder()
                .setConsumer(new ConsoleProgressBarConsumer(out, WIDTH))
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(250)
                .setInitialMax(most(state, report))
                // What was there before this command began is no measure of its speed.
                .startsFrom(done(state, report), Duration.ZERO)
                .showSpeed(new DecimalFormat("0.0", DecimalFormatSymbols.getInstance(Locale.ROOT)));
        return switch (state) {
            case RECEIVING ->
                builder.setTaskName("Upload").setUnit(" MB", MEGABYTE).build();
            case CHECKING -> builder.setTaskName("Check").setUnit(" lines", 1).build();
            case LOADING -> builder.setTaskName("Load").setUnit(" lines", 1).build();
            default -> builder.setTaskName("Work").setUnit(" requests", 1).build();
        };
    }

    private static long most(State state, RunReport report) {
        return switch (state) {
            case RECEIVING -> report.size();
            case CHECKING, LOADING -> report.lines("total") > 0 ? report.lines("total") : -1;
            default -> report.total();
        };
    }

    private static long done(State state, RunReport report) {
        return switch (state) {
            case RECEIVING -> report.received();
            case CHECKING, LOADING -> report.lines("read");
            default -> report.total() - report.inHand();
        };
    }

    @Override
    public void say(String sentence) {
        finish();
        shown = State.UNKNOWN;
        out.println(sentence);
    }

    private void finish() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    @Override
    public void close() {
        finish();
    }
}
