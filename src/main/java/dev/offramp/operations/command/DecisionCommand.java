package dev.offramp.operations.command;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code offramp decision}: what one person asked for and a second one must confirm. */
@Command(
        name = "decision",
        mixinStandardHelpOptions = true,
        description = "Lists, shows, confirms or rejects decisions that take two persons.",
        footer = {
            "",
            "Example:",
            "  offramp decision list --state waiting",
            "  offramp decision confirm 7 --user ann --reason \"compared with the contract list\""
        })
final class DecisionCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw Failure.usage(
                "Say what to do with decisions: 'decision list', 'decision show', 'decision confirm' or 'decision reject'.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists decisions, the newest first.",
            footer = {"", "Example:", "  offramp decision list --state waiting"})
    void list(
            @Mixin ServiceOptions options,
            @Option(
                            names = "--state",
                            paramLabel = "STATE",
                            description = "Only these: waiting, carried-out, rejected or expired.")
                    @Nullable
                    String state,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "How many to show (default: ${DEFAULT-VALUE}).")
                    int limit) {
        JsonNode answer = options.service()
                .get(
                        "/decisions",
                        new Query().with("state", state).with("limit", limit).members());
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, told -> {
            if (told.path("decisions").isEmpty()) {
                out.println("No decision matches.");
                return;
            }
            var table =
                    new Table("NUMBER", "STATE", "WHAT", "CUSTOMERS", "REQUESTS", "ASKED BY", "ASKED", "UNTIL", "WHY");
            told.path("decisions")
                    .forEach(each -> table.row(
                            Cells.text(each, "number"),
                            Cells.text(each, "state"),
                            Cells.text(each, "kind"),
                            Cells.text(each, "customers"),
                            Cells.text(each, "requests"),
                            Cells.text(each, "askedBy"),
                            Cells.time(each, "askedAt"),
                            Cells.time(each, "expiresAt"),
                            Cells.text(each, "askedFor")));
            table.print(out);
        });
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows a decision with the requests it is about.",
            footer = {"", "Example:", "  offramp decision show 7"})
    void show(
            @Mixin ServiceOptions options, @Parameters(paramLabel = "NUMBER", description = "Which one.") long number) {
        print(options, options.service().get("/decisions/" + number, new Query().members()));
    }

    @Command(
            name = "confirm",
            mixinStandardHelpOptions = true,
            description = {
                "Confirms what another person asked for; it is carried out at once.",
                "A request that has changed since is left out."
            },
            footer = {
                "",
                "Example:",
                "  offramp decision confirm 7 --user ann --reason \"compared with the contract list\""
            })
    void confirm(
            @Mixin ServiceOptions options,
            @Parameters(paramLabel = "NUMBER", description = "Which one.") long number,
            @Mixin Why why) {
        print(options, options.service().post("/decisions/" + number + "/confirm", why.change()));
    }

    @Command(
            name = "reject",
            mixinStandardHelpOptions = true,
            description = "Rejects a decision, or takes back one's own: its requests stay held.",
            footer = {"", "Example:", "  offramp decision reject 7 --reason \"wrong list\""})
    void reject(
            @Mixin ServiceOptions options,
            @Parameters(paramLabel = "NUMBER", description = "Which one.") long number,
            @Mixin Why why) {
        print(options, options.service().post("/decisions/" + number + "/reject", why.change()));
    }

    private void print(ServiceOptions options, JsonNode answer) {
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, told -> {
            JsonNode decision = told.path("decision");
            out.println("Decision %s (%s) is %s: %s requests of %s customers, asked for by %s: %s"
                    .formatted(
                            Cells.text(decision, "number"),
                            Cells.text(decision, "kind"),
                            Cells.text(decision, "state"),
                            Cells.text(decision, "requests"),
                            Cells.text(decision, "customers"),
                            Cells.text(decision, "askedBy"),
                            Cells.text(decision, "askedFor")));
            if (!Cells.text(decision, "decidedBy").isEmpty()) {
                out.println("Decided by %s: %s"
                        .formatted(Cells.text(decision, "decidedBy"), Cells.text(decision, "decidedFor")));
            }
            if (decision.has("carriedOut")) {
                out.println("Carried out on %s of them.".formatted(Cells.text(decision, "carriedOut")));
            }
            var table = new Table("REQUEST", "CUSTOMER", "LEFT OUT");
            told.path("items")
                    .forEach(each -> table.row(
                            Cells.text(each, "request"), Cells.text(each, "customerId"), Cells.text(each, "skipped")));
            table.print(out);
        });
    }
}
