package dev.offramp.operations.command;

import dev.offramp.operations.command.ServiceOptions.Output;
import java.io.PrintWriter;

/** Shows how far a run is while it is watched. */
interface Progress extends AutoCloseable {

    void show(RunReport report);

    /** Something besides how far it is. */
    void say(String sentence);

    @Override
    void close();

    /** A bar at a terminal, lines in a log, nothing for machines. */
    static Progress of(Output output, Surroundings around, PrintWriter errors) {
        return switch (output) {
            case json -> new NoProgress(errors);
            case table ->
                around.person().isThere() ? new ProgressBars(System.err) : new ProgressLines(errors, around.clock());
        };
    }

    /** For machines, who read the last answer only. */
    record NoProgress(PrintWriter errors) implements Progress {

        @Override
        public void show(RunReport report) {
            // The final view is all that is asked for.
        }

        @Override
        public void say(String sentence) {
            errors.println(sentence);
            errors.flush();
        }

        @Override
        public void close() {
            errors.flush();
        }
    }
}
