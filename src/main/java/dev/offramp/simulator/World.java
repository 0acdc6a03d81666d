package dev.offramp.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the simulated Partner Center holds. Whoever reads or changes it holds its monitor. */
final class World {

    private final List<HeldCustomer> inOrder;
    private final Map<String, HeldCustomer> byId;
    private final LifeCycle lifeCycle;
    private final AuditLog audit;
    private final PriorityQueue<Later> later = new PriorityQueue<>();
    private long order;

    World(Scenario scenario, Instant now) {
        SeedDates dates = new SeedDates(now);
        Unknowns unknowns = scenario.settings().unknowns();
        Bodies bodies = new Bodies(dates, unknowns);
        SubscriptionBodies subscriptionBodies = new SubscriptionBodies(dates, unknowns);
        inOrder = new ArrayList<>(scenario.customers().size());
        byId = HashMap.newHashMap(scenario.customers().size());
        for (CustomerSeed seed : scenario.customers()) {
            HeldCustomer customer = new HeldCustomer(seed, bodies, subscriptionBodies);
            inOrder.add(customer);
            byId.put(HeldCustomer.key(seed.id()), customer);
        }
        lifeCycle = new LifeCycle(unknowns, dates.now());
        audit = new AuditLog(scenario.settings());
    }

    Optional<HeldCustomer> customer(String id) {
        return Optional.ofNullable(byId.get(HeldCustomer.key(id))).filter(customer -> !customer.isDeleted());
    }

    /** The customer with its subscriptions where time has brought them. */
    Optional<HeldCustomer> customer(String id, Instant now) {
        Optional<HeldCustomer> found = customer(id);
        found.ifPresent(customer -> customer.subscriptions().forEach(each -> lifeCycle.catchUp(each, now)));
        return found;
    }

    /** In the order of the scenario; deleted ones keep their place. */
    List<HeldCustomer> customers() {
        return Collections.unmodifiableList(inOrder);
    }

    AuditLog audit() {
        return audit;
    }

    /** Has something done once the time has come. */
    void later(Instant due, Runnable change) {
        later.add(new Later(due, order++, change));
    }

    /** Does what has come due. */
    void settle(Instant now) {
        while (!later.isEmpty() && !later.peek().due().isAfter(now)) {
            later.poll().change().run();
        }
    }

    /**
     * The true state of everything, for people and checkers.
     *
     * @param only when given, of one customer
     */
    ObjectNode state(@Nullable String only, Instant now) {
        ObjectNode state = Json.object();
        ArrayNode all = state.putArray("customers");
        for (HeldCustomer customer : inOrder) {
            if (!customer.isDeleted() && (only == null || customer.id().equalsIgnoreCase(only))) {
                customer.subscriptions().forEach(each -> lifeCycle.catchUp(each, now));
                all.add(state(customer, now));
            }
        }
        return state;
    }

    int count() {
        return (int) inOrder.stream().filter(customer -> !customer.isDeleted()).count();
    }

    List<JsonNode> find(String text, int most, Instant now) {
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        return inOrder.stream()
                .filter(customer -> !customer.isDeleted())
                .filter(customer ->
                        customer.companyName().toLowerCase(Locale.ROOT).contains(wanted)
                                || customer.id().toLowerCase(Locale.ROOT).contains(wanted))
                .limit(most)
                .<JsonNode>map(customer -> state(customer, now))
                .toList();
    }

    static ObjectNode state(HeldCustomer customer, Instant now) {
        ObjectNode one = Json.object();
        one.put("id", customer.id());
        one.put("companyName", customer.companyName());
        one.put("relationship", customer.relationship());
        ArrayNode subscriptions = one.putArray("subscriptions");
        for (HeldSubscription subscription : customer.subscriptions()) {
            ObjectNode body = subscription.body();
            String status = body.path("status").asString("");
            ObjectNode shown = subscriptions
                    .addObject()
                    .put("id", body.path("id").asString(""))
                    .put("kind", subscription.kind().word())
                    .put("status", status)
                    .put("autoRenewEnabled", body.path("autoRenewEnabled").asBoolean(false))
                    .put("billed", subscription.kind().isBilled(status))
                    .put("cancellableUntil", subscription.windowEnds().toString());
            if (!subscription.azure().isEmpty()) {
                ArrayNode azure = shown.putArray("azureSubscriptions");
                subscription
                        .azure()
                        .forEach(each -> azure.addObject()
                                .put("id", each.id())
                                .put("status", each.isActive(now) ? "active" : "inactive"));
            }
        }
        ArrayNode entitlements = one.putArray("entitlements");
        customer.entitlements().forEach(entitlement -> entitlements.add(entitlement.type()));
        ArrayNode orders = one.putArray("orders");
        customer.orders().stream()
                .filter(order -> order.own() != null)
                .forEach(each -> orders.addObject()
                        .put("id", each.id())
                        .put("status", each.isCancelled() ? "cancelled" : "completed"));
        return one;
    }

    private record Later(Instant due, long order, Runnable change) implements Comparable<Later> {

        @Override
        public int compareTo(Later other) {
            int byTime = due.compareTo(other.due);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}
