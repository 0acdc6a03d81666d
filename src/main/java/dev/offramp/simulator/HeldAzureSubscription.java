package dev.offramp.simulator;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** An Azure subscription under an Azure plan. */
final class HeldAzureSubscription {

    private final String customerId;
    private final String plan;
    private final AzureSubscriptionSeed seed;
    private @Nullable Instant inactiveFrom;

    HeldAzureSubscription(String customerId, String plan, AzureSubscriptionSeed seed) {
        this.customerId = customerId;
        this.plan = plan;
        this.seed = seed;
    }

    String id() {
        return seed.id();
    }

    boolean isActive(Instant now) {
        return seed.status().equals("active") && (inactiveFrom == null || now.isBefore(inactiveFrom));
    }

    /** Whether somebody has asked for its end. */
    boolean isCancelled() {
        return !seed.status().equals("active") || inactiveFrom != null;
    }

    void inactiveFrom(Instant instant) {
        inactiveFrom = instant;
    }

    ObjectNode body(Instant now) {
        return Json.object()
                .put("id", seed.id())
                .put("friendlyName", seed.name())
                .put("status", isActive(now) ? "active" : seed.status().equals("active") ? "inactive" : seed.status())
                .put("subscriptionId", plan);
    }

    ObjectNode linkedBody(Instant now) {
        ObjectNode body = body(now);
        body.set(
                "links",
                Links.self("/customers/" + customerId + "/subscriptions/" + plan + "/azureEntitlements/" + seed.id()));
        return body;
    }
}
