package dev.offramp.job;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A YAML file as a tree that a schema can be held against, with the line of each member. What YAML would read cleverly
 * ({@code 20:00} as a number, {@code yes} as true) stays the text that was written.
 */
final class YamlTree {

    private static final JsonNodeFactory NODES = JsonMapper.shared().getNodeFactory();

    private final String file;
    private final Map<String, Integer> lines = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final @Nullable JsonNode root;

    private YamlTree(String file, String text) {
        this.file = file;
        root = read(text);
    }

    static YamlTree of(String file, String text) {
        return new YamlTree(file, text);
    }

    /** Null when the file is no YAML. */
    @Nullable
    JsonNode root() {
        return root;
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** Something is wrong with the member at this JSON pointer, or with the nearest one around it. */
    Problem problem(String pointer, String sentence) {
        var at = pointer;
        while (!lines.containsKey(at) && !at.isEmpty()) {
            at = at.substring(0, at.lastIndexOf('/'));
        }
        return new Problem(file, lines.getOrDefault(at, 1), sentence);
    }

    private @Nullable JsonNode read(String text) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(true); // They are told here, all of them and with their lines.
        try {
            var node = new Yaml(options).compose(new StringReader(text));
            if (node == null) {
                problems.add(new Problem(file, 1, "The file is empty."));
                return null;
            }
            return converted(node, "");
        } catch (MarkedYAMLException e) {
            var mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
            problems.add(new Problem(file, line(mark), "This is no YAML: %s.".formatted(e.getProblem())));
        } catch (YAMLException e) {
            problems.add(new Problem(
                    file,
                    1,
                    "This is no YAML: %s."
                            .formatted(String.valueOf(e.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse(""))));
        }
        return null;
    }

    private static int line(@Nullable Mark mark) {
        return mark == null ? 1 : mark.getLine() + 1;
    }

    private JsonNode converted(Node node, String pointer) {
        lines.putIfAbsent(pointer, line(node.getStartMark()));
        if (node.getAnchor() != null) {
            // What comes back somewhere else has two places, and may hold itself.
            problems.add(new Problem(
                    file,
                    line(node.getStartMark()),
                    "Anchors (&%s) are not read; write it out.".formatted(node.getAnchor())));
            return NODES.nullNode();
        }
        return switch (node) {
            case MappingNode mapping -> object(mapping, pointer);
            case SequenceNode sequence -> array(sequence, pointer);
            case ScalarNode scalar -> scalar(scalar);
            default -> NODES.nullNode();
        };
    }

    private JsonNode object(MappingNode mapping, String pointer) {
        var members = new LinkedHashMap<String, JsonNode>();
        var firstLines = new HashMap<String, Integer>();
        for (var each : mapping.getValue()) {
            int line = line(each.getKeyNode().getStartMark());
            if (!(each.getKeyNode() instanceof ScalarNode key)) {
                problems.add(new Problem(file, line, "The name of a member must be a text."));
                continue;
            }
            var first = firstLines.putIfAbsent(key.getValue(), line);
            if (first != null) {
                problems.add(new Problem(
                        file,
                        line,
                        "'%s' stands here again, first in line %d; leave one of them."
                                .formatted(key.getValue(), first)));
                continue;
            }
            var at = pointer + "/" + key.getValue().replace("~", "~0").replace("/", "~1");
            lines.put(at, line);
            members.put(key.getValue(), converted(each.getValueNode(), at));
        }
        var object = NODES.objectNode();
        members.forEach(object::set);
        return object;
    }

    private JsonNode array(SequenceNode sequence, String pointer) {
        var array = NODES.arrayNode();
        int index = 0;
        for (var each : sequence.getValue()) {
            array.add(converted(each, pointer + "/" + index++));
        }
        return array;
    }

    private static JsonNode scalar(ScalarNode scalar) {
        var text = scalar.getValue();
        var tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return NODES.nullNode();
        }
        if (tag.equals(Tag.BOOL) && (text.equals("true") || text.equals("false"))) {
            return NODES.booleanNode(text.equals("true"));
        }
        if (tag.equals(Tag.INT) && text.matches("0|-?[1-9][0-9]{0,9}")) {
            return NODES.numberNode(Long.parseLong(text));
        }
        return NODES.stringNode(text);
    }
}
