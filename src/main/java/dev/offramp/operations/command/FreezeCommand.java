package dev.offramp.operations.command;

import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code offramp freeze}: the times in which nothing is carried out. */
@Command(
        name = "freeze",
        mixinStandardHelpOptions = true,
        description = "Shows the times in which nothing is carried out.",
        footer = {"", "Example:", "  offramp freeze list"})
final class FreezeCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw Failure.usage("Say what to do: 'freeze list'.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the freezes: from when until when, what is not carried out, and why.",
            footer = {"", "Example:", "  offramp freeze list"})
    void list(@Mixin ServiceOptions options) {
        JsonNode answer = options.service().get("/freezes");
        var out = Cells.out(spec);
        options.print(out, answer, calendar -> {
            if (calendar.path("freezes").isEmpty()) {
                out.println("There is no freeze; see offramp.safety.freezes.");
                return;
            }
            var table = new Table("FREEZE", "FROM", "UNTIL", "TIME ZONE", "OF", "REASON");
            calendar.path("freezes")
                    .forEach(each -> table.row(
                            Cells.text(each, "state"),
                            Cells.text(each, "from"),
                            Cells.text(each, "until"),
                            Cells.text(each, "timeZone"),
                            operations(each.path("operations")),
                            Cells.text(each, "reason")));
            table.print(out);
        });
    }

    private static String operations(JsonNode operations) {
        return operations.isEmpty()
                ? "everything"
                : StreamSupport.stream(operations.spliterator(), false)
                        .map(JsonNode::asString)
                        .collect(Collectors.joining(", "));
    }
}
