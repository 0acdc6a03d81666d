package dev.offramp.recovery;

import dev.offramp.ledger.Details;
import dev.offramp.ledger.Recoveries.Told;
import dev.offramp.ledger.RequestKey;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads our own outcomes back from their topic; what others wrote there is none of ours. */
final class ToldMessages {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String source;

    /** @param source the CloudEvents source of this installation */
    ToldMessages(String source) {
        this.source = source;
    }

    Optional<Told> read(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return Optional.empty();
        }
        try {
            var event = JSON.readTree(record.value());
            var data = event.path("data");
            var request = data.path("request");
            if (!source.equals(event.path("source").asString(""))
                    || !request.path("source").isString()
                    || !request.path("id").isString()
                    || !data.path("sequence").isInt()) {
                return Optional.empty();
            }
            return Optional.of(new Told(
                    new RequestKey(
                            request.path("source").stringValue(),
                            request.path("id").stringValue()),
                    data.path("sequence").intValue(),
                    reason(data),
                    effect(data),
                    data.path("message").asString(""),
                    details(data),
                    Instant.ofEpochMilli(record.timestamp())));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /** A reason that a newer program wrote is taken by its status. */
    private static Reason reason(JsonNode data) {
        try {
            return Reason.named(data.path("reason").asString(""));
        } catch (RuntimeException e) {
            return switch (data.path("status").asString("")) {
                case "succeeded" -> Reason.DONE;
                case "rejected" -> Reason.DECLINED_BY_PARTNER_CENTER;
                case "withdrawn" -> Reason.BY_OPERATOR;
                case "planned" -> Reason.PLAN_ONLY;
                case "failed" -> Reason.GIVEN_UP_BY_OPERATOR;
                default -> Reason.ACCEPTED_BY_PARTNER_CENTER;
            };
        }
    }

    private static Effect effect(JsonNode data) {
        try {
            return Effect.named(data.path("effect").asString(""));
        } catch (RuntimeException e) {
            return Effect.UNKNOWN;
        }
    }

    private static Details details(JsonNode data) {
        return Details.with()
                .advice(text(data, "advice"))
                .effectiveAt(time(data, "effectiveAt"))
                .nextWindowAt(time(data, "nextWindowAt"))
                .endsOn(time(data, "endsOn"))
                .before(json(data, "before"))
                .after(json(data, "after"))
                .confirmedBy(text(data, "confirmedBy"))
                .decidedBy(text(data, "decidedBy"))
                .partnerCenter(answer(data.path("partnerCenter")))
                .build();
    }

    private static Details.@Nullable PartnerCenterAnswer answer(JsonNode said) {
        return said.isObject()
                ? new Details.PartnerCenterAnswer(
                        said.path("httpStatus").asInt(0),
                        text(said, "code"),
                        text(said, "words"),
                        text(said, "msRequestId"),
                        text(said, "msCorrelationId"))
                : null;
    }

    private static @Nullable String text(JsonNode data, String member) {
        return data.path(member).isString() ? data.path(member).stringValue() : null;
    }

    private static @Nullable String json(JsonNode data, String member) {
        return data.has(member) ? data.path(member).toString() : null;
    }

    private static @Nullable Instant time(JsonNode data, String member) {
        try {
            var text = text(data, member);
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
