package dev.offramp.operations.command;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code offramp burst}: breaches of budgets that hold the rest of a source, operation and group. */
@Command(
        name = "burst",
        mixinStandardHelpOptions = true,
        description = "Shows what is on hold as the rest of what did not fit into a budget, or ends that.",
        footer = {
            "",
            "Example:",
            "  offramp burst list",
            "  offramp burst end --source /contoso/billing --operation cancel-subscription --group autumn \\",
            "      --reason \"the list is right\""
        })
final class BurstCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw Failure.usage("Say what to do: 'burst list' or 'burst end'.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the sources, operations and groups whose rest is on hold, and since when and why.",
            footer = {"", "Example:", "  offramp burst list"})
    void list(@Mixin ServiceOptions options) {
        show(options, options.service().get("/bursts"), Cells.out(spec));
    }

    @Command(
            name = "end",
            mixinStandardHelpOptions = true,
            description = {
                "Says that a person has looked: what comes new is judged by the budgets alone.",
                "What is held stays held until it is released or rejected."
            },
            footer = {
                "",
                "Example:",
                "  offramp burst end --source /contoso/billing --operation cancel-subscription --reason \"the list is right\""
            })
    void end(
            @Mixin ServiceOptions options,
            @Option(names = "--source", paramLabel = "SOURCE", required = true, description = "The source.")
                    String source,
            @Option(
                            names = "--operation",
                            paramLabel = "OPERATION",
                            required = true,
                            description = "The operation, e.g. cancel-subscription.")
                    String operation,
            @Option(
                            names = "--group",
                            paramLabel = "GROUP",
                            description = "The group; without it, what is without a group.")
                    @Nullable
                    String group,
            @Mixin Why why) {
        var body = why.change().put("source", source).put("operation", operation);
        if (group != null) {
            body.put("group", group);
        }
        show(options, options.service().post("/bursts/end", body), Cells.out(spec));
    }

    private static void show(ServiceOptions options, JsonNode answer, PrintWriter out) {
        options.print(out, answer, bursts -> {
            if (bursts.path("bursts").isEmpty()) {
                out.println("Nothing is on hold as the rest of what did not fit into a budget.");
                return;
            }
            var table = new Table("SOURCE", "OPERATION", "GROUP", "SINCE", "REQUEST", "BUDGET");
            bursts.path("bursts")
                    .forEach(each -> table.row(
                            Cells.text(each, "source"),
                            Cells.text(each, "operation"),
                            Cells.text(each, "group"),
                            Cells.time(each, "since"),
                            Cells.text(each, "request"),
                            Cells.text(each, "breach")));
            table.print(out);
        });
    }
}
