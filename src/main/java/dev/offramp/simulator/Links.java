package dev.offramp.simulator;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The members that every resource has in common. */
final class Links {

    private Links() {}

    static ObjectNode self(String uri) {
        ObjectNode links = Json.object();
        links.set("self", link(uri));
        return links;
    }

    static ObjectNode link(String uri) {
        return link(uri, "GET");
    }

    static ObjectNode link(String uri, String method) {
        ObjectNode link = Json.object().put("uri", uri).put("method", method);
        link.putArray("headers");
        return link;
    }

    /** The links of what is bought by product, SKU and availability. */
    static ObjectNode product(String customerId, String subscriptionId, String offer) {
        ObjectNode links = offer(offer);
        links.set("self", link("/customers/" + customerId + "/subscriptions/" + subscriptionId));
        return links;
    }

    static ObjectNode offer(String offer) {
        String[] parts = offer.split(":");
        ObjectNode links = Json.object();
        if (parts.length < 3) {
            links.set("offer", link("/offers/" + offer + "?country=US"));
            return links;
        }
        String product = "/products/" + parts[0];
        String sku = product + "/skus/" + parts[1];
        links.set("product", link(product + "?country=US"));
        links.set("sku", link(sku + "?country=US"));
        links.set("availability", link(sku + "/availabilities/" + parts[2] + "?country=US"));
        return links;
    }

    static ObjectNode attributes(String objectType) {
        return Json.object().put("objectType", objectType);
    }

    static ObjectNode collection(ArrayNode items) {
        ObjectNode body = Json.object().put("totalCount", items.size());
        body.set("items", items);
        return body;
    }
}
