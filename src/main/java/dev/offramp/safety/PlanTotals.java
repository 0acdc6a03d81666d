package dev.offramp.safety;

import dev.offramp.safety.Plan.Item;
import dev.offramp.safety.Plan.Judged;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a plan comes to.
 *
 * @param customers customers of whom something would be called
 * @param calls destructive calls, all steps of all requests
 * @param heldBack requests that a guard would hold
 * @param verdicts requests by operation and verdict
 * @param customersByOperation customers of whom something would be called, by operation
 * @param refunds cancelled subscriptions by what they promise: full, partial, none, or unknown
 * @param reasons what would not be called, by the word for why
 * @param waits by day, how many would go on then
 */
public record PlanTotals(
        int customers,
        int calls,
        int heldBack,
        Map<String, Map<String, Integer>> verdicts,
        Map<String, Integer> customersByOperation,
        Map<String, Integer> refunds,
        Map<String, Integer> reasons,
        Map<String, Integer> waits) {

    private static final int DAY = "2026-11-20".length();

    public static PlanTotals of(List<Item> items) {
        Set<String> customers = new HashSet<>();
        Map<String, Set<String>> byOperation = new TreeMap<>();
        Map<String, Map<String, Integer>> verdicts = new TreeMap<>();
        Map<String, Integer> refunds = new TreeMap<>();
        Map<String, Integer> reasons = new TreeMap<>();
        Map<String, Integer> waits = new TreeMap<>();
        int calls = 0;
        int heldBack = 0;
        for (Item item : items) {
            Judged judged = item.judged();
            String verdict = judged == null ? "unread" : judged.verdict();
            verdicts.computeIfAbsent(item.operation(), _ -> new TreeMap<>()).merge(verdict, 1, Integer::sum);
            if (judged == null) {
                continue;
            }
            if (verdict.equals("go")) {
                customers.add(item.customerId());
                byOperation
                        .computeIfAbsent(item.operation(), _ -> new HashSet<>())
                        .add(item.customerId());
                calls += judged.steps().size();
                heldBack += item.heldBackBy() == null ? 0 : 1;
                if (judged.steps().contains("cancel")) {
                    refunds.merge(Objects.requireNonNullElse(judged.refund(), "unknown"), 1, Integer::sum);
                }
            } else if (!judged.reason().isEmpty()) {
                reasons.merge(judged.reason(), 1, Integer::sum);
            }
            String until = judged.until();
            if (verdict.equals("wait") && until != null) {
                waits.merge(until.substring(0, DAY), 1, Integer::sum);
            }
        }
        Map<String, Integer> counted = new TreeMap<>();
        byOperation.forEach((operation, of) -> counted.put(operation, of.size()));
        return new PlanTotals(customers.size(), calls, heldBack, verdicts, counted, refunds, reasons, waits);
    }
}
