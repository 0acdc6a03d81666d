package dev.offramp.request;

import static dev.offramp.request.Events.cancel;
import static dev.offramp.request.Events.unlink;
import static dev.offramp.request.Events.utf8;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Every kind of bad input that is promised to be refused with a clear reason.
 *
 * @param name what is wrong
 * @param id the request's id if it can be read, else null
 * @param says a part of the sentence that the sender reads
 * @param answered whether a rejected outcome goes to the sender
 */
record BadInput(
        String name,
        @Nullable String key,
        byte @Nullable [] value,
        String reason,
        String says,
        @Nullable String id,
        boolean answered) {

    static List<BadInput> all() {
        return List.of(
                silent("no JSON", null, utf8("cancel 6e7aa601, please"), "The value is not JSON"),
                silent("JSON that ends too early", null, utf8("{\"id\": \"x\""), "The value is not JSON"),
                silent("two JSON texts", null, utf8("{} {}"), "The value is not JSON"),
                silent("no value at all", null, new byte[0], "The value is not JSON"),
                silent("a list", null, utf8("[" + cancel("list").json() + "]"), "is JSON but no object"),
                silent("JSON that is no CloudEvent", null, utf8("{\"cancel\": \"6e7aa601\"}"), "has no type"),
                silent("a tombstone", Events.CUSTOMER, null, "no value (a tombstone)"),
                silent("2 MB", null, twoMegabytes(), "more than the 262144 that are read"),
                silent(
                        "an id that comes twice",
                        null,
                        utf8(cancel("twice").json().replaceFirst("\\{", "{\"id\":\"other\",")),
                        "'/id' occurs more than once"),
                unanswered(
                        "an unknown type",
                        "bad-type",
                        cancel("bad-type").with(event -> event.put("type", "dev.offramp.delete-everything.v1")),
                        "which is unknown"),
                answered(
                        "wrong schema",
                        "bad-schema",
                        cancel("bad-schema").data(data -> data.remove("requestedBy")),
                        "lacks the member 'requestedBy'"),
                answered(
                        "two targets",
                        "bad-targets",
                        cancel("bad-targets").data(data -> data.put("orderId", "2y6dF_rVgDAXMxypQPPnTquuXhKVK_3N1")),
                        "'/data' must have exactly one of 'subscriptionId' and 'orderId'."),
                answered(
                        "no target",
                        "bad-target",
                        cancel("bad-target").data(data -> data.remove("subscriptionId")),
                        "'/data' must have exactly one of 'subscriptionId' and 'orderId'."),
                answered(
                        "a line of no order",
                        "bad-line",
                        cancel("bad-line").data(data -> data.put("orderLineItem", 0)),
                        "'/data' has 'orderLineItem', which goes only with 'orderId'."),
                answered(
                        "an unknown member",
                        "bad-member",
                        cancel("bad-member").data(data -> data.put("planonly", true)),
                        "'/data' has the unknown member 'planonly'"),
                new BadInput(
                        "a duplicate member",
                        null,
                        utf8(cancel("bad-twice")
                                .json()
                                .replaceFirst("\"reason\"", "\"mode\":\"plan\",\"mode\":\"execute\",\"reason\"")),
                        "invalid-message",
                        "'/data/mode' occurs more than once",
                        "bad-twice",
                        true),
                answered(
                        "a subscription id that is no GUID",
                        "bad-guid",
                        cancel("bad-guid").data(data -> data.put("subscriptionId", "4711")),
                        "'/data/subscriptionId' is '4711', which is not a GUID"),
                answered(
                        "U+0000 in a text",
                        "bad-null",
                        cancel("bad-null").data(data -> data.put("reason", "a" + (char) 0 + "b")),
                        "'/data/reason' holds U+0000"),
                new BadInput(
                        "half a surrogate pair",
                        null,
                        utf8(cancel("bad-half").json().replace("Contract 4711", "Contract \\ud83d")),
                        "invalid-message",
                        "half a surrogate pair",
                        "bad-half",
                        true),
                new BadInput(
                        "a future version",
                        null,
                        cancel("bad-version")
                                .with(event -> event.put("type", "dev.offramp.cancel-subscription.v2"))
                                .bytes(),
                        "unsupported-version",
                        "Version 2 of cancel-subscription is not understood here",
                        "bad-version",
                        true),
                new BadInput(
                        "a key that differs from the body",
                        "00000000-0000-0000-0000-000000000001",
                        cancel("bad-key").bytes(),
                        "invalid-message",
                        "The record's key is '00000000-0000-0000-0000-000000000001' but the customer is",
                        "bad-key",
                        true),
                new BadInput(
                        "a record from last year",
                        null,
                        cancel("bad-year")
                                .with(event -> event.put("time", "2025-11-20T08:15:30Z"))
                                .bytes(),
                        "too-old",
                        "older than the 30 days that are allowed",
                        "bad-year",
                        true),
                answered(
                        "a day that no calendar has",
                        "bad-day",
                        cancel("bad-day").with(event -> event.put("time", "2026-02-30T08:15:30Z")),
                        "a time that no calendar has"),
                answered(
                        "a period that ends before it begins",
                        "bad-period",
                        cancel("bad-period")
                                .data(data -> data.put("notBefore", "2026-11-26T00:00:00Z")
                                        .put("notAfter", "2026-11-25T00:00:00Z")),
                        "is not after notBefore"),
                answered(
                        "an unlink that names no customer",
                        "bad-expect",
                        unlink("bad-expect").data(data -> data.remove("expect")),
                        "Add expect.customerDomain or expect.customerName"));
    }

    private static BadInput silent(String name, @Nullable String key, byte @Nullable [] value, String says) {
        return new BadInput(name, key, value, "invalid-message", says, null, false);
    }

    private static BadInput unanswered(String name, String id, Events events, String says) {
        return new BadInput(name, null, events.bytes(), "invalid-message", says, id, false);
    }

    private static BadInput answered(String name, String id, Events events, String says) {
        return new BadInput(name, null, events.bytes(), "invalid-message", says, id, true);
    }

    private static byte[] twoMegabytes() {
        return cancel("bad-size")
                .data(data -> data.put("reason", "x".repeat(2 * 1024 * 1024)))
                .bytes();
    }

    IncomingRecord record() {
        return Events.record(key, value, Events.NOW);
    }

    @Override
    public String toString() {
        return name.toLowerCase(Locale.ROOT);
    }
}
