package dev.offramp.simulator;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes orders in their documented shape. */
final class OrderBodies {

    private static final String RESERVATION = "DZH318Z0BQ4Z:002L:DZH318Z0CMNP";
    private static final String SOFTWARE = "DG7GMGF0FKZV:0003:DG7GMGF0DWMS";

    private final SeedDates dates;

    OrderBodies(SeedDates dates) {
        this.dates = dates;
    }

    /** An order that stands in the scenario. */
    ObjectNode order(String customerId, OrderSeed seed) {
        ObjectNode body = begun(customerId, seed.id(), "one_time");
        String status = seed.given().path("status").asString("completed");
        ArrayNode lines = body.putArray("lineItems");
        JsonNode given = seed.given().path("lines");
        for (int number = 0; number < Math.max(1, given.size()); number++) {
            JsonNode line = given.path(number);
            String offer = line.path("offerId").asString(seed.reservation() ? RESERVATION : SOFTWARE);
            String name = line.path("name")
                    .asString(seed.reservation() ? "Reserved VM, one year" : "Mail Server Standard, perpetual");
            int quantity =
                    status.equals("cancelled") ? 0 : line.path("quantity").asInt(1);
            lines.add(line(number, offer, name, quantity, ""));
        }
        body.put(
                "creationDate",
                dates.date(seed.given(), "created", dates.now().minusSeconds(2 * 86_400))
                        .toString());
        finish(body, customerId, seed.id(), status, !seed.reservation());
        dates.override(body, seed.members());
        return body;
    }

    /** The order behind a subscription. */
    static ObjectNode of(String customerId, String id, ObjectNode subscription, HeldOrder.Sort sort) {
        boolean deleted = subscription.path("status").asString("").equals("deleted");
        ObjectNode body =
                begun(customerId, id, subscription.path("billingCycle").asString("none"));
        ObjectNode line = line(
                0,
                subscription.path("offerId").asString(""),
                subscription.path("offerName").asString(""),
                deleted ? 0 : subscription.path("quantity").asInt(1),
                subscription.path("termDuration").asString(""));
        line.put("subscriptionId", subscription.path("id").asString());
        body.putArray("lineItems").add(line);
        body.set("creationDate", subscription.path("creationDate"));
        finish(body, customerId, id, deleted ? "cancelled" : "completed", sort == HeldOrder.Sort.SOFTWARE_SUBSCRIPTION);
        return body;
    }

    /** How far each line of an order is, for the order as it is shown. */
    static ObjectNode provisioning(ObjectNode order) {
        String status = switch (order.path("status").asString("")) {
            case "cancelled" -> "unfulfilled";
            case "completed" -> "fulfilled";
            default -> "prefulfillmentPending";
        };
        ArrayNode items = Json.array();
        for (JsonNode line : order.path("lineItems")) {
            ObjectNode item = items.addObject();
            item.set("orderLineItemId", line.path("lineItemNumber"));
            item.set("lineItemNumber", line.path("lineItemNumber"));
            item.put("status", status);
            ObjectNode quantity =
                    item.putArray("quantityProvisioningInformation").addObject();
            quantity.set("quantity", line.path("quantity"));
            quantity.put("status", status);
        }
        ObjectNode body = Links.collection(items);
        body.set("attributes", Links.attributes("Collection"));
        return body;
    }

    private static ObjectNode begun(String customerId, String id, String billingCycle) {
        return Json.object()
                .put("id", id)
                .put(
                        "alternateId",
                        Scenario.derived("alternate " + id).replace("-", "").substring(0, 12))
                .put("referenceCustomerId", customerId)
                .put("billingCycle", billingCycle)
                .put("currencyCode", "USD")
                .put("currencySymbol", "$");
    }

    private static ObjectNode line(int number, String offer, String name, int quantity, String term) {
        ObjectNode line = Json.object()
                .put("lineItemNumber", number)
                .put("offerId", offer)
                .put("termDuration", term)
                .put("transactionType", "New")
                .put("friendlyName", name)
                .put("quantity", quantity);
        line.set("links", Links.offer(offer));
        return line;
    }

    private static void finish(ObjectNode body, String customerId, String id, String status, boolean patchable) {
        body.put("status", status).put("transactionType", "UserPurchase");
        String self = "/customers/" + customerId + "/orders/" + id;
        ObjectNode links = Links.self(self);
        links.set("provisioningStatus", Links.link(self + "/provisioningstatus"));
        if (patchable) {
            links.set("patchOperation", Links.link(self, "PATCH"));
        }
        body.set("links", links);
        body.putObject("client")
                .put("marketplaceCountry", "US")
                .put("deviceFamily", "UniversalStore-PartnerCenter")
                .put("name", "Partner Center API");
        body.set("attributes", Links.attributes("Order"));
    }
}
