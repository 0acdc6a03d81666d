package dev.offramp.operations.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code offramp reconcile}: whether Partner Center's own records and the ledger tell the same. */
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        description = {
            "Compares a day of Partner Center's audit records with the ledger: effects that no request of ours explains, and "
                    + "effects of ours that no record shows.",
            "The service does it by itself every day for the day before. Nothing is changed. Ends with 5 when a person must look."
        },
        footer = {
            "",
            "Example:",
            "  offramp reconcile",
            "  offramp reconcile --day 2026-11-20",
            "  offramp reconcile list",
            "  offramp reconcile show 12 --output json"
        })
final class ReconcileCommand implements Callable<Integer> {

    private static final Duration GLANCE = Duration.ofSeconds(1);
    private static final int LONGEST_LIST = 100;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Option(names = "--day", paramLabel = "DAY", description = "A day in UTC, e.g. 2026-11-20 (default: yesterday).")
    private @Nullable String day;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the audit trail; may be left out.")
    private @Nullable String reason;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "How long to wait for it (default: ${DEFAULT-VALUE}); the service goes on with it anyway.")
    private int seconds;

    @Override
    public Integer call() {
        var service = options.service();
        var asked = Service.change(reason == null ? "" : reason);
        if (day != null) {
            asked.put("day", day);
        }
        JsonNode made = service.post("/reconciliations", asked);
        var path = "/reconciliations/" + made.path("number").asLong();
        for (int waited = 0; isOpen(made) && waited < seconds; waited++) {
            Surroundings.of(spec).pause().take(GLANCE);
            made = service.get(path);
        }
        print(options, made, Cells.out(spec));
        return wantsPerson(made) ? Failure.PERSON : isOpen(made) || isFailed(made) ? Failure.REFUSED : 0;
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the comparisons, newest first.",
            footer = {"", "Example:", "  offramp reconcile list"})
    void list(@Mixin ServiceOptions asked, @Mixin Paging paging) {
        paging.print(
                asked,
                Cells.out(spec),
                "/reconciliations",
                new Query(),
                "reconciliations",
                "No day was compared yet.",
                ReconcileCommand::table);
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows one comparison with all that was found.",
            footer = {"", "Example:", "  offramp reconcile show 12"})
    void show(
            @Mixin ServiceOptions asked,
            @Parameters(paramLabel = "NUMBER", description = "Its number in the list.") long number) {
        print(asked, asked.service().get("/reconciliations/" + number), Cells.out(spec));
    }

    private static boolean isOpen(JsonNode view) {
        return Cells.text(view, "state").equals("asked");
    }

    private static boolean isFailed(JsonNode view) {
        return Cells.text(view, "state").equals("failed");
    }

    private static boolean wantsPerson(JsonNode view) {
        return view.path("withoutRequest").asInt(0) + view.path("missing").asInt(0) > 0;
    }

    private static Table table(List<JsonNode> all) {
        var table = new Table("NUMBER", "DAY", "STATE", "WITHOUT REQUEST", "MISSING", "LATE", "BY", "");
        all.forEach(each -> table.row(
                Cells.text(each, "number"),
                Cells.text(each, "day"),
                Cells.text(each, "state"),
                Cells.text(each, "withoutRequest"),
                Cells.text(each, "missing"),
                Cells.text(each, "late"),
                Cells.text(each, "by"),
                Cells.text(each, "message")));
        return table;
    }

    private static void print(ServiceOptions options, JsonNode answer, PrintWriter out) {
        options.print(out, answer, view -> {
            out.println("Reconciliation %s of %s is %s. %s"
                    .formatted(
                            Cells.text(view, "number"),
                            Cells.text(view, "day"),
                            Cells.text(view, "state"),
                            Cells.text(view, "message")));
            JsonNode report = view.path("report");
            if (!report.isObject()) {
                return;
            }
            out.println("%s agree.".formatted(Cells.count(report.path("matched").asLong(), "effect")));
            effects("Effects that no request explains", report.path("withoutRequest"), out);
            effects("Effects of the ledger that no record shows", report.path("missing"), out);
            effects("Effects whose records may still come", report.path("late"), out);
            effects("Effects of calls of which nobody knew", report.path("explained"), out);
            counted("Other changes by others that lose nothing", report.path("ordinary"), out);
            counted("Records of other operations", report.path("otherOperations"), out);
            counted("Records of what did not succeed, or not yet", report.path("notSucceeded"), out);
            counted("Records that lack what they would be compared by", report.path("unreadable"), out);
        });
    }

    private static void effects(String title, JsonNode effects, PrintWriter out) {
        if (effects.isEmpty()) {
            return;
        }
        out.println();
        out.println(title);
        var table = new Table("AT", "EFFECT", "CUSTOMER", "RESOURCE", "REQUEST", "BY");
        effects.valueStream()
                .limit(LONGEST_LIST)
                .forEach(each -> table.row(
                        Cells.time(each, "at"),
                        Cells.text(each, "effect"),
                        Cells.text(each, "customerId"),
                        each.has("resources") ? Cells.line(each, "resources") : Cells.text(each, "resource"),
                        Cells.text(each, "request"),
                        Cells.text(each, "who")));
        table.print(out);
        if (effects.size() > LONGEST_LIST) {
            out.println("and %d more: --output json has them all".formatted(effects.size() - LONGEST_LIST));
        }
    }

    private static void counted(String title, JsonNode counts, PrintWriter out) {
        if (counts.isObject() ? !counts.isEmpty() : counts.asInt(0) > 0) {
            out.println("%s: %s".formatted(title, Cells.line(counts)));
        }
    }
}
