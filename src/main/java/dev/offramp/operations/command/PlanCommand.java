package dev.offramp.operations.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code offramp plan}: what requests would do, read and judged, then approved and carried out exactly so. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description =
                "Plans: what requests would do, read in Partner Center and judged; approved, then carried out exactly so.",
        footer = {
            "",
            "Example:",
            "  offramp plan make --group terminations-2026-11-20 --reason \"review with the account team\"",
            "  offramp plan report 7 --file plan-7.md",
            "  offramp plan approve 7 --hash 9f2c… --reason \"checked with the account team\"",
            "  offramp plan apply 7 --reason \"contracts ended\""
        })
final class PlanCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw Failure.usage(
                "Say what to do with plans: 'plan make', 'plan list', 'plan show', 'plan report', 'plan approve', 'plan apply' or 'plan discard'.");
    }

    @Command(
            name = "make",
            mixinStandardHelpOptions = true,
            description = {
                "Asks for a plan of requests: held, parked, ready, or only planned or observed so far.",
                "The service reads and judges them at the pace; 'plan show' says how far it is."
            },
            footer = {
                "",
                "Example:",
                "  offramp plan make --group terminations-2026-11-20 --reason \"review with the account team\"",
                "  offramp plan make --run 12 --status planned --reason \"the file of November\""
            })
    void make(
            @Mixin ServiceOptions options,
            @Mixin Filter filter,
            @Option(names = "--all", description = "All of them; needed when no filter is given.") boolean all,
            @Mixin Why why) {
        if (all != filter.query().isEmpty()) {
            throw Failure.usage(
                    all
                            ? "--all and a filter contradict each other; give one of them."
                            : "Name the requests by a filter (--customer, --source, --operation, --status, --group, --job, --run), or say --all.");
        }
        var body = why.change();
        body.set("filter", filter.query().json());
        JsonNode answer = options.service().post("/plans", body);
        PrintWriter out = Cells.out(spec);
        options.print(
                out,
                answer,
                plan -> out.println("Plan %s is being made: %s requests (%s). See 'offramp plan show %s'."
                        .formatted(
                                Cells.text(plan, "number"),
                                Cells.text(plan, "requests"),
                                Cells.text(plan, "about"),
                                Cells.text(plan, "number"))));
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists plans, the newest first.",
            footer = {"", "Example:", "  offramp plan list"})
    void list(
            @Mixin ServiceOptions options,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "How many to show (default: ${DEFAULT-VALUE}).")
                    int limit) {
        JsonNode answer =
                options.service().get("/plans", new Query().with("limit", limit).members());
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, told -> {
            if (told.path("plans").isEmpty()) {
                out.println("There is no plan.");
                return;
            }
            var table = new Table("NUMBER", "STATE", "JUDGED", "REQUESTS", "ABOUT", "MADE BY", "ASKED", "UNTIL");
            told.path("plans")
                    .forEach(each -> table.row(
                            Cells.text(each, "number"),
                            Cells.text(each, "state"),
                            Cells.text(each, "judged"),
                            Cells.text(each, "requests"),
                            Cells.text(each, "about"),
                            Cells.text(each, "madeBy"),
                            Cells.time(each, "askedAt"),
                            Cells.time(each, "expiresAt")));
            table.print(out);
        });
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows a plan: how far it is, what it comes to, and what would become of each request.",
            footer = {"", "Example:", "  offramp plan show 7"})
    void show(
            @Mixin ServiceOptions options, @Parameters(paramLabel = "NUMBER", description = "Which one.") long number) {
        JsonNode answer = options.service().get("/plans/" + number);
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, told -> print(told, out));
    }

    @Command(
            name = "report",
            mixinStandardHelpOptions = true,
            description = "Writes a plan as people read it (Markdown) into a file.",
            footer = {"", "Example:", "  offramp plan report 7 --file plan-7.md"})
    void report(
            @Mixin ServiceOptions options,
            @Parameters(paramLabel = "NUMBER", description = "Which one.") long number,
            @Option(
                            names = "--file",
                            paramLabel = "FILE",
                            required = true,
                            description = "Where to; an older file of this name is replaced.")
                    Path file) {
        options.service().download("/plans/" + number + "/report", file);
        Cells.out(spec).println("The report was written to " + file + ".");
    }

    @Command(
            name = "approve",
            mixinStandardHelpOptions = true,
            description = {
                "Approves a plan as it was looked at: it may be applied then, once, until it expires.",
                "More customers than one person may let go on alone take a second person: 'decision confirm'."
            },
            footer = {"", "Example:", "  offramp plan approve 7 --hash 9f2c… --reason \"checked with the account team\""
            })
    void approve(
            @Mixin ServiceOptions options,
            @Parameters(paramLabel = "NUMBER", description = "Which one.") long number,
            @Option(
                            names = "--hash",
                            paramLabel = "SHA-256",
                            required = true,
                            description = "The whole SHA-256 that 'plan show' or the report showed.")
                    String hash,
            @Mixin Why why) {
        var body = why.change();
        body.put("hash", hash);
        JsonNode answer = options.service().post("/plans/" + number + "/approve", body);
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, told -> {
            JsonNode plan = told.path("plan");
            out.println(
                    told.has("message")
                            ? Cells.text(told, "message")
                            : "Plan %s is approved, to be applied until %s: offramp plan apply %s."
                                    .formatted(
                                            Cells.text(plan, "number"),
                                            Cells.time(plan, "expiresAt"),
                                            Cells.text(plan, "number")));
        });
    }

    @Command(
            name = "apply",
            mixinStandardHelpOptions = true,
            description = {
                "Carries an approved plan out, once: each of its requests that still stands as it stood gets a successor.",
                "What has changed is left out and named: 'plan show', 'plan report'."
            },
            footer = {"", "Example:", "  offramp plan apply 7 --reason \"contracts ended\""})
    void apply(
            @Mixin ServiceOptions options,
            @Parameters(paramLabel = "NUMBER", description = "Which one.") long number,
            @Mixin Why why) {
        JsonNode answer = options.service().post("/plans/" + number + "/apply", why.change());
        PrintWriter out = Cells.out(spec);
        options.print(
                out,
                answer,
                told -> out.println(
                        "Plan %d is applied: %s requests were made, %s were left out. See 'offramp plan show %d'."
                                .formatted(number, Cells.text(told, "made"), Cells.text(told, "skipped"), number)));
    }

    @Command(
            name = "discard",
            mixinStandardHelpOptions = true,
            description = "Discards a plan, made or not; its requests stay as they are.",
            footer = {"", "Example:", "  offramp plan discard 7 --reason \"wrong group\""})
    void discard(
            @Mixin ServiceOptions options,
            @Parameters(paramLabel = "NUMBER", description = "Which one.") long number,
            @Mixin Why why) {
        JsonNode answer = options.service().post("/plans/" + number + "/discard", why.change());
        PrintWriter out = Cells.out(spec);
        options.print(
                out,
                answer,
                plan -> out.println("Plan %s is %s.".formatted(Cells.text(plan, "number"), Cells.text(plan, "state"))));
    }

    private static void print(JsonNode told, PrintWriter out) {
        JsonNode plan = told.path("plan");
        JsonNode totals = told.path("totals");
        out.println("Plan %s (%s) is %s: %s of %s requests are judged."
                .formatted(
                        Cells.text(plan, "number"),
                        Cells.text(plan, "about"),
                        Cells.text(plan, "state"),
                        Cells.text(plan, "judged"),
                        Cells.text(plan, "requests")));
        if (plan.has("approvedBy")) {
            out.println("Approved by %s%s."
                    .formatted(
                            Cells.text(plan, "approvedBy"),
                            plan.has("appliedBy") ? "; applied by " + Cells.text(plan, "appliedBy") : ""));
        }
        if (plan.has("hash")) {
            out.println("Its SHA-256 is %s.".formatted(Cells.text(plan, "hash")));
        }
        out.println("%s customers would be touched by %s calls; guards would hold %s requests."
                .formatted(
                        Cells.text(totals, "customers"), Cells.text(totals, "calls"), Cells.text(totals, "heldBack")));
        var table = new Table(
                "REQUEST", "OPERATION", "CUSTOMER", "NAME", "PRODUCT", "VERDICT", "CALLS", "REASON", "HELD BACK BY");
        told.path("items").forEach(each -> {
            JsonNode judged = each.path("judged");
            table.row(
                    Cells.text(each, "request"),
                    Cells.text(each, "operation"),
                    Cells.text(each, "customerId"),
                    Cells.text(judged, "customer"),
                    Cells.text(judged, "product"),
                    judged.isObject() ? Cells.text(judged, "verdict") : "not read yet",
                    judged.isObject() ? String.valueOf(judged.path("steps").size()) : "",
                    Cells.text(judged, "reason"),
                    Cells.text(each, "heldBackBy"));
        });
        table.print(out);
        fates(told.path("fates"), out);
    }

    private static void fates(JsonNode fates, PrintWriter out) {
        if (fates.isEmpty()) {
            return;
        }
        out.println();
        out.println("What became of it:");
        var table = new Table("REQUEST", "CARRIED OUT AS", "STANDS", "WHY");
        fates.forEach(each -> table.row(
                Cells.text(each, "request"),
                Cells.text(each, "successor"),
                each.hasNonNull("skipped") ? "left out" : Cells.text(each, "stands"),
                each.hasNonNull("skipped") ? Cells.text(each, "skipped") : Cells.text(each, "message")));
        table.print(out);
    }

    /** Which requests are meant. */
    static final class Filter {

        @Option(names = "--customer", paramLabel = "ID", description = "Only requests about this customer.")
        private @Nullable String customer;

        @Option(names = "--source", paramLabel = "SOURCE", description = "Only requests of this source.")
        private @Nullable String source;

        @Option(names = "--operation", paramLabel = "OPERATION", description = "Only this operation.")
        private @Nullable String operation;

        @Option(
                names = "--status",
                paramLabel = "STATUS",
                description = "Only these: accepted, deferred, held, stalled or planned.")
        private @Nullable String status;

        @Option(names = "--group", paramLabel = "GROUP", description = "Only requests of this group.")
        private @Nullable String group;

        @Option(names = "--job", paramLabel = "JOB", description = "Only requests of this job.")
        private @Nullable String job;

        @Option(names = "--run", paramLabel = "NUMBER", description = "Only requests of this run.")
        private @Nullable Long run;

        Query query() {
            return new Query()
                    .with("customer", customer)
                    .with("source", source)
                    .with("operation", operation)
                    .with("status", status)
                    .with("group", group)
                    .with("job", job)
                    .with("run", run);
        }
    }
}
