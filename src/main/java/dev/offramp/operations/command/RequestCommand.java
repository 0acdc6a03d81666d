package dev.offramp.operations.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code offramp request}: what was asked for, and what became of it. */
@Command(
        name = "request",
        mixinStandardHelpOptions = true,
        description =
                "Finds and shows requests; sends, withdraws, resubmits or gives up one; decides about one in doubt.",
        footer = {
            "",
            "Example:",
            "  offramp request list --customer 5921f00a-32c0-4457-aaa1-e8018c650895",
            "  offramp request show 4711",
            "  offramp request resubmit 4711 --reason \"the reservation has ended\""
        })
final class RequestCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw Failure.usage("Say what to do: 'request list', 'request show 4711' or 'request send'.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists requests, newest first.",
            footer = {
                "",
                "Example:",
                "  offramp request list --run 12 --status stalled",
                "  offramp request list --reason window-closed --all --output json"
            })
    void list(@Mixin ServiceOptions options, @Mixin Paging paging, @Mixin Filter filter) {
        paging.print(
                options,
                Cells.out(spec),
                "/requests",
                filter.query(),
                "requests",
                "No request matches.",
                RequestCommand::table);
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows one request with all that happened to it, oldest first.",
            footer = {"", "Example:", "  offramp request show 4711"})
    void show(
            @Mixin ServiceOptions options,
            @Parameters(paramLabel = "NUMBER", description = "Its number in the list.") long number) {
        JsonNode answer = options.service().get("/requests/" + number);
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, details -> Timeline.print(details, out));
    }

    @Command(
            name = "send",
            mixinStandardHelpOptions = true,
            description = {
                "Sends one request: a message from a file, or one built from the options.",
                "The same source and id with the same content is not carried out twice."
            },
            footer = {
                "",
                "Example:",
                "  offramp request send --file cancel.json",
                "  offramp request send cancel-subscription --source /contoso/desk \\",
                "      --customer 5921f00a-32c0-4457-aaa1-e8018c650895 \\",
                "      --subscription 6e7aa601-629e-461b-8933-0898c3cc3c7c --reason \"contract 4711 has ended\""
            })
    void send(
            @Mixin ServiceOptions options,
            @Option(
                            names = "--file",
                            paramLabel = "FILE",
                            description = "The message as JSON (docs/messages.md); - is standard input.")
                    @Nullable
                    String file,
            @Parameters(
                            paramLabel = "OPERATION",
                            arity = "0..1",
                            description = "What is asked for, e.g. cancel-subscription.")
                    @Nullable
                    String operation,
            @Mixin Message message) {
        if ((file == null) == (operation == null)) {
            throw Failure.usage("Give a message with --file, or an operation and its target.");
        }
        if (file != null && message.isGiven()) {
            throw Failure.usage("--file is the whole message; the other options build one without a file.");
        }
        JsonNode asked = operation == null
                ? read(String.valueOf(file))
                : message.of(operation, Surroundings.of(spec).clock().instant());
        JsonNode answer = options.service().post("/requests", asked);
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, told -> printSent(told, out));
    }

    @Command(
            name = "withdraw",
            mixinStandardHelpOptions = true,
            description = "Takes an open request back, unless a call for it is on the wire.",
            footer = {"", "Example:", "  offramp request withdraw 4711 --reason \"the customer stays\""})
    void withdraw(
            @Mixin ServiceOptions options,
            @Mixin Why why,
            @Parameters(paramLabel = "NUMBER", description = "Its number in the list.") long number) {
        change(options, number, "withdraw", why);
    }

    @Command(
            name = "resubmit",
            mixinStandardHelpOptions = true,
            description = "Asks again for what a final request asked for, as a new request.",
            footer = {"", "Example:", "  offramp request resubmit 4711 --reason \"the reservation has ended\""})
    void resubmit(
            @Mixin ServiceOptions options,
            @Mixin Why why,
            @Parameters(paramLabel = "NUMBER", description = "Its number in the list.") long number) {
        change(options, number, "resubmit", why);
    }

    @Command(
            name = "give-up",
            mixinStandardHelpOptions = true,
            description = "Ends a stalled request as failed; nothing more is tried for it.",
            footer = {"", "Example:", "  offramp request give-up 4711 --reason \"finished by hand\""})
    void giveUp(
            @Mixin ServiceOptions options,
            @Mixin Why why,
            @Parameters(paramLabel = "NUMBER", description = "Its number in the list.") long number) {
        change(options, number, "give-up", why);
    }

    @Command(
            name = "decide",
            mixinStandardHelpOptions = true,
            description = {
                "Says what became of the call of a request that is stalled: in-doubt, as reading cannot tell.",
                "Look in Partner Center first.",
                "done: the call took effect; the request goes on as if a read had shown it.",
                "not-done: it did not; the call is made again after fresh facts, with all guards.",
                "ask-again: nobody knows yet; reading goes on for another day."
            },
            footer = {"", "Example:", "  offramp request decide done 4711 --reason \"the portal shows it as deleted\""})
    void decide(
            @Mixin ServiceOptions options,
            @Mixin Why why,
            @Parameters(index = "0", paramLabel = "DECISION", description = "done, not-done or ask-again.")
                    String decision,
            @Parameters(index = "1", paramLabel = "NUMBER", description = "Its number in the list.") long number) {
        ObjectNode change = why.change();
        change.put("decision", decision);
        change(options, number, "decide", change);
    }

    private void change(ServiceOptions options, long number, String verb, Why why) {
        change(options, number, verb, why.change());
    }

    private void change(ServiceOptions options, long number, String verb, JsonNode change) {
        JsonNode answer = options.service().post("/requests/" + number + "/" + verb, change);
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, told -> out.println(state(told.has("request") ? told.path("request") : told)));
    }

    private static void printSent(JsonNode told, PrintWriter out) {
        String message = Cells.text(told, "message");
        out.println(message.isEmpty() ? Cells.text(told, "result") + "." : message);
        if (told.hasNonNull("request")) {
            out.println(state(told.path("request")));
        }
    }

    /** One line about a request, and how to look further. */
    private static String state(JsonNode request) {
        String number = request.isObject() ? Cells.text(request, "number") : Cells.line(request);
        String state = request.isObject()
                ? " is %s: %s".formatted(Cells.text(request, "status"), Cells.text(request, "reason"))
                : "";
        return "Request %s%s; look with 'offramp request show %s'.".formatted(number, state, number);
    }

    private static JsonNode read(String file) {
        try {
            byte[] content = file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
            return Service.JSON.readTree(content);
        } catch (IOException e) {
            throw Failure.usage("%s cannot be read (%s).".formatted(file, Service.reason(e)));
        } catch (JacksonException e) {
            throw Failure.usage("%s is no JSON; docs/messages.md shows how a message looks.".formatted(file));
        }
    }

    private static Table table(List<JsonNode> requests) {
        var table = new Table(
                "NUMBER", "OPERATION", "CUSTOMER", "SUBSCRIPTION", "STATUS", "REASON", "SOURCE", "ID", "ADMITTED");
        requests.forEach(each -> table.row(
                Cells.text(each, "number"),
                Cells.text(each, "operation"),
                Cells.text(each, "customerId"),
                Cells.text(each, "subscriptionId"),
                Cells.text(each, "status"),
                Cells.text(each, "reason"),
                Cells.text(each, "source"),
                Cells.text(each, "id"),
                Cells.time(each, "admittedAt")));
        return table;
    }

    /** Which requests are meant. */
    static final class Filter {

        @Option(names = "--customer", paramLabel = "ID", description = "Only requests for this customer.")
        private @Nullable String customer;

        @Option(names = "--subscription", paramLabel = "ID", description = "Only requests for this subscription.")
        private @Nullable String subscription;

        @Option(names = "--order", paramLabel = "ID", description = "Only requests that name this order.")
        private @Nullable String order;

        @Option(names = "--source", paramLabel = "SOURCE", description = "Only requests of this source.")
        private @Nullable String source;

        @Option(names = "--id", paramLabel = "ID", description = "Only those with this id of their source.")
        private @Nullable String id;

        @Option(names = "--operation", paramLabel = "OPERATION", description = "Only this operation.")
        private @Nullable String operation;

        @Option(
                names = "--status",
                paramLabel = "STATUS",
                description = "Only those in this status, e.g. deferred, held, stalled, succeeded.")
        private @Nullable String status;

        @Option(
                names = "--reason",
                paramLabel = "WORD",
                description = "Only those with this reason, e.g. window-closed.")
        private @Nullable String reason;

        @Option(names = "--group", paramLabel = "GROUP", description = "Only requests of this group.")
        private @Nullable String group;

        @Option(names = "--job", paramLabel = "JOB", description = "Only requests of this job.")
        private @Nullable String job;

        @Option(names = "--run", paramLabel = "NUMBER", description = "Only requests of this run.")
        private @Nullable Long run;

        Query query() {
            return new Query()
                    .with("customer", customer)
                    .with("subscription", subscription)
                    .with("order", order)
                    .with("source", source)
                    .with("id", id)
                    .with("operation", operation)
                    .with("status", status)
                    .with("reason", reason)
                    .with("group", group)
                    .with("job", job)
                    .with("run", run);
        }
    }
}
