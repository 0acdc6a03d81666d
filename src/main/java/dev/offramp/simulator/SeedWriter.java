package dev.offramp.simulator;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes customers as they would stand in a scenario file, each by itself. */
final class SeedWriter {

    private SeedWriter() {}

    static ObjectNode node(CustomerSeed seed) {
        ObjectNode node = Json.object()
                .put("id", seed.id())
                .put("companyName", seed.companyName())
                .put("domain", seed.domain())
                .put("relationship", seed.relationship())
                .put("allowDelegatedAccess", seed.allowDelegatedAccess());
        members(node, seed.members());
        if (!seed.subscriptions().isEmpty()) {
            ArrayNode subscriptions = node.putArray("subscriptions");
            seed.subscriptions().forEach(each -> subscriptions.add(node(each)));
        }
        if (!seed.entitlements().isEmpty()) {
            ArrayNode entitlements = node.putArray("entitlements");
            seed.entitlements()
                    .forEach(each -> entitlements.add(
                            each.given().deepCopy().put("id", each.id()).put("type", each.type())));
        }
        if (!seed.orders().isEmpty()) {
            ArrayNode orders = node.putArray("orders");
            seed.orders().forEach(each -> orders.add(each.given().deepCopy().put("id", each.id())));
        }
        return node;
    }

    private static ObjectNode node(SubscriptionSeed seed) {
        ObjectNode node = seed.given().deepCopy();
        node.remove(List.of("count", "azureSubscriptions"));
        node.put("kind", seed.kind().word()).put("id", seed.id());
        if (!seed.azure().isEmpty()) {
            ArrayNode azure = node.putArray("azureSubscriptions");
            seed.azure()
                    .forEach(each -> azure.addObject()
                            .put("id", each.id())
                            .put("name", each.name())
                            .put("status", each.status()));
        }
        return node;
    }

    private static void members(ObjectNode node, ObjectNode members) {
        if (!members.isEmpty()) {
            node.set("members", members);
        }
    }
}
