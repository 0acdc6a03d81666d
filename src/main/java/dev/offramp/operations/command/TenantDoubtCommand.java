package dev.offramp.operations.command;

import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code offramp tenant-doubt}: which sources name too many customers that are not ours, and the end of such a doubt. */
@Command(
        name = "tenant-doubt",
        mixinStandardHelpOptions = true,
        description =
                "Shows the sources whose unlinks are held because too many of their customers are not ours, or ends that.",
        footer = {
            "",
            "Example:",
            "  offramp tenant-doubt",
            "  offramp tenant-doubt end --source /contoso/billing --reason \"old customers, the tenant is right\""
        })
final class TenantDoubtCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Override
    public void run() {
        show(options, options.service().get("/tenant-doubts", Map.of()), Cells.out(spec));
    }

    @Command(
            name = "end",
            mixinStandardHelpOptions = true,
            description = {
                "Says that the partner tenant is the right one for this source.",
                "What is held stays held until it is released or rejected; further unlinks are not held for this."
            },
            footer = {
                "",
                "Example:",
                "  offramp tenant-doubt end --source /contoso/billing --reason \"old customers, the tenant is right\""
            })
    void end(
            @Mixin ServiceOptions asked,
            @Option(names = "--source", paramLabel = "SOURCE", required = true, description = "The source.")
                    String source,
            @Mixin Why why) {
        show(asked, asked.service().delete("/tenant-doubts", Map.of("source", source), why.change()), Cells.out(spec));
    }

    private static void show(ServiceOptions options, JsonNode answer, PrintWriter out) {
        options.print(out, answer, doubts -> {
            if (doubts.path("doubts").isEmpty()) {
                out.println("No source is in doubt.");
                return;
            }
            var table = new Table("SOURCE", "SINCE", "NOT OURS");
            doubts.path("doubts")
                    .forEach(each -> table.row(
                            Cells.text(each, "source"), Cells.time(each, "since"), Cells.text(each, "cause")));
            table.print(out);
        });
    }
}
