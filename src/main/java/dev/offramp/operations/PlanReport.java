package dev.offramp.operations;

import dev.offramp.safety.Plan;
import dev.offramp.safety.Plan.Fate;
import dev.offramp.safety.Plan.Item;
import dev.offramp.safety.Plan.Judged;
import dev.offramp.safety.PlanTotals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A plan as a person reads it before saying yes: Markdown, the sums first, then what is done, then what is not. */
final class PlanReport {

    private final List<String> lines = new ArrayList<>();

    private PlanReport() {}

    static String of(Plan plan, List<Item> items, List<Fate> fates, Instant now) {
        var report = new PlanReport();
        report.head(plan, now);
        report.sums(PlanTotals.of(items));
        report.became(fates, items);
        report.going(items);
        report.rest(items);
        return String.join("\n", report.lines) + "\n";
    }

    private void head(Plan plan, Instant now) {
        say("# Plan %d: %s", plan.number(), cell(plan.about()));
        say("");
        say("- **State**: %s", plan.stateAt(now).word());
        say("- **Made by**: %s – %s", cell(plan.madeBy()), cell(plan.cause()));
        say("- **Read**: %d of %d requests", plan.judged(), plan.requests());
        if (plan.hash() != null) {
            say("- **Made at**: %s, to be gone by until %s", plan.madeAt(), plan.expiresAt());
            say("- **SHA-256**: `%s`", plan.hash());
        }
        Plan.Approval approval = plan.approval();
        if (approval != null) {
            say("- **Approved by**: %s, at %s", cell(approval.by()), approval.at());
        }
        Plan.Applied applied = plan.applied();
        if (applied != null) {
            say("- **Applied by**: %s, at %s", cell(applied.by()), applied.at());
        }
        say("");
    }

    private void became(List<Fate> fates, List<Item> items) {
        if (fates.isEmpty()) {
            return;
        }
        Map<Long, Item> planned = items.stream().collect(Collectors.toMap(Item::request, each -> each));
        long left = fates.stream().filter(each -> each.skipped() != null).count();
        say("## What became of it");
        say("");
        say("%d requests were made of it; %d were left out.", fates.size() - left, left);
        say("");
        say("| request | customer | carried out as | stands | why |");
        say("|---|---|---|---|---|");
        fates.forEach(each -> {
            Item item = Objects.requireNonNull(planned.get(each.request()));
            say(
                    "| %d | %s | %s | %s | %s |",
                    each.request(),
                    item.judged() == null ? item.customerId() : customer(item, item.judged()),
                    each.successor() == null ? "" : each.successor(),
                    each.skipped() == null ? cell(each.stands()) : "left out",
                    cell(each.skipped() == null ? each.message() : each.skipped()));
        });
        say("");
    }

    private void sums(PlanTotals totals) {
        say("## What it comes to");
        say("");
        say(
                "**%d customers** would be touched, by **%d calls**. Guards would hold %d requests.",
                totals.customers(), totals.calls(), totals.heldBack());
        say("");
        say(
                "| operation | requests | go | done already | wait | blocked | a person decides | ended | not read | customers touched |");
        say("|---|---|---|---|---|---|---|---|---|---|");
        totals.verdicts()
                .forEach((operation, of) -> say(
                        "| %s | %d | %s | %d |",
                        operation,
                        of.values().stream().mapToInt(Integer::intValue).sum(),
                        Stream.of("go", "done", "wait", "blocked", "hold", "gone", "unread")
                                .map(each -> String.valueOf(of.getOrDefault(each, 0)))
                                .collect(Collectors.joining(" | ")),
                        totals.customersByOperation().getOrDefault(operation, 0)));
        say("");
        counts("Cancelled subscriptions by what they promise about money", totals.refunds());
        counts("Not done, and why", totals.reasons());
        counts("Waiting, until when", totals.waits());
    }

    private void counts(String title, Map<String, Integer> counts) {
        if (!counts.isEmpty()) {
            say(
                    "%s: %s.",
                    title,
                    counts.entrySet().stream()
                            .map(each -> "%s %d".formatted(each.getKey(), each.getValue()))
                            .collect(Collectors.joining(", ")));
            say("");
        }
    }

    private void going(List<Item> items) {
        say("## What would be done");
        say("");
        var going = items.stream().filter(each -> is(each, "go")).toList();
        if (going.isEmpty()) {
            say("Nothing.");
            say("");
            return;
        }
        say("| request | operation | customer | product | seats | calls | refund | a guard would hold it |");
        say("|---|---|---|---|---|---|---|---|");
        going.forEach(each -> {
            Judged judged = Objects.requireNonNull(each.judged());
            say(
                    "| %d | %s | %s | %s | %s | %s | %s | %s |",
                    each.request(),
                    each.operation(),
                    customer(each, judged),
                    cell(judged.product()),
                    judged.seats() == null ? "" : judged.seats(),
                    cell(String.join(", ", judged.steps())),
                    cell(judged.refund()),
                    cell(each.heldBackBy()));
        });
        say("");
    }

    private void rest(List<Item> items) {
        var rest = items.stream().filter(each -> !is(each, "go")).toList();
        if (rest.isEmpty()) {
            return;
        }
        say("## What would not be done now");
        say("");
        say("| request | operation | customer | verdict | reason | until | why |");
        say("|---|---|---|---|---|---|---|");
        rest.forEach(each -> {
            Judged judged = each.judged();
            if (judged == null) {
                say("| %d | %s | %s | not read yet | | | |", each.request(), each.operation(), each.customerId());
                return;
            }
            say(
                    "| %d | %s | %s | %s | %s | %s | %s |",
                    each.request(),
                    each.operation(),
                    customer(each, judged),
                    judged.verdict(),
                    judged.reason(),
                    cell(judged.until()),
                    cell(judged.message()));
        });
        say("");
    }

    private static boolean is(Item item, String verdict) {
        Judged judged = item.judged();
        return judged != null && judged.verdict().equals(verdict);
    }

    private static String customer(Item item, Judged judged) {
        String name = Stream.of(judged.customer(), judged.domain())
                .filter(Objects::nonNull)
                .collect(Collectors.joining(", "));
        return name.isEmpty() ? item.customerId() : "%s (%s)".formatted(cell(name), item.customerId());
    }

    /** What others have written stays inside its cell, and is no markup. */
    private static String cell(@Nullable String text) {
        return text == null
                ? ""
                : text.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]", " ").replaceAll("([\\\\|`*_<>\\[\\]#])", "\\\\$1");
    }

    private void say(String line, @Nullable Object... words) {
        lines.add(words.length == 0 ? line : line.formatted(words));
    }
}
