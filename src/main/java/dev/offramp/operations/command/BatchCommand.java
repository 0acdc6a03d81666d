package dev.offramp.operations.command;

import java.io.PrintWriter;
import java.util.List;
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
import tools.jackson.databind.node.ObjectNode;

/** {@code offramp batch}: what runs, what was stopped, what failed. */
@Command(
        name = "batch",
        mixinStandardHelpOptions = true,
        description = "Lists, shows, restarts, stops or abandons batches.",
        footer = {
            "",
            "Example:",
            "  offramp batch list --state failed",
            "  offramp batch restart B-1843 --reason \"Partner Center answers again\""
        })
final class BatchCommand implements Runnable {

    private static final List<String> RESTARTABLE = List.of("stopped", "failed");

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
            @Mixin Paging paging,
            @Option(
                            names = "--state",
                            paramLabel = "STATE",
                            description = "Only running, stopped, failed, completed or abandoned ones.")
                    @Nullable
                    String state,
            @Option(names = "--job", paramLabel = "JOB", description = "Only batches of this job.") @Nullable
                    String job) {
        paging.print(
                options,
                Cells.out(spec),
                "/batches",
                new Query().with("state", state).with("job", job),
                "batches",
                "There is no such batch.",
                BatchCommand::table);
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows one batch with its executions and its unfinished requests.",
            footer = {"", "Example:", "  offramp batch show B-1843"})
    void show(
            @Mixin ServiceOptions options,
            @Parameters(paramLabel = "BATCH", description = "Its number, e.g. B-1843.") String batch) {
        JsonNode answer = options.service().get(path(batch));
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, details -> printDetails(details, out));
    }

    @Command(
            name = "restart",
            mixinStandardHelpOptions = true,
            description = {
                "Restarts a stopped or failed batch: reads what is unfinished, and makes no call for the rest.",
                "With --all: all of them, or those that a filter names, when exactly so many match."
            },
            footer = {
                "",
                "Example:",
                "  offramp batch restart B-1843 --reason \"Partner Center answers again\"",
                "  offramp batch restart --all --stop-reason sign-in --expect 4 --reason \"signed in again\""
            })
    void restart(
            @Mixin ServiceOptions options,
            @Mixin Why why,
            @Mixin Expected expected,
            @Parameters(paramLabel = "BATCH", arity = "0..1", description = "Its number, e.g. B-1843.") @Nullable
                    String batch,
            @Option(names = "--all", description = "All that match, instead of one.") boolean all,
            @Option(names = "--state", paramLabel = "STATE", description = "With --all: only stopped or failed ones.")
                    @Nullable
                    String state,
            @Option(
                            names = "--stop-reason",
                            paramLabel = "WORD",
                            description = "With --all: only those stopped for this, e.g. sign-in.")
                    @Nullable
                    String stopReason,
            @Option(names = "--job", paramLabel = "JOB", description = "With --all: only batches of this job.")
                    @Nullable
                    String job) {
        var filter =
                new Query().with("state", state).with("stopReason", stopReason).with("job", job);
        if (all == (batch != null)) {
            throw Failure.usage("Name one batch, e.g. 'batch restart B-1843', or say --all.");
        }
        if (batch != null) {
            if (!filter.isEmpty()) {
                throw Failure.usage(
                        "--state, --stop-reason and --job choose among --all; %s is one batch.".formatted(batch));
            }
            change(options, batch, "restart", why);
            return;
        }
        var service = options.service();
        long count = expected.count(
                Surroundings.of(spec).person(),
                () -> matching(service, filter, state),
                BatchCommand::sentence,
                "restart",
                "restarted");
        ObjectNode body = why.change().put("expectedCount", count);
        body.set("filter", filter.json());
        JsonNode answer = service.post("/batches/restart", body);
        PrintWriter out = Cells.out(spec);
        options.print(
                out,
                answer,
                done -> out.println("Restarted: %d. Look with 'offramp batch list'."
                        .formatted(done.path("restarted").asLong())));
    }

    @Command(
            name = "stop",
            mixinStandardHelpOptions = true,
            description =
                    "Stops a running batch: what is on the wire ends, nothing else is begun; it then waits for a person.",
            footer = {"", "Example:", "  offramp batch stop B-1843 --reason \"the customer rang\""})
    void stop(
            @Mixin ServiceOptions options,
            @Mixin Why why,
            @Parameters(paramLabel = "BATCH", description = "Its number, e.g. B-1843.") String batch) {
        change(options, batch, "stop", why);
    }

    @Command(
            name = "abandon",
            mixinStandardHelpOptions = true,
            description = "Gives up a stopped or failed batch; its unfinished requests go into new batches.",
            footer = {"", "Example:", "  offramp batch abandon B-1843 --reason \"the rest is to run with tonight's\""})
    void abandon(
            @Mixin ServiceOptions options,
            @Mixin Why why,
            @Parameters(paramLabel = "BATCH", description = "Its number, e.g. B-1843.") String batch) {
        change(options, batch, "abandon", why);
    }

    private void change(ServiceOptions options, String batch, String verb, Why why) {
        JsonNode answer = options.service().post(path(batch) + "/" + verb, why.change());
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, details -> out.println(told(details, verb)));
    }

    /** What follows from a verb, with the command that looks further. */
    static String told(JsonNode details, String verb) {
        String name = Cells.text(details.path("batch"), "name");
        String rest = details.has("unfinishedCount")
                ? Cells.count(details.path("unfinishedCount").asLong(), "unfinished request")
                : "what is unfinished";
        return switch (verb) {
            case "restart" ->
                "%s is to be restarted with %s; look with 'offramp batch show %s'.".formatted(name, rest, name);
            case "stop" ->
                "%s is to stop; what is on the wire ends first. Look with 'offramp batch show %s'."
                        .formatted(name, name);
            case "abandon" -> "%s is abandoned; what was unfinished goes into new batches.".formatted(name);
            default -> throw new IllegalArgumentException("No verb of batches: " + verb);
        };
    }

    /** How many stopped or failed batches there are that a filter fits. */
    private static long matching(Service service, Query filter, @Nullable String state) {
        return (state == null ? RESTARTABLE.stream() : Stream.of(state))
                .mapToLong(each ->
                        matching(service, new Query().with("state", each).with(filter, "stopReason", "job")))
                .sum();
    }

    private static long matching(Service service, Query query) {
        long count = 0;
        @Nullable String next = null;
        do {
            JsonNode page = service.get(
                    "/batches", query.with("limit", 200).with("before", next).members());
            count += page.path("batches").size();
            next = page.hasNonNull("next") ? Cells.text(page, "next") : null;
        } while (next != null);
        return count;
    }

    private static String sentence(long count) {
        return count == 1 ? "1 batch matches" : "%d batches match".formatted(count);
    }

    private static String path(String batch) {
        return "/batches/" + Service.encoded(batch);
    }

    private static Table table(List<JsonNode> batches) {
        var table = new Table("BATCH", "STATE", "WHY", "REQUESTS", "CUSTOMERS", "FAILURES", "CREATED", "WHAT");
        batches.forEach(each -> table.row(
                Cells.text(each, "name"),
                Cells.text(each, "state"),
                Cells.text(each, "stopReason"),
                Cells.text(each, "requests"),
                Cells.text(each, "customers"),
                Cells.text(each, "failures"),
                Cells.time(each, "createdAt"),
                Cells.text(each, "label")));
        return table;
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
            ExecutionCommand.table(details.path("executions").valueStream().toList())
                    .print(out);
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
        Actions.print(details, "offramp batch %s " + Cells.text(batch, "name") + " --reason \"…\"", out);
    }
}
