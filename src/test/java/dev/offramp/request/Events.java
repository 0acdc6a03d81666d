package dev.offramp.request;

import dev.offramp.ledger.Admission.Place;
import dev.offramp.request.IncomingRecord.Header;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Requests as upstream sends them: good ones, to be spoilt by the test. */
final class Events {

    static final Instant NOW = Instant.parse("2026-11-20T08:16:00Z");
    static final String PARTNER = "1f0c9d3e-7a44-4d0e-9a57-0b6f3c1f2a10";
    static final String CUSTOMER = "5921f00a-32c0-4457-aaa1-e8018c650895";
    static final String SUBSCRIPTION = "6e7aa601-629e-461b-8933-0898c3cc3c7c";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final ObjectNode event;

    private Events(ObjectNode event) {
        this.event = event;
    }

    static Events cancel(String id) {
        return of("cancel-subscription", id).data(data -> data.put("subscriptionId", SUBSCRIPTION));
    }

    static Events unlink(String id) {
        return of("remove-reseller-relationship", id)
                .data(data -> data.putObject("expect").put("customerDomain", "fabrikam.example"));
    }

    static Events withdraw(String id, String requestId) {
        return of("withdraw", id).data(data -> data.put("requestId", requestId));
    }

    private static Events of(String operation, String id) {
        var event = MAPPER.createObjectNode();
        event.put("specversion", "1.0");
        event.put("type", "dev.offramp." + operation + ".v1");
        event.put("source", "/contoso/billing");
        event.put("id", id);
        event.put("time", "2026-11-20T08:15:30Z");
        event.put("correlationid", "contract-4711");
        event.putObject("data")
                .put("customerId", CUSTOMER)
                .put("reason", "Contract 4711 terminated")
                .put("requestedBy", "jane.doe@contoso.example");
        return new Events(event);
    }

    Events with(Consumer<ObjectNode> change) {
        change.accept(event);
        return this;
    }

    Events data(Consumer<ObjectNode> change) {
        change.accept((ObjectNode) event.get("data"));
        return this;
    }

    /** Another source says the same. */
    static void fromElsewhere(ObjectNode event) {
        event.put("source", "/contoso/crm");
    }

    String json() {
        return MAPPER.writeValueAsString(event);
    }

    byte[] bytes() {
        return utf8(json());
    }

    /** As a record without a key and without headers. */
    IncomingRecord record() {
        return record(null, bytes(), NOW);
    }

    IncomingRecord recordWithKey(String key) {
        return record(key, bytes(), NOW);
    }

    IncomingRecord recordOf(Instant timestamp) {
        return record(null, bytes(), timestamp);
    }

    /** The same event in CloudEvents' binary mode. */
    List<Header> binaryHeaders() {
        var headers = new ArrayList<Header>();
        headers.add(new Header("content-type", utf8("application/json")));
        event.properties().forEach(member -> {
            if (!member.getKey().equals("data")) {
                headers.add(new Header(
                        "ce_" + member.getKey(), utf8(member.getValue().asString())));
            }
        });
        return headers;
    }

    byte[] binaryValue() {
        return MAPPER.writeValueAsBytes(event.get("data"));
    }

    IncomingRecord binaryRecord() {
        return new IncomingRecord(new Place("offramp.requests", 0, 0), NOW, null, binaryValue(), binaryHeaders());
    }

    static IncomingRecord raw(byte @Nullable [] value) {
        return record(null, value, NOW);
    }

    static IncomingRecord raw(String value) {
        return raw(utf8(value));
    }

    static IncomingRecord record(@Nullable String key, byte @Nullable [] value, @Nullable Instant timestamp) {
        return new IncomingRecord(
                new Place("offramp.requests", 0, 0), timestamp, key == null ? null : utf8(key), value, List.of());
    }

    static IncomingRecord at(long offset, IncomingRecord record) {
        return new IncomingRecord(
                new Place("offramp.requests", 0, offset),
                record.timestamp(),
                record.key(),
                record.value(),
                record.headers());
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
