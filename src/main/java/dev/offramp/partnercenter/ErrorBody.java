package dev.offramp.partnercenter;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The code and words of an error, from any of the shapes that occur: the documented one with the code as a number or a
 * text, that of a 429, plain text, HTML of a gateway, nothing.
 */
record ErrorBody(@Nullable String code, String words) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LONGEST = 1024;

    static ErrorBody of(String body) {
        JsonNode node = parse(body);
        if (node == null || !node.isObject()) {
            return new ErrorBody(null, shortened(body));
        }
        String words = Members.filled(node, "description");
        if (words == null) {
            words = Members.filled(node, "message");
        }
        String code = Members.filled(node, "code");
        return new ErrorBody(code == null ? null : shortened(code), shortened(words == null ? "" : words));
    }

    private static @Nullable JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            return null;
        }
    }

    /** One line without control characters: it goes to logs and messages. */
    private static String shortened(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").trim();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
    }
}
