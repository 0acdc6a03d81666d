package dev.offramp.request;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A JSON text, read so strictly that two readers cannot understand it differently.
 *
 * <p>Jackson's own duplicate detection stops at the first one and leaves no tree; here the tree stays readable, so that a
 * message with a duplicate member can still be answered.
 *
 * @param duplicates JSON pointers of members that occur more than once in their object
 * @param unstorable JSON pointers of texts or names that hold U+0000 or half a surrogate pair
 */
record JsonText(JsonNode tree, List<String> duplicates, List<String> unstorable) {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** @throws JacksonException when the bytes are not exactly one JSON text */
    static JsonText of(byte[] bytes) {
        var duplicates = new ArrayList<String>();
        var unstorable = new ArrayList<String>();
        try (var parser = MAPPER.createParser(bytes)) {
            parser.nextToken();
            var tree = value(parser, "", duplicates, unstorable);
            if (parser.nextToken() != null) {
                throw new tools.jackson.core.exc.StreamReadException(
                        parser, "More follows after the end of the JSON text", parser.currentTokenLocation());
            }
            return new JsonText(tree, List.copyOf(duplicates), List.copyOf(unstorable));
        }
    }

    /** What in the text cannot be stored by every database, else null: U+0000, or half a surrogate pair. */
    static @Nullable String unstorableIn(String text) {
        if (text.indexOf(0) >= 0) {
            return "the character U+0000";
        }
        return text.codePoints().anyMatch(Cited::isSurrogate) ? "half a surrogate pair" : null;
    }

    private static JsonNode value(JsonParser parser, String at, List<String> duplicates, List<String> unstorable) {
        var token = parser.currentToken();
        if (token == null) {
            throw new tools.jackson.core.exc.StreamReadException(
                    parser, "The JSON text is empty or ends too early", parser.currentLocation());
        }
        return switch (token) {
            case START_OBJECT -> object(parser, at, duplicates, unstorable);
            case START_ARRAY -> array(parser, at, duplicates, unstorable);
            case VALUE_STRING -> {
                var text = parser.getString();
                if (unstorableIn(text) != null) {
                    unstorable.add(at);
                }
                yield NODES.stringNode(text);
            }
            case VALUE_NUMBER_INT -> NODES.numberNode(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDecimalValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new tools.jackson.core.exc.StreamReadException(
                        parser, "A value was expected", parser.currentTokenLocation());
        };
    }

    private static JsonNode object(JsonParser parser, String at, List<String> duplicates, List<String> unstorable) {
        var object = NODES.objectNode();
        var seen = new HashSet<String>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            var pointer = at + "/" + name.replace("~", "~0").replace("/", "~1");
            if (!seen.add(name)) {
                duplicates.add(pointer);
            }
            if (unstorableIn(name) != null) {
                unstorable.add(pointer);
            }
            parser.nextToken();
            object.set(name, value(parser, pointer, duplicates, unstorable));
        }
        return object;
    }

    private static JsonNode array(JsonParser parser, String at, List<String> duplicates, List<String> unstorable) {
        var array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser, at + "/" + array.size(), duplicates, unstorable));
        }
        return array;
    }
}
