package dev.offramp.simulator;

import java.util.Locale;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/** Says what one customer of a scenario is and has. */
public final class CustomerBuilder {

    private final ObjectNode node = Json.object();

    CustomerBuilder(String companyName) {
        String domain = companyName.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9{}]+", "-") + ".example";
        node.put("companyName", companyName).put("domain", domain);
    }

    public CustomerBuilder id(String guid) {
        node.put("id", guid);
        return this;
    }

    public CustomerBuilder domain(String domain) {
        node.put("domain", domain);
        return this;
    }

    /** The partner has no relationship with the customer. */
    public CustomerBuilder notOurs() {
        node.put("relationship", "none");
        return this;
    }

    public CustomerBuilder relationship(String word) {
        node.put("relationship", word);
        return this;
    }

    /** So many customers alike; name, domain and id then hold {n}. */
    public CustomerBuilder times(int count) {
        node.put("count", count);
        return this;
    }

    /** Any member of the documented body, as JSON. */
    public CustomerBuilder with(String member, String json) {
        node.withObject("/members").set(member, Json.read(json));
        return this;
    }

    public CustomerBuilder newCommerceLicence(UnaryOperator<SubscriptionBuilder> sentence) {
        return subscription("new-commerce", sentence);
    }

    public CustomerBuilder marketplaceSaas(UnaryOperator<SubscriptionBuilder> sentence) {
        return subscription("marketplace", sentence);
    }

    public CustomerBuilder legacyLicence(UnaryOperator<SubscriptionBuilder> sentence) {
        return subscription("legacy", sentence);
    }

    public CustomerBuilder software(UnaryOperator<SubscriptionBuilder> sentence) {
        return subscription("software", sentence);
    }

    public CustomerBuilder savingsPlan(UnaryOperator<SubscriptionBuilder> sentence) {
        return subscription("savings-plan", sentence);
    }

    /** An Azure plan; the sentence says which Azure subscriptions are under it. */
    public CustomerBuilder azurePlan(UnaryOperator<SubscriptionBuilder> sentence) {
        return subscription("azure-plan", sentence);
    }

    public CustomerBuilder legacyAzure(UnaryOperator<SubscriptionBuilder> sentence) {
        return subscription("legacy-azure", sentence);
    }

    /** Software without a term: only its order shows it. */
    public CustomerBuilder perpetualSoftware(String orderId) {
        return order("perpetual-software", orderId);
    }

    /** The order by which a reservation was bought. */
    public CustomerBuilder reservationOrder(String orderId) {
        return order("reservation", orderId);
    }

    private CustomerBuilder order(String kind, String orderId) {
        node.withArray("/orders").addObject().put("kind", kind).put("id", orderId);
        return this;
    }

    /** @param spelling the entitlement type, such as {@code reservedinstance} */
    public CustomerBuilder reservation(String spelling) {
        return entitlement(spelling, UnaryOperator.identity());
    }

    public CustomerBuilder softwareEntitlement() {
        return entitlement("software", UnaryOperator.identity());
    }

    /** @param members adds members such as id, name, quantity, status and expires */
    public CustomerBuilder entitlement(String type, UnaryOperator<ObjectNode> members) {
        node.withArray("/entitlements").add(members.apply(Json.object().put("type", type)));
        return this;
    }

    private CustomerBuilder subscription(String kind, UnaryOperator<SubscriptionBuilder> sentence) {
        node.withArray("/subscriptions")
                .add(sentence.apply(new SubscriptionBuilder(kind)).node());
        return this;
    }

    ObjectNode node() {
        return node;
    }
}
