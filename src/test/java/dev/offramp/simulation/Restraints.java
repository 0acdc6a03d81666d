package dev.offramp.simulation;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.safety.SafetyUnderSimulation.Allowance;
import dev.offramp.testing.Admissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What may be touched in a schedule, and what may not.
 *
 * @param subscriptions what each customer has
 * @param protectedCustomers to whom nothing may be done
 * @param unreadable subscriptions of which nobody knows what their state means: neither they nor their customer's
 *     relationship may be ended
 * @param first how many customers of a group go before the rest; 0: nobody
 * @param settle how long they must have been well before the rest goes on
 * @param planned operations that are carried out by an approved plan only
 */
record Restraints(
        Allowance allowance,
        Map<CustomerId, List<SubscriptionId>> subscriptions,
        Set<CustomerId> protectedCustomers,
        Set<SubscriptionId> unreadable,
        int first,
        Duration settle,
        Set<Operation> planned) {

    /** Whose requests have a budget of their own. */
    static final String SOURCE = "/contoso/crm";

    /** What most requests of a schedule with guards belong to. */
    static final String GROUP = "autumn";

    /** Budgets that are never used up, nobody protected and nothing unreadable. */
    static Restraints none(int customers) {
        return new Restraints(
                new Allowance(Duration.ofDays(1), 1_000, 1_000, 1_000, SOURCE, 1_000),
                customers(customers),
                Set.of(),
                Set.of(),
                0,
                Duration.ZERO,
                Set.of());
    }

    static Restraints drawn(SplittableRandom random) {
        var subscriptions = customers(3 + random.nextInt(4));
        var customers = List.copyOf(subscriptions.keySet());
        return new Restraints(
                new Allowance(
                        Duration.ofMinutes(5 + random.nextInt(60)),
                        random.nextInt(4),
                        random.nextInt(7),
                        random.nextInt(3),
                        SOURCE,
                        random.nextInt(4)),
                subscriptions,
                random.nextBoolean() ? Set.of(customers.getLast()) : Set.of(),
                random.nextInt(3) == 0
                        ? Set.of(subscriptions.get(customers.getFirst()).getFirst())
                        : Set.of(),
                Math.max(0, random.nextInt(4) - 1),
                Duration.ofMinutes(1 + random.nextInt(10)),
                switch (random.nextInt(4)) {
                    case 0 -> Set.of(Operation.REMOVE_RESELLER_RELATIONSHIP);
                    case 1 -> Set.of(Operation.CANCEL_SUBSCRIPTION);
                    default -> Set.of();
                });
    }

    private static Map<CustomerId, List<SubscriptionId>> customers(int many) {
        var subscriptions = new LinkedHashMap<CustomerId, List<SubscriptionId>>();
        for (char each = 'a'; each < 'a' + many; each++) {
            subscriptions.put(
                    Admissions.customer(String.valueOf(each)),
                    List.of(Admissions.subscription(each + "1"), Admissions.subscription(each + "2")));
        }
        return subscriptions;
    }

    List<CustomerId> customers() {
        return new ArrayList<>(subscriptions.keySet());
    }

    /** Whether the relationship of this customer must not be ended, nor anything of it for that. */
    boolean isBlocked(CustomerId customer) {
        return subscriptions.getOrDefault(customer, List.of()).stream().anyMatch(unreadable::contains);
    }
}
