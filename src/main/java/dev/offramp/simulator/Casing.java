package dev.offramp.simulator;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The other spelling of member names, which some documented answers have. */
final class Casing {

    private Casing() {}

    static JsonNode pascal(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode other = Json.object();
            object.properties().forEach(member -> other.set(capital(member.getKey()), pascal(member.getValue())));
            return other;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode other = Json.array();
            array.forEach(each -> other.add(pascal(each)));
            return other;
        }
        return node;
    }

    private static String capital(String name) {
        return name.isEmpty() ? name : Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}
