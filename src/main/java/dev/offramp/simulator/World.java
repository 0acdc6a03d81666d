package dev.offramp.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the simulated Partner Center holds. Whoever reads or changes it holds its monitor. */
final class World {

    private final Map<String, Customer> customers = new LinkedHashMap<>();
    private final PriorityQueue<Later> later = new PriorityQueue<>();
    private long order;

    World(Scenario scenario, Instant now) {
        SeedDates dates = new SeedDates(now);
        Bodies bodies = new Bodies(dates);
        SubscriptionBodies subscriptionBodies = new SubscriptionBodies(dates);
        for (CustomerSeed seed : scenario.customers()) {
            Customer customer = new Customer(seed.id(), new Versions(bodies.customer(seed)));
            for (SubscriptionSeed subscription : seed.subscriptions()) {
                ObjectNode body = subscriptionBodies.subscription(seed.id(), subscription);
                customer.subscriptions.put(
                        key(subscription.id()),
                        new Subscription(
                                subscription.kind(),
                                subscriptionBodies.windowEnds(subscription, body),
                                new Versions(body)));
            }
            seed.entitlements()
                    .forEach(entitlement -> customer.entitlements.add(bodies.entitlement(seed.id(), entitlement)));
            customers.put(key(seed.id()), customer);
        }
    }

    Optional<Customer> customer(String id) {
        return Optional.ofNullable(customers.get(key(id)));
    }

    Collection<Customer> customers() {
        return customers.values();
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

    /** The true state of everything, for people and checkers. */
    ObjectNode state() {
        ObjectNode state = Json.object();
        ArrayNode all = state.putArray("customers");
        for (Customer customer : customers.values()) {
            ObjectNode one = all.addObject();
            one.put("id", customer.id);
            one.put(
                    "companyName",
                    customer.versions
                            .current()
                            .path("companyProfile")
                            .path("companyName")
                            .asString(""));
            one.put("relationship", customer.relationship());
            ArrayNode subscriptions = one.putArray("subscriptions");
            for (Subscription subscription : customer.subscriptions.values()) {
                ObjectNode body = subscription.versions().current();
                subscriptions
                        .addObject()
                        .put("id", body.path("id").asString(""))
                        .put("kind", subscription.kind().word())
                        .put("status", body.path("status").asString(""))
                        .put("autoRenewEnabled", body.path("autoRenewEnabled").asBoolean(false));
            }
            ArrayNode entitlements = one.putArray("entitlements");
            customer.entitlements.forEach(entitlement ->
                    entitlements.add(entitlement.path("entitlementType").asString("")));
        }
        return state;
    }

    private static String key(String id) {
        return id.toLowerCase(Locale.ROOT);
    }

    /** A customer with everything it has. */
    static final class Customer {

        private final String id;
        private final Versions versions;
        private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();
        private final List<ObjectNode> entitlements = new ArrayList<>();

        private Customer(String id, Versions versions) {
            this.id = id;
            this.versions = versions;
        }

        String id() {
            return id;
        }

        Versions versions() {
            return versions;
        }

        Optional<Subscription> subscription(String subscriptionId) {
            return Optional.ofNullable(subscriptions.get(key(subscriptionId)));
        }

        Collection<Subscription> subscriptions() {
            return subscriptions.values();
        }

        List<ObjectNode> entitlements() {
            return entitlements;
        }

        String relationship() {
            return versions.current().path("relationshipToPartner").asString("none");
        }
    }

    /** A subscription with the date up to which a cancel is accepted. */
    record Subscription(Kind kind, Instant windowEnds, Versions versions) {

        String status() {
            return versions.current().path("status").asString("");
        }
    }

    private record Later(Instant due, long order, Runnable change) implements Comparable<Later> {

        @Override
        public int compareTo(Later other) {
            int byTime = due.compareTo(other.due);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}
