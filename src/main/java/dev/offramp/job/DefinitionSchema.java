package dev.offramp.job;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The closed schema of a definition, and what its violations mean in sentences. */
final class DefinitionSchema {

    private static final String SCHEMA = "/schemas/job-definition/v1/schema.json";

    private static final String LIMIT = "a number, or a share of the customer base like 1% or \"20 or 1%\"";

    private final Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(read());

    List<Problem> problems(YamlTree tree, JsonNode root) {
        return schema.validate(root).stream()
                .map(error -> problem(error, tree, root))
                .distinct()
                .toList();
    }

    private static Problem problem(Error error, YamlTree tree, JsonNode root) {
        var at = error.getInstanceLocation().toString();
        var sentence = sentence(error, at, root.at(at));
        return tree.problem(
                error.getKeyword().equals("additionalProperties") ? at + "/" + error.getProperty() : at, sentence);
    }

    private static String sentence(Error error, String at, JsonNode found) {
        return switch (error.getKeyword()) {
            case "additionalProperties" ->
                "There is no member '%s'%s; write one of %s."
                        .formatted(error.getProperty(), at.isEmpty() ? "" : " in " + member(at), known(error));
            case "required" ->
                "%s lacks '%s'; add it.".formatted(at.isEmpty() ? "The definition" : member(at), error.getProperty());
            case "enum" -> "%s is %s; write %s.".formatted(member(at), found, wanted(error));
            case "pattern" -> "%s is %s; write %s.".formatted(member(at), found, form(at));
            case "not" -> "%s is %s, which is taken; choose another name.".formatted(member(at), found);
            case "type" -> "%s is %s; it must be %s.".formatted(member(at), found, type(error));
            default -> "%s is %s: %s.".formatted(member(at), found, error.getMessage());
        };
    }

    /** {@code /window/from} in words. */
    private static String member(String at) {
        return at.isEmpty() ? "The definition" : at.substring(1).replace('/', '.');
    }

    private static String known(Error error) {
        var parent = error.getSchemaLocation().toString();
        var at = parent.substring(parent.indexOf('#') + 1).replaceAll("/additionalProperties$", "/properties");
        return String.join(", ", read().at(at).propertyNames());
    }

    private static String wanted(Error error) {
        var words = error.getSchemaNode();
        return words == null
                ? "another"
                : words.values().stream().map(JsonNode::asString).collect(Collectors.joining(" or "));
    }

    private static String type(Error error) {
        var types = error.getSchemaNode();
        if (types != null && types.isArray()) {
            return LIMIT;
        }
        return switch (types == null ? "" : types.asString()) {
            case "string" -> "a text";
            case "integer" -> "a whole number";
            case "boolean" -> "true or false";
            case "array" -> "a list";
            case "object" -> "a group of members";
            default -> "something else";
        };
    }

    private static String form(String at) {
        if (at.equals("/job")) {
            return "small letters, digits and dashes, e.g. cancel-subscriptions";
        }
        if (at.startsWith("/window")) {
            return "a time of day like \"20:00\"";
        }
        if (at.startsWith("/retry") || at.equals("/guards/canary/settle")) {
            return "a duration like 30s, 5m, 2h or 1d";
        }
        if (at.startsWith("/guards")) {
            return LIMIT;
        }
        return "a share like 50%";
    }

    private static JsonNode read() {
        try (var in = DefinitionSchema.class.getResourceAsStream(SCHEMA)) {
            if (in == null) {
                throw new IllegalStateException("The jar lacks " + SCHEMA);
            }
            return JsonMapper.shared().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + SCHEMA, e);
        }
    }
}
