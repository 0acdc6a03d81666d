package dev.offramp.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Each {@code schemas/<message>/v1/schema.json} accepts its {@code valid/*.json} and refuses its {@code invalid/*.json}. */
class SchemaTests {

    private static final Path ROOT = Path.of("schemas");
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    static List<Path> schemas() {
        return files(ROOT).filter(file -> file.endsWith("schema.json")).toList();
    }

    static List<Path> valid() {
        return examples("valid");
    }

    static List<Path> invalid() {
        return examples("invalid");
    }

    @Test
    void findsTheSchemasOfAllMessages() {
        assertThat(schemas())
                .contains(
                        ROOT.resolve("cancel-subscription/v1/schema.json"),
                        ROOT.resolve("remove-reseller-relationship/v1/schema.json"),
                        ROOT.resolve("withdraw/v1/schema.json"),
                        ROOT.resolve("outcome/v1/schema.json"));
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void saysItsDialectAndKeepsIt(Path schema) {
        var tree = read(schema);
        assertThat(tree.path("$schema").asString()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
        var meta = REGISTRY.getSchema(
                com.networknt.schema.SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        assertThat(meta.validate(tree)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void hasExamplesAndCounterexamples(Path schema) {
        var home = schema.resolveSibling("");
        assertThat(files(schema.getParent().resolve("valid")))
                .as("valid examples in %s", home)
                .isNotEmpty();
        assertThat(files(schema.getParent().resolve("invalid")))
                .as("counterexamples in %s", home)
                .isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("valid")
    void acceptsTheValidExample(Path example) {
        assertThat(schemaOf(example).validate(read(example))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void refusesTheInvalidExample(Path example) {
        assertThat(schemaOf(example).validate(read(example))).isNotEmpty();
    }

    private static List<Path> examples(String kind) {
        return schemas().stream()
                .map(schema -> schema.resolveSibling(kind))
                .flatMap(SchemaTests::files)
                .toList();
    }

    private static Schema schemaOf(Path example) {
        return REGISTRY.getSchema(read(example.getParent().resolveSibling("schema.json")));
    }

    private static Stream<Path> files(Path under) {
        try (var found = Files.walk(under)) {
            return found.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode read(Path file) {
        return MAPPER.readTree(file);
    }
}
