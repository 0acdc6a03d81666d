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

    static String withStatus(String json, String status) {
        return with(json, "status", '"' + status + '"');
    }

    static String withAutoRenewal(String json, boolean on) {
        return with(json, "autoRenewEnabled", on ? "true" : "false");
    }

    /**
     * The object with a top-level member replaced, in every spelling in which it stands there, or added when it is not
     * there.
     *
     * @param json a JSON object without duplicate members
     * @param value as JSON
     */
    private static String with(String json, String member, String value) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("A resource is a JSON object.");
            }
            int opened = (int) parser.currentTokenLocation().getCharOffset() + 1;
            StringBuilder changed = new StringBuilder();
            int copied = 0;
            boolean empty = true;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                empty = false;
                boolean found = parser.currentName().equalsIgnoreCase(member);
                parser.nextToken();
                int from = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                if (found) {
                    // A text token is read lazily; its end is known only once it was.
                    parser.finishToken();
                    int to = end(json, from, (int) parser.currentLocation().getCharOffset());
                    changed.append(json, copied, from).append(value);
                    copied = to;
                }
            }
            if (copied == 0) {
                changed.append(json, 0, opened)
                        .append('"')
                        .append(member)
                        .append("\":")
                        .append(value)
                        .append(empty ? "" : ",");
                copied = opened;
            }
            return changed.append(json, copied, json.length()).toString();
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
}
