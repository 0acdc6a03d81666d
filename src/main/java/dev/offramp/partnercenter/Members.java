package dev.offramp.partnercenter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Looks up members of JSON objects whatever their capitals; both camelCase and PascalCase come. */
final class Members {

    private static final JsonNode NOTHING = JsonNodeFactory.instance.missingNode();

    private Members() {}

    /** The member, or a missing node; missing too when it stands there in two spellings: who knows which one counts? */
    static JsonNode of(JsonNode object, String name) {
        JsonNode found = NOTHING;
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (member.getKey().equalsIgnoreCase(name)) {
                if (!found.isMissingNode()) {
                    return NOTHING;
                }
                found = member.getValue();
            }
        }
        return found;
    }

    /** The member as text; numbers too; null when missing, null or something else. */
    static @Nullable String text(JsonNode object, String name) {
        JsonNode value = of(object, name);
        return value.isString() || value.isNumber() ? value.asString() : null;
    }

    /** Like {@link #text}, but an empty text is null too: the server writes "" for "no value". */
    static @Nullable String filled(JsonNode object, String name) {
        String text = text(object, name);
        return text == null || text.isBlank() ? null : text;
    }

    static @Nullable Boolean flag(JsonNode object, String name) {
        JsonNode value = of(object, name);
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        return value.isString() && value.stringValue().matches("(?i)true|false")
                ? Boolean.valueOf(value.stringValue())
                : null;
    }

    /** A whole number within the range of an int, else null. */
    static @Nullable Integer number(JsonNode object, String name) {
        JsonNode value = of(object, name);
        if (value.isNumber() && value.canConvertToExactIntegral() && value.canConvertToInt()) {
            return value.asInt();
        }
        return null;
    }

    static List<JsonNode> elements(JsonNode array) {
        List<JsonNode> elements = new ArrayList<>();
        if (array.isArray()) {
            array.forEach(elements::add);
        }
        return elements;
    }
}
