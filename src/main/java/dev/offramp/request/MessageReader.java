package dev.offramp.request;

import dev.offramp.ledger.RequestKey;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Expectation;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.request.Reading.Asked;
import dev.offramp.request.Reading.Fault;
import dev.offramp.request.Reading.Message;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a record as a CloudEvents message, structured (one JSON object) or binary ({@code ce_*} headers, data in the
 * value), and checks it against the closed schema of its type. Pure: the same record always reads the same.
 */
final class MessageReader {

    private static final Pattern TYPE = Pattern.compile("dev\\.offramp\\.(.+)\\.v([0-9]{1,9})");
    private static final Pattern TIME = Pattern.compile("[1-9][0-9]{3}-.*");
    private static final Pattern GUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final int LONGEST_IDENTITY = 200;
    private static final int LONGEST_TEXT = 2000;

    private final MessageSchemas schemas;
    private final int maxSize;

    /** @param maxSize the longest value in bytes that is read at all */
    MessageReader(MessageSchemas schemas, int maxSize) {
        this.schemas = schemas;
        this.maxSize = maxSize;
    }

    Reading read(IncomingRecord record) {
        var value = record.value();
        if (value == null) {
            return unreadable(
                    record,
                    "The record has no value (a tombstone). Nothing is taken back by deleting it: send a 'withdraw' request.");
        }
        if (value.length > maxSize) {
            return unreadable(
                    record,
                    "The value has %d bytes, more than the %d that are read (offramp.request.max-size). Send a smaller message."
                            .formatted(value.length, maxSize));
        }
        try {
            return switch (formOf(record)) {
                case Structured _ -> read(record, JsonText.of(value));
                case Binary(Map<String, String> attributes) -> read(record, event(attributes, JsonText.of(value)));
                case Unclear(String why) -> unreadable(record, why);
            };
        } catch (JacksonException e) {
            var location = e.getLocation();
            return unreadable(
                    record,
                    "The value is not JSON: %s%s. Send a CloudEvents message in UTF-8."
                            .formatted(
                                    Cited.text(String.valueOf(e.getOriginalMessage())),
                                    location == null
                                            ? ""
                                            : " (line %d, column %d)"
                                                    .formatted(location.getLineNr(), location.getColumnNr())));
        }
    }

    private Reading read(IncomingRecord record, JsonText text) {
        if (!(text.tree() instanceof ObjectNode event)) {
            return unreadable(
                    record,
                    "The value is JSON but no object. Send one CloudEvents message per record, not a list or a text.");
        }
        if (!text.duplicates().isEmpty()) {
            var first = text.duplicates().getFirst();
            text.duplicates().forEach(at -> remove(event, at));
            return fault(
                    record,
                    event,
                    Body.sha256(bytesOf(record)),
                    Reason.INVALID_MESSAGE,
                    "The member '%s' occurs more than once, so that it is open which one counts. Send it once."
                            .formatted(Cited.text(first)));
        }
        if (!text.unstorable().isEmpty()) {
            return fault(
                    record,
                    event,
                    Body.sha256(bytesOf(record)),
                    Reason.INVALID_MESSAGE,
                    "The text at '%s' holds U+0000 or half a surrogate pair, which cannot be stored. Send it without."
                            .formatted(Cited.text(text.unstorable().getFirst())));
        }
        return read(record, event, Body.digest(event));
    }

    /** What came twice says nothing: nobody can tell which one is meant. */
    private static void remove(ObjectNode event, String pointer) {
        var at = JsonPointer.compile(pointer);
        if (event.at(at.head()) instanceof ObjectNode holder) {
            holder.remove(at.last().getMatchingProperty());
        }
    }

    private Reading read(IncomingRecord record, ObjectNode event, String digest) {
        var type = text(event, "type", LONGEST_TEXT).orElse("");
        var form = TYPE.matcher(type);
        var operation = form.matches() ? Operation.of(form.group(1)) : Optional.<Operation>empty();
        if (operation.isEmpty()) {
            return fault(
                    record,
                    event,
                    digest,
                    Reason.INVALID_MESSAGE,
                    "%s. Known are %s."
                            .formatted(
                                    type.isEmpty()
                                            ? "The message has no type, so that it is no request"
                                            : "The type is '" + Cited.text(type) + "', which is unknown",
                                    MessageSchemas.knownTypes()));
        }
        if (!form.group(2).equals("1")) {
            return fault(
                    record,
                    event,
                    digest,
                    Reason.UNSUPPORTED_VERSION,
                    "Version %s of %s is not understood here. Send version 1, or update this installation."
                            .formatted(form.group(2), operation.get().word()));
        }
        var violation = schemas.violation(operation.get(), event).or(() -> contradiction(event));
        if (violation.isPresent()) {
            return fault(record, event, digest, Reason.INVALID_MESSAGE, violation.get());
        }
        var asked = asked(record, event, digest)
                .orElseThrow(
                        () -> new IllegalStateException("A message that keeps its schema cannot be read: " + digest));
        return misplaced(record, asked.customerId())
                .<Reading>map(why -> new Fault(Reason.INVALID_MESSAGE, why, asked.key(), digest, asked))
                .orElseGet(() -> new Message(asked));
    }

    /** What the schema cannot say: days that no calendar has, and a period that ends before it begins. */
    private static Optional<String> contradiction(ObjectNode event) {
        var data = event.path("data");
        for (var member : List.of("time", "notBefore", "notAfter")) {
            var holder = member.equals("time") ? event : data;
            if (holder.has(member) && time(holder, member).isEmpty()) {
                return Optional.of("'%s' is '%s', a time that no calendar has. Correct it."
                        .formatted(member, Cited.text(holder.get(member).stringValue())));
            }
        }
        var notBefore = time(data, "notBefore");
        var notAfter = time(data, "notAfter");
        if (notBefore.isPresent() && notAfter.isPresent() && !notAfter.get().isAfter(notBefore.get())) {
            return Optional.of(
                    "notAfter (%s) is not after notBefore (%s), so that nothing could ever be done. Correct them."
                            .formatted(notAfter.get(), notBefore.get()));
        }
        return Optional.empty();
    }

    private static Optional<String> misplaced(IncomingRecord record, CustomerId customer) {
        var key = record.key();
        if (key == null || key.length == 0) {
            return Optional.empty();
        }
        var text = decoded(key);
        if (text != null && text.toLowerCase(Locale.ROOT).equals(customer.value())) {
            return Optional.empty();
        }
        return Optional.of("The record's key is '%s' but the customer is %s. Use the customer id as key, or none."
                .formatted(text == null ? "no text" : Cited.text(text), customer));
    }

    private static Fault fault(IncomingRecord record, ObjectNode event, String digest, Reason reason, String message) {
        return new Fault(
                reason,
                message,
                key(event).orElse(null),
                digest,
                asked(record, event, digest).orElse(null));
    }

    private static Fault unreadable(IncomingRecord record, String message) {
        return new Fault(Reason.INVALID_MESSAGE, message, null, Body.sha256(bytesOf(record)), null);
    }

    /** What can be read of the event, however faulty; empty when that is too little to answer it. */
    private static Optional<Asked> asked(IncomingRecord record, ObjectNode event, String digest) {
        var key = key(event);
        var type = TYPE.matcher(text(event, "type", LONGEST_TEXT).orElse(""));
        var operation = type.matches() ? Operation.of(type.group(1)) : Optional.<Operation>empty();
        var data = event.path("data");
        var customer = guid(data, "customerId", CustomerId::of);
        if (key.isEmpty() || operation.isEmpty() || customer.isEmpty()) {
            return Optional.empty();
        }
        var time = time(event, "time").orElse(null);
        return Optional.of(new Asked(
                key.get(),
                digest,
                operation.get(),
                guid(data, "partnerTenantId", PartnerTenantId::of).orElse(null),
                customer.get(),
                guid(data, "subscriptionId", SubscriptionId::of).orElse(null),
                text(data, "requestId", LONGEST_IDENTITY).orElse(null),
                text(data, "mode", LONGEST_IDENTITY).orElse("").equals("plan"),
                time(data, "notBefore").orElse(null),
                time(data, "notAfter").orElse(null),
                expectation(data.path("expect")),
                text(data, "group", LONGEST_IDENTITY).orElse(null),
                text(data, "reference", LONGEST_IDENTITY).orElse(null),
                text(data, "requestedBy", LONGEST_TEXT).orElse("not readable"),
                text(data, "reason", LONGEST_TEXT).orElse("not readable"),
                text(event, "correlationid", LONGEST_IDENTITY).orElse(null),
                text(event, "traceparent", LONGEST_IDENTITY).orElse(null),
                time,
                older(time, record.timestamp())));
    }

    private static Optional<RequestKey> key(ObjectNode event) {
        return text(event, "source", LONGEST_IDENTITY)
                .flatMap(source -> text(event, "id", LONGEST_IDENTITY).map(id -> new RequestKey(source, id)));
    }

    private static Expectation expectation(JsonNode expect) {
        var quantity = expect.path("quantity");
        return new Expectation(
                text(expect, "offerId", LONGEST_TEXT).orElse(null),
                quantity.canConvertToInt() ? quantity.decimalValue().intValue() : null,
                text(expect, "customerDomain", LONGEST_TEXT).orElse(null),
                text(expect, "customerName", LONGEST_TEXT).orElse(null));
    }

    private static Optional<String> text(JsonNode holder, String name, int longest) {
        var member = holder.path(name);
        if (!member.isString()) {
            return Optional.empty();
        }
        var text = member.stringValue();
        return text.isEmpty() || text.codePointCount(0, text.length()) > longest || JsonText.unstorableIn(text) != null
                ? Optional.empty()
                : Optional.of(text);
    }

    private static <T> Optional<T> guid(JsonNode holder, String name, Function<String, T> type) {
        return text(holder, name, LONGEST_IDENTITY)
                .filter(text -> GUID.matcher(text).matches())
                .map(type);
    }

    private static Optional<Instant> time(JsonNode holder, String name) {
        return text(holder, name, LONGEST_IDENTITY)
                .filter(text -> TIME.matcher(text).matches())
                .flatMap(text -> {
                    try {
                        return Optional.of(OffsetDateTime.parse(text).toInstant());
                    } catch (DateTimeException e) {
                        return Optional.empty();
                    }
                });
    }

    private static @Nullable Instant older(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isBefore(other) ? one : other;
    }

    private static byte[] bytesOf(IncomingRecord record) {
        var value = record.value();
        return value == null ? new byte[0] : value;
    }

    // The form of the message

    /** How a CloudEvents message is laid into a record. */
    private sealed interface Form {}

    private record Structured() implements Form {}

    private record Binary(Map<String, String> attributes) implements Form {}

    private record Unclear(String why) implements Form {}

    private static Form formOf(IncomingRecord record) {
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
            var text = header.value() == null ? null : decoded(header.value());
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

    /** The event of a binary message, in the shape that it would have had as a structured one. */
    private static JsonText event(Map<String, String> attributes, JsonText data) {
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

    private static String header(IncomingRecord record, String name) {
        return record.headers().stream()
                .filter(header -> header.name().equalsIgnoreCase(name) && header.value() != null)
                .map(header -> decoded(Objects.requireNonNull(header.value())))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }

    private static @Nullable String decoded(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
