package dev.offramp.operations.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code offramp runs}: the files that were handed in, and how far they are. */
@Command(
        name = "runs",
        mixinStandardHelpOptions = true,
        description = "Lists or shows runs of files, or gets the lines that were rejected.",
        footer = {"", "Example:", "  offramp runs list --job cancel-subscriptions", "  offramp runs show 12"})
final class RunsCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw Failure.usage("Say what to do: 'runs list', 'runs show 12' or 'runs rejected 12'.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists runs, newest first.",
            footer = {"", "Example:", "  offramp runs list --job cancel-subscriptions"})
    void list(
            @Mixin ServiceOptions options,
            @Mixin Paging paging,
            @Option(names = "--job", paramLabel = "JOB", description = "Only runs of this job.") @Nullable String job) {
        paging.print(
                options,
                Cells.out(spec),
                "/runs",
                new Query().with("job", job),
                "runs",
                "There is no such run.",
                RunsCommand::table);
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows one run: its file, its lines, and what became of its requests.",
            footer = {"", "Example:", "  offramp runs show 12"})
    void show(@Mixin ServiceOptions options, @Parameters(paramLabel = "RUN", description = "Its number.") long run) {
        JsonNode answer = options.service().get("/runs/" + run);
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, view -> {
            new RunReport(view).print(out);
            Actions.print(view, "offramp runs %s " + run, out);
        });
    }

    @Command(
            name = "rejected",
            mixinStandardHelpOptions = true,
            description = "Gets the rejected lines of the newest file of a run, with the reason and number of each.",
            footer = {"", "Example:", "  offramp runs rejected 12 --to rejected.csv"})
    void rejected(
            @Mixin ServiceOptions options,
            @Option(names = "--to", paramLabel = "FILE", required = true, description = "Where to write them.")
                    Path file,
            @Parameters(paramLabel = "RUN", description = "Its number.") long run) {
        options.service().download("/runs/%d/rejected".formatted(run), file);
        PrintWriter out = Cells.out(spec);
        out.println("The rejected lines of run %d are in %s.".formatted(run, file));
        out.flush();
    }

    private static Table table(List<JsonNode> runs) {
        var table = new Table("RUN", "JOB", "NAME", "STATE", "LINES", "BAD", "REQUESTS", "OPEN", "BY", "CREATED");
        runs.forEach(each -> {
            var report = new RunReport(each);
            table.row(
                    Cells.text(each, "number"),
                    Cells.text(each, "job"),
                    Cells.text(each, "name") + (each.path("plan").asBoolean(false) ? " (plan)" : ""),
                    Cells.text(each, "state"),
                    Cells.text(each.path("lines"), "read"),
                    String.valueOf(report.notLoaded()),
                    Cells.text(each.path("requests"), "total"),
                    String.valueOf(report.open()),
                    Cells.text(each, "by"),
                    Cells.time(each, "createdAt"));
        });
        return table;
    }
}
