package dev.offramp.partnercenter;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Changes one member of a resource and leaves every other character as it was: members that we do not know, the
 * spelling of numbers, order and escapes.
 *
 * <p>A change that lacks what the server sent can turn off auto-renewal or delete scheduled instructions.
 *
 * @see <a href="https://learn.microsoft.com/partner-center/developer/update-a-subscription-by-id">Update a
 *     subscription by ID</a>
 */
final class WholeResource {

    private static final JsonFactory JSON = new JsonFactory();

    private WholeResource() {}

    /**
     * The object with its top-level {@code status} replaced, whatever the member's capitals, or added when it is not
     * there.
     *
     * @param json a JSON object without duplicate members
     */
    static String withStatus(String json, String status) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("A resource is a JSON object.");
            }
            int opened = (int) parser.currentTokenLocation().getCharOffset() + 1;
            boolean empty = true;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                empty = false;
                boolean found = parser.currentName().equalsIgnoreCase("status");
                parser.nextToken();
                int from = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                if (found) {
                    // A text token is read lazily; its end is known only once it was.
                    parser.finishToken();
                    int to = (int) parser.currentLocation().getCharOffset();
                    return json.substring(0, from) + quoted(status) + json.substring(end(json, from, to));
                }
            }
            String member = "\"status\":" + quoted(status) + (empty ? "" : ",");
            return json.substring(0, opened) + member + json.substring(opened);
        }
    }

    /** The parser looks one character past a number or word to see its end. */
    private static int end(String json, int from, int to) {
        char first = json.charAt(from);
        if (first == '"' || first == '{' || first == '[') {
            return to;
        }
        int end = from;
        while (end < json.length() && ",}] \t\r\n".indexOf(json.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private static String quoted(String plain) {
        return '"' + plain + '"';
    }
}
