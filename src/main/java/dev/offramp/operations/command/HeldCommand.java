package dev.offramp.operations.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
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
        description = "Lists, releases or rejects the requests that a guard keeps back until a person decides.",
        footer = {
            "",
            "Example:",
            "  offramp held list --held-for budget-exceeded",
            "  offramp held release --run 12 --expect 195 --reason \"checked with the account team\"",
            "  offramp held reject --group terminations-2026-11-20 --expect 195 --reason \"wrong list\""
        })
final class HeldCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw Failure.usage("Say what to do with the held requests: 'held list', 'held release' or 'held reject'.");
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
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "How many to show (default: ${DEFAULT-VALUE}).")
                    int limit) {
        JsonNode answer = options.service()
                .get("/held", filter.query().with("limit", limit).members());
        PrintWriter out = Cells.out(spec);
        options.print(out, answer, held -> print(held, out));
    }

    @Command(
            name = "release",
            mixinStandardHelpOptions = true,
            description = "Lets held requests go on: a person has looked at what the guard kept them back for.",
            footer = {
                "",
                "It counts first and releases only with the right count: --expect, or the answer at the terminal, or --yes.",
                "More than 20 customers in 24 hours take a second person: 'offramp decision confirm'.",
                "",
                "Example:",
                "  offramp held release --run 12 --expect 195 --reason \"checked with the account team\""
            })
    void release(
            @Mixin ServiceOptions options,
            @Mixin Filter filter,
            @Option(names = "--all", description = "All held requests; needed when no filter is given.") boolean all,
            @Mixin Expected expected,
            @Mixin Why why) {
        change(options, filter, all, expected, why, "release", "released");
    }

    @Command(
            name = "reject",
            mixinStandardHelpOptions = true,
            description = "Rejects held requests for good; nothing was or will be changed at Partner Center for them.",
            footer = {
                "",
                "It counts first and rejects only with the right count: --expect, or the answer at the terminal, or --yes.",
                "",
                "Example:",
                "  offramp held reject --group terminations-2026-11-20 --expect 195 --reason \"wrong list\""
            })
    void reject(
            @Mixin ServiceOptions options,
            @Mixin Filter filter,
            @Option(names = "--all", description = "All held requests; needed when no filter is given.") boolean all,
            @Mixin Expected expected,
            @Mixin Why why) {
        change(options, filter, all, expected, why, "reject", "rejected");
    }

    private void change(
            ServiceOptions options, Filter filter, boolean all, Expected expected, Why why, String verb, String done) {
        if (all != filter.query().isEmpty()) {
            throw Failure.usage(
                    all
                            ? "--all and a filter contradict each other; give one of them."
                            : "Name the requests by a filter (--source, --operation, --held-for, --group, --job, --run, --number), or say --all.");
        }
        var service = options.service();
        long count = expected.count(
                Surroundings.of(spec).person(),
                () -> service.get("/held", filter.query().with("limit", 1).members())
                        .path("count")
                        .asLong(),
                HeldCommand::sentence,
                verb,
                done);
        var body = why.change().put("expectedCount", count);
        body.set("filter", filter.query().json());
        JsonNode answer = service.post("/held/" + verb, body);
        PrintWriter out = Cells.out(spec);
        options.print(
                out,
                answer,
                told -> out.println(
                        told.has("message")
                                ? told.path("message").asString()
                                : "%s: %d."
                                        .formatted(
                                                Character.toUpperCase(done.charAt(0)) + done.substring(1),
                                                told.path(done).asLong())));
    }

    private static String sentence(long count) {
        return switch ((int) Math.min(count, 2)) {
            case 0 -> "No held request matches";
            case 1 -> "1 held request matches";
            default -> "%d held requests match".formatted(count);
        };
    }

    private static void print(JsonNode held, PrintWriter out) {
        long count = held.path("count").asLong();
        if (count == 0) {
            out.println(sentence(count) + ".");
            return;
        }
        var table = new Table(
                "NUMBER",
                "OPERATION",
                "CUSTOMER",
                "NAME",
                "SUBSCRIPTION",
                "PRODUCT",
                "HELD FOR",
                "SINCE",
                "UNTIL",
                "LAST CHANCE",
                "SOURCE",
                "ID",
                "GROUP");
        held.path("requests")
                .forEach(each -> table.row(
                        Cells.text(each, "number"),
                        Cells.text(each, "operation"),
                        Cells.text(each, "customerId"),
                        name(each.path("held")),
                        Cells.text(each, "subscriptionId"),
                        product(each.path("held")),
                        Cells.text(each, "reason"),
                        Cells.time(each.path("held"), "since"),
                        Cells.time(each.path("held"), "decideBy"),
                        Cells.time(each.path("held"), "lastChance"),
                        Cells.text(each, "source"),
                        Cells.text(each, "id"),
                        Cells.text(each, "group")));
        table.print(out);
        out.println("%s%s."
                .formatted(
                        sentence(count),
                        count > held.path("requests").size()
                                ? ", the first %d are shown"
                                        .formatted(held.path("requests").size())
                                : ""));
    }

    /** The customer as people know it, as far as it was read. */
    private static String name(JsonNode held) {
        String domain = Cells.text(held, "domain");
        return (Cells.text(held, "customer") + (domain.isEmpty() ? "" : " (%s)".formatted(domain))).strip();
    }

    private static String product(JsonNode held) {
        String seats = Cells.text(held, "seats");
        return (seats.isEmpty() ? "" : seats + " x ") + Cells.text(held, "product") + Cells.text(held, "unread");
    }

    /** Which held requests are meant. */
    static final class Filter {

        private static final Pattern TIME = Pattern.compile("([0-9]{1,4})([mhd])");

        @Spec(Spec.Target.MIXEE)
        private @Nullable CommandSpec mixee;

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

        @Option(names = "--job", paramLabel = "JOB", description = "Only requests of this job.")
        private @Nullable String job;

        @Option(names = "--run", paramLabel = "NUMBER", description = "Only requests of this run.")
        private @Nullable Long run;

        @Option(names = "--number", paramLabel = "NUMBER", description = "Only this one, by its number in the list.")
        private @Nullable Long number;

        @Option(
                names = "--last-chance-within",
                paramLabel = "TIME",
                description = "Only those whose last chance is over within this time, e.g. 24h; the most urgent first.")
        private @Nullable String lastChanceWithin;

        Query query() {
            return new Query()
                    .with("source", source)
                    .with("operation", operation)
                    .with("reason", heldFor)
                    .with("group", group)
                    .with("job", job)
                    .with("run", run)
                    .with("number", number)
                    .with("lastChanceUntil", lastChanceUntil());
        }

        private @Nullable Instant lastChanceUntil() {
            if (lastChanceWithin == null) {
                return null;
            }
            var written = TIME.matcher(lastChanceWithin);
            if (!written.matches()) {
                throw Failure.usage("--last-chance-within: '%s' is no time; write e.g. 24h, 90m or 2d."
                        .formatted(lastChanceWithin));
            }
            return Surroundings.of(mixee)
                    .clock()
                    .instant()
                    .truncatedTo(ChronoUnit.SECONDS)
                    .plus(Duration.of(
                            Long.parseLong(written.group(1)),
                            switch (written.group(2)) {
                                case "m" -> ChronoUnit.MINUTES;
                                case "h" -> ChronoUnit.HOURS;
                                case String _ -> ChronoUnit.DAYS;
                            }));
        }
    }
}
