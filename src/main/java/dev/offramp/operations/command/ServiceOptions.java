package dev.offramp.operations.command;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** The options that every client command has. */
final class ServiceOptions {

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description =
                    "The service's offramp.home, where its log-in file lies (default: OFFRAMP_HOME, else ~/.offramp).")
    private @Nullable Path home;

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "Where the service answers (default: what the log-in file says).")
    private @Nullable URI server;

    @Option(
            names = "--output",
            paramLabel = "FORM",
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Output output = Output.table;

    /** How an answer is printed; named as it is typed. */
    enum Output {
        table,
        json;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Service service() {
        return Service.of(home == null ? defaultHome() : home, server);
    }

    /** Prints the answer as it came, or for people. */
    void print(PrintWriter out, JsonNode answer, Consumer<JsonNode> forPeople) {
        switch (output) {
            case json ->
                out.println(Service.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer));
            case table -> forPeople.accept(answer);
        }
        out.flush();
    }

    private static Path defaultHome() {
        String named = System.getenv("OFFRAMP_HOME");
        return named == null || named.isBlank() ? Path.of(System.getProperty("user.home"), ".offramp") : Path.of(named);
    }
}
