package dev.offramp.operations.command;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code offramp execution}: the job executions of Spring Batch; a batch has one for each of its starts. */
@Command(
        name = "execution",
        mixinStandardHelpOptions = true,
        description = "Lists or shows job executions; restarts, stops or abandons the batch of one.",
        footer = {"", "Example:", "  offramp execution list --job cancel-subscriptions", "  offramp execution show 42"})
final class ExecutionCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw Failure.usage("Say what to do: 'execution list', 'execution show 42' or 'execution restart 42'.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists job executions, newest first.",
            footer = {"", "Example:", "  offramp execution list --job cancel-subscriptions --limit 10"})
    void list(
            @Mixin ServiceOptions options,
            @Mixin Paging paging,
            @Option(names = "--job", paramLabel = "JOB", description = "Only executions of this job.") @Nullable
                    String job) {
        paging.print(
                options,
                Cells.out(spec),
                "/executions",
                new Query().with("job", job),
                "executions",
                "There is no such execution.",
                ExecutionCommand::table);
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows one job execution with its steps.",
            footer = {"", "Example:", "  offramp execution show 42"})
    void show(
            @Mixin ServiceOptions options,
            @Parameters(paramLabel = "EXECUTION", description = "Its number in the list.") long execution) {
        JsonNode answer = options.service().get("/executions/" + execution);
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, details -> printDetails(details, execution, out));
    }

    @Command(
            name = "restart",
            mixinStandardHelpOptions = true,
            description = "Restarts the batch of this execution.",
            footer = {"", "Example:", "  offramp execution restart 42 --reason \"Partner Center answers again\""})
    void restart(
            @Mixin ServiceOptions options,
            @Mixin Why why,
            @Parameters(paramLabel = "EXECUTION", description = "Its number in the list.") long execution) {
        change(options, execution, "restart", why);
    }

    @Command(
            name = "stop",
            mixinStandardHelpOptions = true,
            description = "Stops the batch of this execution.",
            footer = {"", "Example:", "  offramp execution stop 42 --reason \"the customer rang\""})
    void stop(
            @Mixin ServiceOptions options,
            @Mixin Why why,
            @Parameters(paramLabel = "EXECUTION", description = "Its number in the list.") long execution) {
        change(options, execution, "stop", why);
    }

    @Command(
            name = "abandon",
            mixinStandardHelpOptions = true,
            description = "Abandons the batch of this execution; its unfinished requests go into new batches.",
            footer = {"", "Example:", "  offramp execution abandon 42 --reason \"the rest is to run tonight\""})
    void abandon(
            @Mixin ServiceOptions options,
            @Mixin Why why,
            @Parameters(paramLabel = "EXECUTION", description = "Its number in the list.") long execution) {
        change(options, execution, "abandon", why);
    }

    private void change(ServiceOptions options, long execution, String verb, Why why) {
        JsonNode answer = options.service().post("/executions/" + execution + "/" + verb, why.change());
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, details -> out.println(BatchCommand.told(details, verb)));
    }

    static Table table(List<JsonNode> executions) {
        var table = new Table("EXECUTION", "BATCH", "STATUS", "STARTED", "ENDED", "STEPS");
        executions.forEach(each -> table.row(
                Cells.text(each, "id"),
                Cells.text(each, "batch"),
                Cells.text(each, "status"),
                Cells.time(each, "startTime"),
                Cells.time(each, "endTime"),
                each.path("steps")
                        .valueStream()
                        .map(step -> Cells.text(step, "name") + " " + Cells.text(step, "status"))
                        .collect(Collectors.joining(", "))));
        return table;
    }

    private static void printDetails(JsonNode details, long number, PrintWriter out) {
        JsonNode execution = details.has("execution") ? details.path("execution") : details;
        table(List.of(execution)).print(out);
        if (execution.hasNonNull("failure")) {
            out.println("Why: %s".formatted(Cells.text(execution, "failure")));
        }
        if (!execution.path("steps").isEmpty()) {
            out.println();
            var steps = new Table("STEP", "STATUS", "READ", "WRITTEN");
            execution.path("steps").forEach(each -> steps.row(Cells.texts(each, "name", "status", "read", "written")));
            steps.print(out);
        }
        Actions.print(details, "offramp execution %s " + number + " --reason \"…\"", out);
    }
}
