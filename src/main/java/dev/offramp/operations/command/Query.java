package dev.offramp.operations.command;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a list is asked for: only what was said. */
final class Query {

    private final Map<String, Object> members = new LinkedHashMap<>();

    Query with(String name, @Nullable Object value) {
        if (value != null) {
            members.put(name, value);
        }
        return this;
    }

    /** These members of another one, where it has them. */
    Query with(Query other, String... names) {
        for (String name : names) {
            with(name, other.members.get(name));
        }
        return this;
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    Map<String, String> members() {
        var texts = new LinkedHashMap<String, String>();
        members.forEach((name, value) -> texts.put(name, value.toString()));
        return texts;
    }

    /** The same as the {@code filter} of a bulk change. */
    JsonNode json() {
        return Service.JSON.valueToTree(members);
    }
}
