package dev.offramp.simulator;

import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A request's body, whose member names are compared without case as old clients send them in Pascal case. */
record Members(JsonNode node) {

    static Optional<Members> of(HttpRequest request) {
        try {
            JsonNode node = Json.read(request.text());
            return node.isObject() ? Optional.of(new Members(node)) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    Optional<JsonNode> get(String name) {
        return node.properties().stream()
                .filter(member -> member.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .filter(value -> !value.isNull())
                .findFirst();
    }

    String text(String name) {
        return get(name).map(value -> value.asString("")).orElse("");
    }
}
