package dev.offramp.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A customer with everything it has. */
final class HeldCustomer {

    private final CustomerSeed seed;
    private final Versions versions;
    private final Map<String, HeldSubscription> subscriptions;
    private final List<HeldEntitlement> entitlements = new ArrayList<>(0);
    private final List<HeldOrder> orders = new ArrayList<>(0);
    private boolean deleted;

    HeldCustomer(CustomerSeed seed, Bodies bodies, SubscriptionBodies subscriptionBodies) {
        this.seed = seed;
        versions = new Versions(() -> bodies.customer(seed));
        subscriptions = LinkedHashMap.newLinkedHashMap(seed.subscriptions().size());
        for (SubscriptionSeed subscription : seed.subscriptions()) {
            subscriptions.put(
                    key(subscription.id()), new HeldSubscription(seed.id(), subscription, subscriptionBodies));
        }
        for (EntitlementSeed entitlement : seed.entitlements()) {
            entitlements.add(new HeldEntitlement(entitlement, () -> bodies.entitlement(seed.id(), entitlement)));
        }
        for (OrderSeed order : seed.orders()) {
            orders.add(bodies.order(seed.id(), order));
        }
    }

    String id() {
        return seed.id();
    }

    String companyName() {
        return seed.companyName();
    }

    Versions versions() {
        return versions;
    }

    Optional<HeldSubscription> subscription(String subscriptionId) {
        return Optional.ofNullable(subscriptions.get(key(subscriptionId)));
    }

    Collection<HeldSubscription> subscriptions() {
        return subscriptions.values();
    }

    List<HeldEntitlement> entitlements() {
        return entitlements;
    }

    /** All orders: those of the scenario, and those by which the subscriptions were bought. */
    List<HeldOrder> orders() {
        List<HeldOrder> all = new ArrayList<>(orders);
        for (HeldSubscription subscription : subscriptions.values()) {
            all.add(HeldOrder.of(subscription));
        }
        return all;
    }

    Optional<HeldOrder> order(String orderId) {
        return orders().stream()
                .filter(order -> order.id().equalsIgnoreCase(orderId))
                .findFirst();
    }

    String relationship() {
        return versions.isUnchanged()
                ? seededRelationship()
                : versions.current().path("relationshipToPartner").asString("none");
    }

    String shownRelationship(Instant now) {
        return versions.isUnchanged()
                ? seededRelationship()
                : versions.shown(now).path("relationshipToPartner").asString("none");
    }

    boolean isOurs() {
        return !relationship().equals("none");
    }

    boolean isDeleted() {
        return deleted;
    }

    void delete() {
        deleted = true;
    }

    private String seededRelationship() {
        return seed.members().path("relationshipToPartner").asString(seed.relationship());
    }

    static String key(String id) {
        return id.toLowerCase(Locale.ROOT);
    }
}
