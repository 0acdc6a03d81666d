package dev.offramp.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Where the story is told: headlines, aligned lines, a line of progress while something is waited for. */
final class Screen {

    private static final int WIDTH = 100;
    private static final String[] BEATS = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};

    private final PrintStream out;
    private final boolean terminal;
    private final boolean colours;
    private final Duration breath;

    /**
     * @param terminal whether a line can be written over
     * @param colours whether colours are welcome
     * @param breath how long a reader is given before the next act
     */
    Screen(PrintStream out, boolean terminal, boolean colours, Duration breath) {
        this.out = out;
        this.breath = breath;
        this.terminal = terminal;
        this.colours = colours;
    }

    /** The standard output, in colours only on a terminal whose user has not set NO_COLOR. */
    static Screen standard(Duration breath) {
        var console = System.console();
        boolean terminal = console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
        String refused = System.getenv("NO_COLOR");
        return new Screen(System.out, terminal, terminal && (refused == null || refused.isEmpty()), breath);
    }

    /** What a mark in front of a line says. */
    enum Mark {
        GOOD("✓", "32"),
        NO("✗", "31"),
        WAITS("‖", "33"),
        NOTE("·", "2");

        private final String sign;
        private final String colour;

        Mark(String sign, String colour) {
            this.sign = sign;
            this.colour = colour;
        }
    }

    void title(String text) {
        line("");
        line("  " + painted(text, "1"));
        line("  " + painted("─".repeat(WIDTH - 2), "2"));
    }

    void headline(int act, String text) {
        breathe();
        line("");
        line("");
        line("  " + painted(act + "  " + text, "1;36"));
    }

    void says(String text) {
        for (String each : wrapped(text, WIDTH - 5)) {
            line("     " + painted(each, "2"));
        }
        line("");
    }

    /** A name and what belongs to it. */
    void entry(String name, String text) {
        line("     %-20s %s".formatted(name, text));
    }

    /** One outcome: what was asked, of whom, what became of it, and the rest of it below when it is long. */
    void outcome(Mark mark, String asked, String of, String words, String sentence) {
        line("     %s  %-11s  %-18s  %s"
                .formatted(painted(mark.sign, mark.colour), asked, of, painted(words, mark.colour)));
        for (String each : wrapped(sentence, WIDTH - 10)) {
            line("          " + painted(each, "2"));
        }
    }

    /** So many that stand alike. */
    void count(Mark mark, int count, String words, String whose) {
        line("     %s  %3d  %s  %s"
                .formatted(
                        painted(mark.sign, mark.colour), count, painted("%-32s".formatted(words), mark.colour), whose));
    }

    void mark(Mark mark, String text) {
        var lines = wrapped(text, WIDTH - 8);
        for (int each = 0; each < lines.size(); each++) {
            line("     %s  %s".formatted(each == 0 ? painted(mark.sign, mark.colour) : " ", lines.get(each)));
        }
    }

    /** A command as somebody would type it, and what it printed. */
    void command(String command, List<String> printed) {
        line("");
        line("     " + painted("$ " + command, "1"));
        printed.forEach(each -> line("       " + each));
        line("");
    }

    void line(String text) {
        out.println(text.stripTrailing());
        out.flush();
    }

    /**
     * Shows on one line what is waited for, until it is so.
     *
     * @param check waits a little while by itself, and says whether it is so
     */
    boolean waiting(String forWhat, Duration atMost, BooleanSupplier check) {
        long start = System.nanoTime();
        boolean done = check.getAsBoolean();
        if (!done && !terminal) {
            line("     …  " + forWhat);
        }
        for (int beat = 0; !done && System.nanoTime() - start < atMost.toNanos(); beat++) {
            if (terminal) {
                long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
                out.print("\r     %s  %s  %d s ".formatted(BEATS[beat % BEATS.length], forWhat, seconds));
                out.flush();
            }
            done = check.getAsBoolean();
        }
        if (terminal) {
            out.print("\r" + " ".repeat(WIDTH) + "\r");
            out.flush();
        }
        return done;
    }

    private void breathe() {
        try {
            new CountDownLatch(1).await(breath.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts the story", e);
        }
    }

    private String painted(String text, String colour) {
        return colours && !text.isEmpty() ? "\u001b[%sm%s\u001b[0m".formatted(colour, text) : text;
    }

    private static List<String> wrapped(String text, int width) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        if (!line.isEmpty()) {
            lines.add(line.toString());
        }
        return lines;
    }
}
