package dev.offramp.partnercenter;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a JSON document looks like, without what it says: every member's path and casing, and the kind of its value. */
record Shape(Set<Part> parts) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String GUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
    private static final String DATE =
            "\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d: ?\\d\\d: ?\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)?";
    /** A value that the document itself left open, such as {@code <etag>}. */
    private static final String OPEN = "left open";

    /** One member: {@code items[].status text}. */
    record Part(String path, String kind) implements Comparable<Part> {
        @Override
        public int compareTo(Part other) {
            return (path + " " + kind).compareTo(other.path + " " + other.kind);
        }
    }

    static Shape of(String json) {
        Set<Part> parts = new TreeSet<>();
        walk("", JSON.readTree(json), parts);
        return new Shape(parts);
    }

    /** The parts of this shape that {@code other} has not, and the paths that only {@code other} has. */
    List<String> missingIn(Shape other) {
        List<String> missing = new ArrayList<>();
        for (Part part : parts) {
            boolean there = part.kind().equals(OPEN) ? other.paths().contains(part.path()) : other.parts.contains(part);
            if (!there) {
                missing.add(part.path() + " " + part.kind());
            }
        }
        other.paths().stream()
                .filter(path -> !paths().contains(path))
                .map(path -> path + " too much")
                .forEach(missing::add);
        return missing;
    }

    private Set<String> paths() {
        Set<String> paths = new TreeSet<>();
        parts.forEach(part -> paths.add(part.path()));
        return paths;
    }

    private static void walk(String path, JsonNode node, Set<Part> parts) {
        if (node.isObject()) {
            parts.add(new Part(path, "object"));
            node.properties().forEach(member -> walk(path + "." + member.getKey(), member.getValue(), parts));
        } else if (node.isArray()) {
            parts.add(new Part(path, node.isEmpty() ? "empty array" : "array"));
            node.forEach(element -> walk(path + "[]", element, parts));
        } else {
            parts.add(new Part(path, kind(node)));
        }
    }

    private static String kind(JsonNode value) {
        if (value.isNumber()) {
            return value.isIntegralNumber() ? "whole number" : "number with a fraction";
        }
        return value.isString() ? kind(value.stringValue()) : value.isNull() ? "null" : "boolean";
    }

    private static String kind(String text) {
        if (text.isEmpty()) {
            return "empty text";
        }
        if (text.matches("<[^>]+>")) {
            return OPEN;
        }
        if (text.matches(GUID)) {
            return text.equals(text.toLowerCase(Locale.ROOT))
                    ? "id in lower case"
                    : text.equals(text.toUpperCase(Locale.ROOT)) ? "id in upper case" : "id in mixed case";
        }
        if (text.matches(DATE)) {
            return "date " + (text.startsWith("9999") ? "without end " : "") + text.replaceAll("\\d", "0");
        }
        if (text.startsWith("/")) {
            return text.startsWith("/v1/") ? "address with version" : "address";
        }
        if (text.startsWith("{")) {
            return "JSON in a text";
        }
        return text.matches("\\d+") ? "digits" : "text";
    }
}
