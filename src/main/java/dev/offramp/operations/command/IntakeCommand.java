package dev.offramp.operations.command;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code offramp intake}: whether records are read from Kafka. */
@Command(
        name = "intake",
        mixinStandardHelpOptions = true,
        description = "Shows, pauses or resumes the reading of requests from Kafka; nothing is lost meanwhile.",
        footer = {"", "Example:", "  offramp intake show"})
final class IntakeCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw Failure.usage("Say what to do: 'intake show', 'intake pause' or 'intake resume'.");
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Says whether records are read, and if not, why.",
            footer = {"", "Example:", "  offramp intake show"})
    void show(@Mixin ServiceOptions options) {
        print(options, options.service().get("/intake"));
    }

    @Command(
            name = "pause",
            mixinStandardHelpOptions = true,
            description = "Reads no more records, on any node; they wait in Kafka.",
            footer = {"", "Example:", "  offramp intake pause --reason \"billing sends a wrong list\""})
    void pause(@Mixin ServiceOptions options, @Mixin Why why) {
        print(options, options.service().post("/intake/pause", why.change()));
    }

    @Command(
            name = "resume",
            mixinStandardHelpOptions = true,
            description = "Reads records again.",
            footer = {"", "Example:", "  offramp intake resume --reason \"the list is corrected\""})
    void resume(@Mixin ServiceOptions options, @Mixin Why why) {
        print(options, options.service().post("/intake/resume", why.change()));
    }

    private void print(ServiceOptions options, JsonNode answer) {
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, intake -> {
            out.println("Intake is %s; %s open, the limit is %s."
                    .formatted(
                            Cells.text(intake, "state"),
                            Cells.count(intake.path("openRequests").asLong(), "request"),
                            Cells.text(intake, "maxOpen")));
            if (!intake.path("pauses").isEmpty()) {
                var table = new Table("PAUSED FOR", "BY", "SINCE", "REASON");
                intake.path("pauses")
                        .forEach(each -> table.row(
                                Cells.text(each, "why"),
                                Cells.text(each, "by"),
                                Cells.time(each, "at"),
                                Cells.text(each, "reason")));
                table.print(out);
            }
        });
    }
}
