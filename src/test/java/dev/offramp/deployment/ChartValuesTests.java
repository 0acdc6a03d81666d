package dev.offramp.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Values, schema and README of the chart say the same, and what the chart writes for the service is known to it.
 *
 * <p>{@code ./mvnw -q test -Dtest=ChartValuesTests -Dconfiguration.write=true} writes the README's table anew.
 */
class ChartValuesTests {

    /** What stands under them is by operation. */
    private static final Set<String> MAPS = Set.of("offramp.safety.budget.customers", "offramp.safety.cooling-off");

    private static final Path README = Chart.FOLDER.resolve("README.md");
    private static final Pattern TABLE = Pattern.compile("(?s)(?<=<!-- values -->\n).*(?=<!-- end of values -->)");

    private final JsonNode values = Yaml.read(Chart.FOLDER.resolve("values.yaml"));
    private final JsonNode schema = Yaml.read(Chart.FOLDER.resolve("values.schema.json"));

    @Test
    void theReadmeHasEveryValueWithItsDefaultAndMeaning() throws IOException {
        if (Boolean.getBoolean("configuration.write")) {
            Files.writeString(
                    README, TABLE.matcher(Files.readString(README)).replaceFirst(Matcher.quoteReplacement(table())));
        }
        var matcher = TABLE.matcher(Files.readString(README));

        assertThat(matcher.find()).isTrue();
        assertThat(matcher.group())
                .as("helm/offramp/README.md; -Dconfiguration.write=true writes it anew")
                .isEqualTo(table());
    }

    @Test
    void theSchemaIsClosedAndDescribesEveryValue() {
        List<String> open = new ArrayList<>();
        inspect("", schema, open);

        assertThat(open).isEmpty();
    }

    @Test
    void theSchemaKnowsExactlyTheValuesThatHaveADefault() {
        assertThat(described("", schema).keySet())
                .containsExactlyInAnyOrderElementsOf(defaults("", values).keySet());
    }

    @Test
    void everyKeyThatTheChartWritesIsDocumentedForTheService() throws IOException {
        String documented = Files.readString(Path.of("docs", "configuration.md"));
        for (String scenario : List.of("one-node", "production", "demo")) {
            var written = Chart.of(scenario)
                    .with("jobs.a-job", "text")
                    .with("offramp.protectedCustomers[0]", "1f0c9d3e-7a44-4d0e-9a57-0b6f3c1f2a10")
                    .with("offramp.protectedDomains[0]", "*.contoso.example")
                    .with("offramp.freezes[0].from", "2026-12-19")
                    .with("offramp.freezes[0].until", "2027-01-03")
                    .with("offramp.freezes[0].reason", "Holidays")
                    .with("offramp.budget.window", "24h")
                    .render()
                    .configuration();

            assertThat(leaves("offramp", written.path("offramp")))
                    .isNotEmpty()
                    .allSatisfy(key -> assertThat(documented).contains("| `" + key + "` |"));
        }
    }

    /** Keys down to what is no object, and down to the maps that the service knows as one key. */
    private static List<String> leaves(String path, JsonNode node) {
        if (!(node instanceof ObjectNode object) || MAPS.contains(path)) {
            return List.of(path);
        }
        return object.properties().stream()
                .flatMap(each -> leaves(path + "." + each.getKey(), each.getValue()).stream())
                .toList();
    }

    private String table() {
        Map<String, JsonNode> defaults = defaults("", values);
        Map<String, JsonNode> described = described("", schema);
        return defaults.entrySet().stream()
                .map(each -> "| `%s` | %s | %s |\n"
                        .formatted(
                                each.getKey(),
                                written(each.getValue()),
                                meaning(described.getOrDefault(each.getKey(), schema))))
                .collect(Collectors.joining("", "\n| value | default | meaning |\n|---|---|---|\n", "\n"));
    }

    private static String written(JsonNode value) {
        String text = value.isContainerNode() ? value.toString() : value.asText();
        return text.isEmpty() ? "" : "`" + text + "`";
    }

    private static String meaning(JsonNode described) {
        String words = described.path("description").asText();
        if (!described.has("enum")) {
            return words;
        }
        List<String> choice = new ArrayList<>();
        described.get("enum").forEach(each -> choice.add("`" + each.asText() + "`"));
        return words + " (" + String.join(", ", choice) + ")";
    }

    /** Every value that is no group of others, by its path. */
    private Map<String, JsonNode> defaults(String path, JsonNode node) {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        for (var each : node.properties()) {
            String key = path.isEmpty() ? each.getKey() : path + "." + each.getKey();
            if (schemaOf(key).has("properties") && !isResources(key)) {
                found.putAll(defaults(key, each.getValue()));
            } else {
                found.put(key, each.getValue());
            }
        }
        return found;
    }

    private static Map<String, JsonNode> described(String path, JsonNode schema) {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        for (var each : schema.path("properties").properties()) {
            String key = path.isEmpty() ? each.getKey() : path + "." + each.getKey();
            if (each.getValue().has("properties") && !isResources(key)) {
                found.putAll(described(key, each.getValue()));
            } else {
                found.put(key, each.getValue());
            }
        }
        return found;
    }

    private JsonNode schemaOf(String key) {
        return schema.at("/properties/" + key.replace(".", "/properties/"));
    }

    private static boolean isResources(String key) {
        return key.endsWith("resources");
    }

    private static void inspect(String path, JsonNode schema, List<String> open) {
        if (!path.isEmpty() && schema.path("description").asText().isBlank()) {
            open.add(path + " has no description");
        }
        if (schema.has("properties") && schema.path("additionalProperties").asBoolean(true)) {
            open.add(path + " takes any property");
        }
        if (!schema.has("type")) {
            open.add(path + " has no type");
        }
        if (!isResources(path)) {
            schema.path("properties")
                    .properties()
                    .forEach(each -> inspect(
                            path.isEmpty() ? each.getKey() : path + "." + each.getKey(), each.getValue(), open));
        }
    }
}
