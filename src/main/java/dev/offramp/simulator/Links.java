package dev.offramp.simulator;

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
        ObjectNode link = Json.object().put("uri", uri).put("method", "GET");
        link.putArray("headers");
        return link;
    }

    static ObjectNode attributes(String objectType) {
        return Json.object().put("objectType", objectType);
    }
}
