package dev.offramp.request;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.node.JsonNodeFactory;

/** How a CloudEvents message is laid into a record. */
sealed interface MessageForm {

    /** One JSON object in the value. */
    record Structured() implements MessageForm {}

    /** Attributes in {@code ce_*} headers, data in the value. */
    record Binary(Map<String, String> attributes) implements MessageForm {

        /** The event of a binary message, in the shape that it would have had as a structured one. */
        JsonText event(JsonText data) {
            var event = JsonNodeFactory.instance.objectNode();
            attributes.forEach(event::put);
            event.set("data", data.tree());
            var unstorable = Stream.concat(
                            attributes.entrySet().stream()
                                    .filter(each -> JsonText.unstorableIn(each.getKey()) != null
                                            || JsonText.unstorableIn(each.getValue()) != null)
                                    .map(each -> "/" + each.getKey()),
                            data.unstorable().stream().map(at -> "/data" + at))
                    .toList();
            return new JsonText(
                    event, data.duplicates().stream().map(at -> "/data" + at).toList(), unstorable);
        }
    }

    /** Headers that leave it open. */
    record Unclear(String why) implements MessageForm {}

    static MessageForm of(IncomingRecord record) {
        var contentType = header(record, "content-type").toLowerCase(Locale.ROOT);
        if (contentType.startsWith("application/cloudevents+json")) {
            return new Structured();
        }
        if (contentType.startsWith("application/cloudevents")) {
            return new Unclear(
                    "The content type is '%s', which is not read. Send application/cloudevents+json, one message per record."
                            .formatted(Cited.text(contentType)));
        }
        var attributes = new LinkedHashMap<String, String>();
        for (var header : record.headers()) {
            if (!header.name().startsWith("ce_")) {
                continue;
            }
            var name = header.name().substring("ce_".length());
            var text = header.text();
            if (text == null || name.equals("data")) {
                return new Unclear("The header '%s' is no CloudEvents attribute in UTF-8. Correct or remove it."
                        .formatted(Cited.text(header.name())));
            }
            if (attributes.put(name, text) != null) {
                return new Unclear(
                        "The header '%s' occurs more than once, so that it is open which one counts. Send it once."
                                .formatted(Cited.text(header.name())));
            }
        }
        if (attributes.isEmpty()) {
            return new Structured();
        }
        if (!contentType.isEmpty()) {
            attributes.put("datacontenttype", contentType);
        }
        return new Binary(attributes);
    }

    private static String header(IncomingRecord record, String name) {
        return record.headers().stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(IncomingRecord.Header::text)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }
}
