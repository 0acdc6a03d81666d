package dev.offramp.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Compares answers by the paths of their members, letter by letter, and the kinds of their values. */
final class Shapes {

    private Shapes() {}

    /** Each path of a value with the kinds that were met there; all items of an array share their paths. */
    static Map<String, Set<String>> of(JsonNode node) {
        Map<String, Set<String>> paths = new TreeMap<>();
        walk(node, "", paths);
        return paths;
    }

    private static void walk(JsonNode node, String path, Map<String, Set<String>> paths) {
        if (node.isObject() && !node.isEmpty()) {
            node.properties().forEach(each -> walk(each.getValue(), path + "/" + each.getKey(), paths));
        } else if (node.isArray() && !node.isEmpty()) {
            node.forEach(each -> walk(each, path + "[]", paths));
        } else {
            paths.computeIfAbsent(path, key -> new TreeSet<>()).add(kind(node));
        }
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> "text";
            case NUMBER -> "number";
            case BOOLEAN -> "boolean";
            case ARRAY -> "none";
            case OBJECT -> "empty";
            default -> "null";
        };
    }

    /** What a documented shape has and the answer has not, one line each. */
    static List<String> missing(Map<String, Set<String>> documented, JsonNode answer) {
        Map<String, Set<String>> given = of(answer);
        List<String> missing = new ArrayList<>();
        documented.forEach((path, kinds) -> {
            Set<String> found = given.get(path);
            if (found == null
                    && kinds.contains("none")
                    && given.keySet().stream().anyMatch(p -> p.startsWith(path + "[]"))) {
                return;
            }
            if (found == null) {
                missing.add(path + " is missing");
            } else if (!found.contains("null")
                    && !kinds.contains("null")
                    && kinds.stream().noneMatch(found::contains)) {
                missing.add("%s is %s instead of %s".formatted(path, found, kinds));
            }
        });
        return missing;
    }

    /** What the answer has and no line of the shape names. */
    static List<String> surplus(Set<String> listed, JsonNode answer) {
        return of(answer).keySet().stream()
                .filter(path -> !listed.contains(path))
                .toList();
    }

    /** A file of lines such as {@code /id text}; a question mark in front says that the member may be absent. */
    static Shape read(Path file) {
        Map<String, Set<String>> required = new TreeMap<>();
        Set<String> all = new TreeSet<>();
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                boolean optional = line.startsWith("?");
                String[] parts = line.substring(optional ? 1 : 0).split(" ");
                all.add(parts[0]);
                if (!optional) {
                    required.put(parts[0], Set.of(parts[1].split("\\|")));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Shape(required, all);
    }

    record Shape(Map<String, Set<String>> required, Set<String> all) {}
}
