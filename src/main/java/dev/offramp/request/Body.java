package dev.offramp.request;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells whether two messages say the same.
 *
 * <p>The same body is the same {@code source}, {@code id}, {@code type}, {@code time} and {@code data}, whatever the
 * order of members, white space, the spelling of numbers, times and GUIDs, and whether it came structured or binary.
 * Nothing else of the envelope counts: it may differ from one transport or trace to the next and changes nothing that is
 * carried out.
 */
final class Body {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final List<String> COUNTS = List.of("source", "id", "type", "time", "data");
    private static final Set<String> GUIDS = Set.of("customerId", "subscriptionId", "partnerTenantId");
    private static final Set<String> TIMES = Set.of("time", "notBefore", "notAfter");

    private Body() {}

    /** SHA-256, hex, of the canonical form of an event. */
    static String digest(JsonNode event) {
        var counts = JsonNodeFactory.instance.objectNode();
        COUNTS.forEach(name -> {
            var member = event.get(name);
            if (member != null) {
                counts.set(name, member);
            }
        });
        return sha256(MAPPER.writeValueAsBytes(canonical("", counts)));
    }

    /** SHA-256, hex, of raw bytes. */
    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode canonical(String name, JsonNode node) {
        var nodes = JsonNodeFactory.instance;
        if (node instanceof ObjectNode object) {
            var sorted = new TreeMap<String, JsonNode>();
            object.properties().forEach(member -> sorted.put(member.getKey(), member.getValue()));
            var result = nodes.objectNode();
            sorted.forEach((key, value) -> result.set(key, canonical(key, value)));
            return result;
        }
        if (node.isArray()) {
            var result = nodes.arrayNode();
            node.forEach(each -> result.add(canonical("", each)));
            return result;
        }
        if (node.isNumber()) {
            return nodes.stringNode(
                    "number " + node.decimalValue().stripTrailingZeros().toString());
        }
        if (node.isString()) {
            return nodes.stringNode("text " + canonicalText(name, node.stringValue()));
        }
        return node;
    }

    private static String canonicalText(String name, String text) {
        if (GUIDS.contains(name)) {
            return text.toLowerCase(Locale.ROOT);
        }
        if (TIMES.contains(name)) {
            try {
                return OffsetDateTime.parse(text).toInstant().toString();
            } catch (DateTimeParseException e) {
                return text;
            }
        }
        return text;
    }
}
