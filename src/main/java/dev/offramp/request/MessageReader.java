package dev.offramp.request;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Reason;
import dev.offramp.request.Reading.Fault;
import dev.offramp.request.Reading.Message;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a record as a CloudEvents message, structured (one JSON object) or binary ({@code ce_*} headers, data in the
 * value), and checks it against the closed schema of its type. Pure: the same record always reads the same.
 */
final class MessageReader {

    private final MessageSchemas schemas;
    private final int maxSize;

    /** @param maxSize the longest value in bytes that is read at all */
    MessageReader(MessageSchemas schemas, int maxSize) {
        this.schemas = schemas;
        this.maxSize = maxSize;
    }

    int maxSize() {
        return maxSize;
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
            return switch (MessageForm.of(record)) {
                case MessageForm.Structured _ -> read(record, JsonText.of(value));
                case MessageForm.Binary binary -> read(record, binary.event(JsonText.of(value)));
                case MessageForm.Unclear(String why) -> unreadable(record, why);
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
        var request = new RequestEvent(event);
        var type = request.type();
        if (type.isEmpty()) {
            var named = request.typeName();
            return fault(
                    record,
                    event,
                    digest,
                    Reason.INVALID_MESSAGE,
                    "%s. Known are %s."
                            .formatted(
                                    named.isEmpty()
                                            ? "The message has no type, so that it is no request"
                                            : "The type is '" + Cited.text(named) + "', which is unknown",
                                    MessageSchemas.knownTypes()));
        }
        var operation = type.get().operation();
        var version = type.get().version();
        if (!version.equals("1")) {
            return fault(
                    record,
                    event,
                    digest,
                    Reason.UNSUPPORTED_VERSION,
                    "Version %s of %s is not understood here. Send version 1, or update this installation."
                            .formatted(version, operation.word()));
        }
        var violation = schemas.violation(operation, event).or(request::contradiction);
        if (violation.isPresent()) {
            return fault(record, event, digest, Reason.INVALID_MESSAGE, violation.get());
        }
        var asked = request.asked(record, digest)
                .orElseThrow(
                        () -> new IllegalStateException("A message that keeps its schema cannot be read: " + digest));
        return misplaced(record, asked.customerId())
                .<Reading>map(why -> new Fault(Reason.INVALID_MESSAGE, why, asked.key(), digest, asked))
                .orElseGet(() -> new Message(asked));
    }

    private static Optional<String> misplaced(IncomingRecord record, CustomerId customer) {
        var key = record.key();
        if (key == null || key.length == 0) {
            return Optional.empty();
        }
        var text = record.keyText();
        if (text != null && text.toLowerCase(Locale.ROOT).equals(customer.value())) {
            return Optional.empty();
        }
        return Optional.of("The record's key is '%s' but the customer is %s. Use the customer id as key, or none."
                .formatted(text == null ? "no text" : Cited.text(text), customer));
    }

    private static Fault fault(IncomingRecord record, ObjectNode event, String digest, Reason reason, String message) {
        var request = new RequestEvent(event);
        return new Fault(
                reason,
                message,
                request.key().orElse(null),
                digest,
                request.asked(record, digest).orElse(null));
    }

    private static Fault unreadable(IncomingRecord record, String message) {
        return new Fault(Reason.INVALID_MESSAGE, message, null, Body.sha256(bytesOf(record)), null);
    }

    private static byte[] bytesOf(IncomingRecord record) {
        var value = record.value();
        return value == null ? new byte[0] : value;
    }
}
