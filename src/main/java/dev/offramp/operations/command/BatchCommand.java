package dev.offramp.operations.command;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code offramp batch}: what runs, what was stopped, what failed. */
@Command(
        name = "batch",
        mixinStandardHelpOptions = true,
        description = "Lists, shows or restarts batches.",
        footer = {
            "",
            "Example:",
            "  offramp batch list --state failed",
            "  offramp batch restart B-1843 --reason \"Partner Center answers again\""
        })
final class BatchCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw Failure.usage("Say what to do: 'batch list', 'batch show B-1843' or 'batch restart B-1843'.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists batches, newest first.",
            footer = {"", "Example:", "  offramp batch list --state stopped"})
    void list(
            @Mixin ServiceOptions options,
            @Option(names = "--state", description = "Only running, stopped, failed or completed ones.") @Nullable
                    String state,
            @Option(names = "--before", paramLabel = "NUMBER", description = "Only older ones than this.") @Nullable
                    Long before,
            @Option(
                            names = "--limit",
                            defaultValue = "50",
                            description = "How many to show (default: ${DEFAULT-VALUE}).")
                    int limit) {
        var query = new LinkedHashMap<String, String>();
        query.put("limit", String.valueOf(limit));
        if (state != null) {
            query.put("state", state);
        }
        if (before != null) {
            query.put("before", before.toString());
        }
        JsonNode answer = options.service().get("/batches", query);
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, page -> printList(page, out));
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows one batch with its runs and its unfinished requests.",
            footer = {"", "Example:", "  offramp batch show B-1843"})
    void show(
            @Mixin ServiceOptions options,
            @Parameters(paramLabel = "BATCH", description = "Its number, e.g. B-1843.") String batch) {
        JsonNode answer = options.service().get("/batches/" + Service.encoded(batch), Map.of());
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, details -> printDetails(details, out));
    }

    @Command(
            name = "restart",
            mixinStandardHelpOptions = true,
            description =
                    "Restarts a stopped or failed batch: reads what is unfinished, and makes no call for the rest.",
            footer = {"", "Example:", "  offramp batch restart B-1843 --reason \"Partner Center answers again\""})
    void restart(
            @Mixin ServiceOptions options,
            @Parameters(paramLabel = "BATCH", description = "Its number, e.g. B-1843.") String batch,
            @Option(names = "--reason", required = true, description = "Why; kept in the audit trail.") String reason) {
        JsonNode answer =
                options.service().post("/batches/" + Service.encoded(batch) + "/restart", Service.change(reason));
        PrintWriter out = Cells.out(spec);
        options.print(
                out,
                answer,
                details -> out.println("%s is to be restarted with %s; look with 'offramp batch show %s'."
                        .formatted(
                                Cells.text(details.path("batch"), "name"),
                                Cells.count(details.path("unfinishedCount").asLong(), "unfinished request"),
                                Cells.text(details.path("batch"), "name"))));
    }

    private static void printList(JsonNode page, PrintWriter out) {
        if (page.path("batches").isEmpty()) {
            out.println("There is no such batch.");
            return;
        }
        var table = new Table("BATCH", "STATE", "WHY", "REQUESTS", "CUSTOMERS", "FAILURES", "CREATED", "WHAT");
        page.path("batches")
                .forEach(each -> table.row(
                        Cells.text(each, "name"),
                        Cells.text(each, "state"),
                        Cells.text(each, "stopReason"),
                        Cells.text(each, "requests"),
                        Cells.text(each, "customers"),
                        Cells.text(each, "failures"),
                        Cells.time(each, "createdAt"),
                        Cells.text(each, "label")));
        table.print(out);
        if (page.has("next")) {
            out.println("There are more: --before %s.".formatted(Cells.text(page, "next")));
        }
    }

    /** Those that still tell this batch as their last one, by status, and how many others took up since. */
    private static String counts(JsonNode details) {
        Map<String, Long> counts = details.path("counts").properties().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().asLong(), (one, _) -> one, TreeMap::new));
        long all = details.path("batch").path("requests").asLong();
        long elsewhere =
                all - counts.values().stream().mapToLong(Long::longValue).sum();
        Stream<String> byStatus = counts.entrySet().stream().map(each -> each.getValue() + " " + each.getKey());
        return Stream.concat(byStatus, elsewhere > 0 ? Stream.of(elsewhere + " went on in later batches") : Stream.of())
                .collect(Collectors.joining(", "));
    }

    private static void printDetails(JsonNode details, PrintWriter out) {
        JsonNode batch = details.path("batch");
        out.println("%s, %s: %s"
                .formatted(Cells.text(batch, "name"), Cells.text(batch, "label"), Cells.text(batch, "state")));
        if (batch.has("stopDetail")) {
            out.println("Why: %s".formatted(Cells.text(batch, "stopDetail")));
        }
        if (batch.has("restartAt")) {
            out.println("Restarts by itself at %s.".formatted(Cells.time(batch, "restartAt")));
        }
        out.println("Requests: %s".formatted(counts(details)));
        if (!details.path("executions").isEmpty()) {
            out.println();
            var runs = new Table("RUN", "STATUS", "STARTED", "ENDED", "STEPS");
            details.path("executions")
                    .forEach(each -> runs.row(
                            Cells.text(each, "id"),
                            Cells.text(each, "status"),
                            Cells.time(each, "startTime"),
                            Cells.time(each, "endTime"),
                            each.path("steps")
                                    .valueStream()
                                    .map(step -> Cells.text(step, "name") + " " + Cells.text(step, "status"))
                                    .collect(Collectors.joining(", "))));
            runs.print(out);
        }
        if (!details.path("unfinished").isEmpty()) {
            out.println();
            var open = new Table("NUMBER", "OPERATION", "CUSTOMER", "STATUS", "REASON", "MESSAGE");
            details.path("unfinished")
                    .forEach(each -> open.row(
                            Cells.texts(each, "number", "operation", "customerId", "status", "reason", "message")));
            open.print(out);
            if (details.path("unfinishedCount").asLong()
                    > details.path("unfinished").size()) {
                out.println("%d requests are unfinished; these are the first."
                        .formatted(details.path("unfinishedCount").asLong()));
            }
        }
        boolean canRestart = details.path("allowedActions")
                .valueStream()
                .filter(each -> each.path("allowed").asBoolean())
                .anyMatch(each -> each.path("action").asString().equals("restart"));
        out.println();
        out.println(
                canRestart
                        ? "It can be restarted: offramp batch restart %s --reason \"…\""
                                .formatted(Cells.text(batch, "name"))
                        : "It cannot be restarted as it is %s.".formatted(Cells.text(batch, "state")));
    }
}
