package dev.offramp.simulator;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Turns a scenario's text into JSON that has the documented form, or says where it has not. */
final class ScenarioSchema {

    private static final String LOCATION = "schemas/simulator-scenario/v1/schema.json";
    private static final Schema SCHEMA = load();

    private ScenarioSchema() {}

    static JsonNode checked(String text) {
        JsonNode document = parsed(text);
        check(document);
        return document;
    }

    static void check(JsonNode document) {
        List<Error> errors = SCHEMA.validate(document);
        if (!errors.isEmpty()) {
            Error first = errors.getFirst();
            String place = first.getInstanceLocation().toString();
            throw new ScenarioException("At %s: %s%s"
                    .formatted(
                            place.isEmpty() ? "the top" : place,
                            first.getMessage(),
                            errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more)"));
        }
    }

    private static JsonNode parsed(String text) {
        try {
            return Json.read(text);
        } catch (JacksonException e) {
            throw new ScenarioException(
                    "Line %d, column %d: %s"
                            .formatted(
                                    e.getLocation().getLineNr(), e.getLocation().getColumnNr(), e.getOriginalMessage()),
                    e);
        }
    }

    private static Schema load() {
        try (InputStream in = ScenarioSchema.class.getClassLoader().getResourceAsStream(LOCATION)) {
            if (in == null) {
                throw new IllegalStateException("not on the class path: " + LOCATION);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(Json.read(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
