package dev.offramp.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** {@code schemas/asyncapi.yaml} and {@code docs/messages.md} speak of what there is. */
class AsyncApiTests {

    private static final Path FILE = Path.of("schemas/asyncapi.yaml");

    @Test
    void refersOnlyToWhatExists() throws IOException {
        var document = read();
        var references = references(document);

        assertThat(references).hasSizeGreaterThan(10);
        for (var reference : references) {
            if (reference.startsWith("#/")) {
                assertThat(at(document, reference)).as(reference).isNotNull();
            } else {
                assertThat(FILE.resolveSibling(reference)).as(reference).exists();
            }
        }
    }

    @Test
    void hasAMessageForEveryOperationAndEachTopic() throws IOException {
        var document = read();

        assertThat(references(document))
                .containsAll(Stream.of(Operation.values())
                        .map(each -> "./" + each.word() + "/v1/schema.json")
                        .toList())
                .contains("./outcome/v1/schema.json");
        assertThat(((Map<?, ?>) document.get("channels"))
                        .values().stream()
                                .map(channel -> String.valueOf(((Map<?, ?>) channel).get("address")))
                                .toList())
                .containsExactlyInAnyOrder(
                        "offramp.requests",
                        "{topicOfItsOwn}",
                        "offramp.requests.refused",
                        "offramp.outcomes",
                        "offramp.audit");
    }

    @Test
    void everyReasonIsExplainedBesideItsStatus() throws IOException {
        var lines = Files.readAllLines(Path.of("docs/messages.md"));

        for (var reason : Reason.values()) {
            assertThat(lines)
                    .as("%s in the row of %s", reason.word(), reason.status().word())
                    .anyMatch(line -> line.startsWith("| `" + reason.status().word() + "` |")
                            && List.of(line.split("[^a-z-]+")).contains(reason.word()));
        }
    }

    private static Map<?, ?> read() throws IOException {
        return new Yaml().load(Files.readString(FILE));
    }

    private static List<String> references(Object node) {
        var found = new ArrayList<String>();
        switch (node) {
            case Map<?, ?> map ->
                map.forEach((name, value) -> {
                    if ("$ref".equals(name)) {
                        found.add(String.valueOf(value));
                    } else if (value != null) {
                        found.addAll(references(value));
                    }
                });
            case List<?> list -> list.forEach(each -> found.addAll(references(each)));
            default -> {
                // A scalar refers to nothing.
            }
        }
        return found;
    }

    private static Object at(Map<?, ?> document, String reference) {
        Object node = document;
        for (var step : reference.substring(2).split("/")) {
            node = node instanceof Map<?, ?> map ? map.get(step) : null;
        }
        return node;
    }
}
