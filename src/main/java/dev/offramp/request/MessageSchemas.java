package dev.offramp.request;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.offramp.offboarding.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The closed schemas of all requests, and what their violations mean in a sentence. */
final class MessageSchemas {

    private static final int SHOWN = 3;

    private final Map<Operation, Schema> schemas = new EnumMap<>(Operation.class);

    /** Reads them from the class path, where the build puts the repository's {@code schemas/}. */
    MessageSchemas() {
        var registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        for (var operation : Operation.values()) {
            var schema = registry.getSchema(read("/schemas/" + operation.word() + "/v1/schema.json"));
            schema.initializeValidators();
            schemas.put(operation, schema);
        }
    }

    /** What is wrong with the event and what to do; empty when it keeps the schema. */
    Optional<String> violation(Operation operation, JsonNode event) {
        var schema = schemas.get(operation);
        if (schema == null) {
            throw new IllegalStateException("There is no schema of " + operation.word());
        }
        var errors = schema.validate(event);
        if (errors.isEmpty()) {
            return Optional.empty();
        }
        var sentences = errors.stream()
                .filter(error -> !error.getEvaluationPath().toString().contains("/oneOf/"))
                .map(error -> sentence(error, event))
                .distinct()
                .toList();
        var more = sentences.size() > SHOWN ? " And %d more.".formatted(sentences.size() - SHOWN) : "";
        return Optional.of("The message does not keep the schema of %s.v1: %s%s"
                .formatted(
                        operation.word(),
                        String.join(" ", sentences.subList(0, Math.min(SHOWN, sentences.size()))),
                        more));
    }

    private static String sentence(Error error, JsonNode event) {
        var at = error.getInstanceLocation().toString();
        var found = event.at(at);
        return switch (error.getKeyword()) {
            case "additionalProperties" ->
                "%s has the unknown member '%s'; correct or remove it, nothing unknown is ignored."
                        .formatted(place(at), Cited.text(String.valueOf(error.getProperty())));
            case "required" ->
                "%s lacks the member '%s'; add it."
                        .formatted(place(at), Cited.text(String.valueOf(error.getProperty())));
            case "oneOf" ->
                "%s must have exactly one of %s."
                        .formatted(
                                place(at),
                                error.getSchemaNode().values().stream()
                                        .flatMap(each -> each.path("required").valueStream())
                                        .map(MessageSchemas::cited)
                                        .collect(Collectors.joining(" and ")));
            case "dependentRequired" ->
                "%s has '%s', which goes only with '%s'."
                        .formatted(place(at), error.getArguments()[1], error.getArguments()[0]);
            case "pattern" -> pattern(at, found);
            case "type" ->
                "'%s' is a %s; it must be %s."
                        .formatted(
                                at, found.getNodeType().toString().toLowerCase(java.util.Locale.ROOT), wanted(error));
            case "const", "enum" -> "'%s' is %s; it must be %s.".formatted(at, cited(found), wanted(error));
            default -> "'%s': %s.".formatted(at, Cited.text(String.valueOf(error.getMessage())));
        };
    }

    private static String pattern(String at, JsonNode found) {
        if (at.endsWith("customerId") || at.endsWith("subscriptionId") || at.endsWith("partnerTenantId")) {
            return "'%s' is %s, which is not a GUID; send 8-4-4-4-12 hexadecimal digits.".formatted(at, cited(found));
        }
        if (at.endsWith("time") || at.endsWith("notBefore") || at.endsWith("notAfter")) {
            return "'%s' is %s, which is not a time with an offset; send one like 2026-11-20T08:15:30Z."
                    .formatted(at, cited(found));
        }
        return "'%s' is %s, which holds a character or a form that is not allowed there.".formatted(at, cited(found));
    }

    private static String wanted(Error error) {
        var schema = error.getSchemaNode();
        if (schema != null && schema.isArray()) {
            return schema.values().stream().map(MessageSchemas::cited).collect(Collectors.joining(" or "));
        }
        return schema == null ? "another" : cited(schema);
    }

    private static String cited(JsonNode node) {
        return node.isString() ? "'" + Cited.text(node.stringValue()) + "'" : Cited.text(node.toString());
    }

    private static String place(String at) {
        return at.isEmpty() ? "The envelope" : "'" + at + "'";
    }

    private static JsonNode read(String resource) {
        try (var in = MessageSchemas.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("The jar lacks " + resource);
            }
            return JsonMapper.shared().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + resource, e);
        }
    }

    /** The types that are known, for sentences. */
    static String knownTypes() {
        return List.of(Operation.values()).stream()
                .map(each -> "dev.offramp." + each.word() + ".v1")
                .collect(Collectors.joining(", "));
    }
}
