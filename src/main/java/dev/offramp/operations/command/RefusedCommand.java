package dev.offramp.operations.command;

import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code offramp refused}: records that could not become requests. */
@Command(
        name = "refused",
        mixinStandardHelpOptions = true,
        description = "Lists or shows records that could not become requests.",
        footer = {"", "Example:", "  offramp refused list --limit 10"})
final class RefusedCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw Failure.usage("Say what to do: 'refused list' or 'refused show 17'.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists refused records, newest first.",
            footer = {"", "Example:", "  offramp refused list --limit 10"})
    void list(@Mixin ServiceOptions options, @Mixin Paging paging) {
        paging.print(
                options,
                Cells.out(spec),
                "/refused",
                new Query(),
                "refused",
                "No record was refused.",
                RefusedCommand::table);
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows one refused record: where it stood, and what was wrong with it.",
            footer = {"", "Example:", "  offramp refused show 17"})
    void show(
            @Mixin ServiceOptions options,
            @Parameters(paramLabel = "NUMBER", description = "Its number in the list.") long number) {
        JsonNode answer = options.service().get("/refused/" + number);
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, details -> Cells.members(details, out));
    }

    private static Table table(List<JsonNode> refused) {
        var table = new Table("NUMBER", "REASON", "TOPIC", "PARTITION", "OFFSET", "SOURCE", "ID", "REFUSED", "MESSAGE");
        refused.forEach(each -> table.row(
                Cells.text(each, "number"),
                Cells.text(each, "reason"),
                Cells.text(each, "topic"),
                Cells.text(each, "partition"),
                Cells.text(each, "offset"),
                Cells.text(each, "source"),
                Cells.text(each, "id"),
                Cells.time(each, "refusedAt"),
                Cells.text(each, "message")));
        return table;
    }
}
