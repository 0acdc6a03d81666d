package dev.offramp.simulator;

import tools.jackson.databind.node.ObjectNode;

/** Says what one subscription of a scenario is; dates are ISO 8601 or count from the start such as {@code +3d}. */
public final class SubscriptionBuilder {

    private final ObjectNode node = Json.object();

    SubscriptionBuilder(String kind) {
        node.put("kind", kind);
    }

    public SubscriptionBuilder id(String guid) {
        node.put("id", guid);
        return this;
    }

    public SubscriptionBuilder times(int count) {
        node.put("count", count);
        return this;
    }

    public SubscriptionBuilder named(String offerName) {
        node.put("name", offerName);
        return this;
    }

    public SubscriptionBuilder status(String status) {
        node.put("status", status);
        return this;
    }

    public SubscriptionBuilder quantity(int quantity) {
        node.put("quantity", quantity);
        return this;
    }

    public SubscriptionBuilder created(String date) {
        node.put("created", date);
        return this;
    }

    public SubscriptionBuilder ends(String date) {
        node.put("ends", date);
        return this;
    }

    /** The resource says so in {@code cancellationAllowedUntilDate}, and the server keeps to it. */
    public SubscriptionBuilder cancellableUntil(String date) {
        node.put("cancellableUntil", date);
        return this;
    }

    /** The server keeps to this date without the resource saying so. */
    public SubscriptionBuilder windowEnds(String date) {
        node.put("windowEnds", date);
        return this;
    }

    public SubscriptionBuilder autoRenew(boolean on) {
        node.put("autoRenew", on);
        return this;
    }

    public SubscriptionBuilder trial() {
        node.put("trial", true);
        return this;
    }

    /** An active Azure subscription under this Azure plan. */
    public SubscriptionBuilder azureSubscription(String guid) {
        return azureSubscription(guid, "active");
    }

    public SubscriptionBuilder azureSubscription(String guid, String status) {
        node.withArray("/azureSubscriptions").addObject().put("id", guid).put("status", status);
        return this;
    }

    public SubscriptionBuilder addOnOf(String parentId) {
        node.put("parent", parentId);
        return this;
    }

    /** Any member of the documented body, as JSON. */
    public SubscriptionBuilder with(String member, String json) {
        node.withObject("/members").set(member, Json.read(json));
        return this;
    }

    /** A member of the documented body is missing. */
    public SubscriptionBuilder without(String member) {
        node.withArray("/without").add(member);
        return this;
    }

    ObjectNode node() {
        return node;
    }
}
