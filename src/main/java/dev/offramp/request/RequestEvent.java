package dev.offramp.request;

import dev.offramp.ledger.RequestKey;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Expectation;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.OrderTarget;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.offboarding.Terms.IfWindowClosed;
import dev.offramp.offboarding.Terms.OnActiveAzureSubscriptions;
import dev.offramp.offboarding.Terms.OnActiveSubscriptions;
import dev.offramp.request.Reading.Asked;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A CloudEvents event of which each member is read for itself, since any of them may be faulty. */
record RequestEvent(ObjectNode event) {

    private static final Pattern TYPE = Pattern.compile("dev\\.offramp\\.(.+)\\.v([0-9]{1,9})");
    private static final Pattern TIME = Pattern.compile("[1-9][0-9]{3}-.*");
    private static final Pattern GUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final int LONGEST_IDENTITY = 200;
    private static final int LONGEST_TEXT = 2000;

    /** What the event's type says. */
    record Type(Operation operation, String version) {}

    /** Empty when it names no operation that is known. */
    Optional<Type> type() {
        var form = TYPE.matcher(typeName());
        return form.matches()
                ? Operation.of(form.group(1)).map(operation -> new Type(operation, form.group(2)))
                : Optional.empty();
    }

    /** The empty text when there is none. */
    String typeName() {
        return text(event, "type", LONGEST_TEXT).orElse("");
    }

    Optional<RequestKey> key() {
        return text(event, "source", LONGEST_IDENTITY)
                .flatMap(source -> text(event, "id", LONGEST_IDENTITY).map(id -> new RequestKey(source, id)));
    }

    /** What the schema cannot say: days that no calendar has, and a period that ends before it begins. */
    Optional<String> contradiction() {
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

    /** What can be read of the event, however faulty; empty when that is too little to answer it. */
    Optional<Asked> asked(IncomingRecord record, String digest) {
        return asked(record.timestamp(), digest);
    }

    /** @param recordTime when its record was written, null when it came in none that knows */
    Optional<Asked> asked(@Nullable Instant recordTime, String digest) {
        var key = key();
        var type = type();
        var data = event.path("data");
        var customer = guid(data, "customerId", CustomerId::of);
        if (key.isEmpty() || type.isEmpty() || customer.isEmpty()) {
            return Optional.empty();
        }
        var time = time(event, "time").orElse(null);
        return Optional.of(new Asked(
                key.get(),
                digest,
                type.get().operation(),
                guid(data, "partnerTenantId", PartnerTenantId::of).orElse(null),
                customer.get(),
                guid(data, "subscriptionId", SubscriptionId::of).orElse(null),
                order(data),
                text(data, "requestId", LONGEST_IDENTITY).orElse(null),
                text(data, "mode", LONGEST_IDENTITY).orElse("").equals("plan"),
                time(data, "notBefore").orElse(null),
                time(data, "notAfter").orElse(null),
                chosen(data, "ifWindowClosed", IfWindowClosed.values(), IfWindowClosed::word, IfWindowClosed.REJECT),
                chosen(
                        data,
                        "onActiveSubscriptions",
                        OnActiveSubscriptions.values(),
                        OnActiveSubscriptions::word,
                        OnActiveSubscriptions.FAIL),
                chosen(
                        data,
                        "onActiveAzureSubscriptions",
                        OnActiveAzureSubscriptions.values(),
                        OnActiveAzureSubscriptions::word,
                        OnActiveAzureSubscriptions.FAIL),
                expectation(data.path("expect")),
                text(data, "group", LONGEST_IDENTITY).orElse(null),
                text(data, "reference", LONGEST_IDENTITY).orElse(null),
                text(data, "requestedBy", LONGEST_TEXT).orElse("not readable"),
                text(data, "reason", LONGEST_TEXT).orElse("not readable"),
                text(event, "correlationid", LONGEST_IDENTITY).orElse(null),
                text(event, "traceparent", LONGEST_IDENTITY).orElse(null),
                time,
                older(time, recordTime)));
    }

    private static @Nullable OrderTarget order(JsonNode data) {
        var line = data.path("orderLineItem");
        return text(data, "orderId", LONGEST_IDENTITY)
                .filter(OrderTarget::isId)
                .filter(_ -> line.isMissingNode()
                        || line.canConvertToInt() && line.decimalValue().signum() >= 0)
                .map(id -> new OrderTarget(
                        id,
                        line.isMissingNode()
                                ? null
                                : Integer.valueOf(line.decimalValue().intValue())))
                .orElse(null);
    }

    /** One of the words that the schema allows; the usual one where none is said. */
    private static <T> T chosen(JsonNode data, String name, T[] all, Function<T, String> word, T usual) {
        var said = text(data, name, LONGEST_IDENTITY).orElse("");
        return Stream.of(all)
                .filter(each -> word.apply(each).equals(said))
                .findFirst()
                .orElse(usual);
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
}
