package dev.offramp.audit;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Audit.Written;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Blocks and entries as lines of JSON.
 *
 * <p>An export has a line {@code {"block": …}} for each block, behind it a line {@code {"entry": …}} for each of its
 * entries, and at the end the entries that are not sealed yet, which name no block. A record of the topic is one object
 * with the members of a block.
 */
final class Lines {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Lines() {}

    /** What a line says. */
    sealed interface Line {

        /** A block. */
        record OfBlock(Block block) implements Line {}

        /** An entry; {@code block} is null when it is not sealed. */
        record OfEntry(@Nullable Long block, Written written) implements Line {}
    }

    static ObjectNode published(Block block) {
        return JSON.createObjectNode()
                .put("block", block.number())
                .put("previous", block.previous())
                .put("sealedAt", block.sealedAt().toString())
                .put("entries", block.entries())
                .put("content", block.content())
                .put("hash", block.hash());
    }

    static String of(Block block) {
        var members = JSON.createObjectNode()
                .put("number", block.number())
                .put("previous", block.previous())
                .put("sealedAt", block.sealedAt().toString())
                .put("entries", block.entries())
                .put("content", block.content())
                .put("hash", block.hash());
        if (block.removedAt() != null) {
            members.put("removedAt", block.removedAt().toString());
        }
        return line("block", members);
    }

    static String of(Written written, @Nullable Long block) {
        var entry = written.entry();
        var members = JSON.createObjectNode();
        if (block != null) {
            members.put("block", block);
        }
        members.put("number", written.number())
                .put("at", written.at().toString())
                .put("who", entry.who())
                .put("what", entry.what())
                .put("target", entry.target())
                .put("reason", entry.cause())
                .put("details", entry.details());
        return line("entry", members);
    }

    private static String line(String what, ObjectNode members) {
        return JSON.writeValueAsString(JSON.createObjectNode().set(what, members));
    }

    /** What the line of an export says; empty when it is none. */
    static Optional<Line> read(String line) {
        try {
            var json = JSON.readTree(line);
            if (json.path("block").isObject()) {
                return Optional.of(new Line.OfBlock(block(json.path("block"), "number")));
            }
            return json.path("entry").isObject() ? Optional.of(entry(json.path("entry"))) : Optional.empty();
        } catch (JacksonException | DateTimeException e) {
            return Optional.empty();
        }
    }

    /** What a record of the topic says; empty when it is none. */
    static Optional<Block> readPublished(String record) {
        try {
            return Optional.of(block(JSON.readTree(record), "block"));
        } catch (JacksonException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Block block(JsonNode json, String number) {
        return new Block(
                json.required(number).longValue(),
                json.required("previous").stringValue(),
                Instant.parse(json.required("sealedAt").stringValue()),
                json.required("entries").intValue(),
                json.required("content").stringValue(),
                json.required("hash").stringValue(),
                json.has("removedAt") ? Instant.parse(json.required("removedAt").stringValue()) : null);
    }

    private static Line entry(JsonNode json) {
        return new Line.OfEntry(
                json.has("block") ? json.required("block").longValue() : null,
                new Written(
                        json.required("number").longValue(),
                        Instant.parse(json.required("at").stringValue()),
                        new Audit.Entry(
                                json.required("who").stringValue(),
                                json.required("what").stringValue(),
                                json.required("target").stringValue(),
                                json.required("reason").stringValue(),
                                json.required("details").stringValue())));
    }
}
