package dev.offramp.operations.command;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code offramp audit}: who changed what, and why. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Lists who changed what, when and why.",
        footer = {"", "Example:", "  offramp audit list --limit 20"})
final class AuditCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw Failure.usage("Say what to do: 'audit list'.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the audit trail, newest first.",
            footer = {"", "Example:", "  offramp audit list --limit 20"})
    void list(@Mixin ServiceOptions options, @Mixin Paging paging) {
        paging.print(
                options,
                Cells.out(spec),
                "/audit",
                new Query(),
                "entries",
                "Nothing was changed by anybody yet.",
                AuditCommand::table);
    }

    private static Table table(List<JsonNode> entries) {
        var table = new Table("NUMBER", "AT", "WHO", "WHAT", "ON", "REASON");
        entries.forEach(each -> table.row(
                Cells.text(each, "number"),
                Cells.time(each, "at"),
                Cells.text(each, "who"),
                Cells.text(each, "what"),
                Cells.text(each, "target"),
                Cells.text(each, "reason")));
        return table;
    }
}
