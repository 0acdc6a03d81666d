package dev.offramp.operations.command;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code offramp job}: what can be run. */
@Command(
        name = "job",
        mixinStandardHelpOptions = true,
        description = "Lists or shows the jobs: what can be run, what it takes, how far it goes.",
        footer = {"", "Example:", "  offramp job list"})
final class JobCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw Failure.usage("Say what to do: 'job list' or 'job show cancel-subscriptions'.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the jobs.",
            footer = {"", "Example:", "  offramp job list"})
    void list(@Mixin ServiceOptions options) {
        JsonNode answer = options.service().get("/jobs");
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, jobs -> {
            var table = new Table("JOB", "OPERATION", "REVERSIBLE", "DESCRIPTION");
            (jobs.isArray() ? jobs : jobs.path("jobs"))
                    .forEach(each -> table.row(
                            Cells.text(each, "name"),
                            Cells.line(each, "operation"),
                            Cells.line(each, "reversible"),
                            Cells.text(each, "description")));
            table.print(out);
        });
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows one job: limits, guards, window, schedule, and the columns of its file.",
            footer = {"", "Example:", "  offramp job show cancel-subscriptions"})
    void show(
            @Mixin ServiceOptions options,
            @Parameters(paramLabel = "JOB", description = "Its name, e.g. cancel-subscriptions.") String job) {
        JsonNode answer = options.service().get("/jobs/" + Service.encoded(job));
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, details -> Cells.members(details, out));
    }
}
