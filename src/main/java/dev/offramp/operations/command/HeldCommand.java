package dev.offramp.operations.command;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code offramp held}: what a guard keeps back until a person decides. */
@Command(
        name = "held",
        mixinStandardHelpOptions = true,
        description = "Lists or rejects the requests that a guard keeps back until a person decides.",
        footer = {
            "",
            "Example:",
            "  offramp held list --held-for budget-exceeded",
            "  offramp held reject --group terminations-2026-11-20 --expect 195 --reason \"wrong list\""
        })
final class HeldCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw Failure.usage("Say what to do with the held requests: 'held list' or 'held reject'.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists held requests in the order in which they came.",
            footer = {"", "Example:", "  offramp held list --source /contoso/billing --output json"})
    void list(
            @Mixin ServiceOptions options,
            @Mixin Filter filter,
            @Option(
                            names = "--limit",
                            defaultValue = "50",
                            description = "How many to show (default: ${DEFAULT-VALUE}).")
                    int limit) {
        var query = filter.query();
        query.put("limit", String.valueOf(limit));
        JsonNode answer = options.service().get("/held", query);
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, held -> print(held, out));
    }

    @Command(
            name = "reject",
            mixinStandardHelpOptions = true,
            description = "Rejects held requests for good; nothing was or will be changed at Partner Center for them.",
            footer = {
                "",
                "It counts first and rejects only with the right count (--expect) or --yes.",
                "",
                "Example:",
                "  offramp held reject --group terminations-2026-11-20 --expect 195 --reason \"wrong list\""
            })
    void reject(
            @Mixin ServiceOptions options,
            @Mixin Filter filter,
            @Option(names = "--all", description = "All held requests; needed when no filter is given.") boolean all,
            @Option(names = "--expect", paramLabel = "N", description = "Only if exactly so many match.") @Nullable
                    Long expect,
            @Option(names = "--yes", description = "Without saying how many.") boolean yes,
            @Option(names = "--reason", required = true, description = "Why; kept in the audit trail.") String reason) {
        if (all == filter.isGiven()) {
            throw Failure.usage(
                    all
                            ? "--all and a filter contradict each other; give one of them."
                            : "Name the requests by a filter (--source, --operation, --held-for, --group, --number), or say --all.");
        }
        var service = options.service();
        long count =
                service.get("/held", filter.queryWithLimit(1)).path("count").asLong();
        PrintWriter out = Cells.out(spec);
        if (expect == null && !yes) {
            throw Failure.usage("%s. Nothing was rejected; say --expect %d (or --yes) to reject them."
                    .formatted(sentence(count), count));
        }
        var body = Service.change(reason).put("expectedCount", expect == null ? count : expect);
        body.set("filter", filter.json());
        JsonNode answer = service.post("/held/reject", body);
        options.print(out, answer, rejected -> {
            out.println(sentence(count) + ".");
            out.println("Rejected: %d.".formatted(rejected.path("rejected").asLong()));
        });
    }

    private static String sentence(long count) {
        return count == 1 ? "1 held request matches" : "%d held requests match".formatted(count);
    }

    private static void print(JsonNode held, PrintWriter out) {
        long count = held.path("count").asLong();
        if (count == 0) {
            out.println("No held request matches.");
            return;
        }
        var table = new Table("NUMBER", "OPERATION", "CUSTOMER", "SUBSCRIPTION", "HELD FOR", "SOURCE", "ID", "GROUP");
        held.path("requests")
                .forEach(each -> table.row(Cells.texts(
                        each,
                        "number",
                        "operation",
                        "customerId",
                        "subscriptionId",
                        "reason",
                        "source",
                        "id",
                        "group")));
        table.print(out);
        out.println("%s%s."
                .formatted(
                        sentence(count),
                        count > held.path("requests").size()
                                ? ", the first %d are shown"
                                        .formatted(held.path("requests").size())
                                : ""));
    }

    /** Which held requests are meant. */
    static final class Filter {

        @Option(names = "--source", paramLabel = "SOURCE", description = "Only requests of this source.")
        private @Nullable String source;

        @Option(names = "--operation", paramLabel = "OPERATION", description = "Only this operation.")
        private @Nullable String operation;

        @Option(
                names = "--held-for",
                paramLabel = "WORD",
                description = "Only those held for this, e.g. budget-exceeded.")
        private @Nullable String heldFor;

        @Option(names = "--group", paramLabel = "GROUP", description = "Only requests of this group.")
        private @Nullable String group;

        @Option(names = "--number", paramLabel = "NUMBER", description = "Only this one, by its number in the list.")
        private @Nullable Long number;

        boolean isGiven() {
            return !query().isEmpty();
        }

        Map<String, String> query() {
            var query = new LinkedHashMap<String, String>();
            put(query, "source", source);
            put(query, "operation", operation);
            put(query, "reason", heldFor);
            put(query, "group", group);
            put(query, "number", number == null ? null : number.toString());
            return query;
        }

        Map<String, String> queryWithLimit(int limit) {
            var query = query();
            query.put("limit", String.valueOf(limit));
            return query;
        }

        JsonNode json() {
            return Service.JSON.valueToTree(query());
        }

        private static void put(Map<String, String> query, String name, @Nullable String value) {
            if (value != null) {
                query.put(name, value);
            }
        }
    }
}
