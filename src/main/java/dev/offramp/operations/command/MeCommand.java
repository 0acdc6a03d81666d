package dev.offramp.operations.command;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code offramp me}: who the service takes one for. */
@Command(
        name = "me",
        mixinStandardHelpOptions = true,
        description = "Says who you are to the service, and what you may do.",
        footer = {"", "Example:", "  offramp me --user jane"})
final class MeCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Override
    public void run() {
        JsonNode answer = options.service().get("/me");
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, me -> {
            out.println("You are %s: %s.".formatted(Cells.text(me, "name"), Cells.line(me, "roles")));
            if (!me.path("sources").isEmpty()) {
                out.println("Your sources: %s.".formatted(Cells.line(me, "sources")));
            }
        });
    }
}
