package dev.offramp.outcome;

import dev.offramp.ledger.Details;
import dev.offramp.ledger.Outcomes.Outcome;
import dev.offramp.ledger.Refusals;
import dev.offramp.offboarding.Blocker;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes outcomes as CloudEvents (structured JSON) and refused records as they came, with the reasons in headers. */
final class OutcomeMessages {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String outcomesTopic;
    private final String refusedTopic;
    private final String source;
    private final int largest;

    /**
     * @param source CloudEvents source of all outcomes: this installation
     * @param largest bytes; in a message beyond it the resource before and after the change is left out
     */
    OutcomeMessages(String outcomesTopic, String refusedTopic, String source, int largest) {
        this.outcomesTopic = outcomesTopic;
        this.refusedTopic = refusedTopic;
        this.source = source;
        this.largest = largest;
    }

    /** The record that tells this outcome; the same outcome always has the same id. */
    ProducerRecord<byte[], byte[]> of(Outcome outcome) {
        var whole = MAPPER.writeValueAsBytes(event(outcome, true));
        var value = whole.length <= largest ? whole : MAPPER.writeValueAsBytes(event(outcome, false));
        var headers = new RecordHeaders();
        headers.add("content-type", utf8("application/cloudevents+json; charset=UTF-8"));
        return new ProducerRecord<>(
                outcomesTopic, null, utf8(outcome.request().customerId().value()), value, headers);
    }

    /** The refused record: key and value as they came, the rest in headers. */
    ProducerRecord<byte[], byte[]> of(Refusals.Numbered numbered) {
        var refusal = numbered.refusal();
        var headers = new RecordHeaders();
        headers.add("offramp-reason", utf8(refusal.reason()));
        headers.add("offramp-message", utf8(refusal.message()));
        headers.add("offramp-topic", utf8(refusal.place().topic()));
        headers.add("offramp-partition", utf8(String.valueOf(refusal.place().partition())));
        headers.add("offramp-offset", utf8(String.valueOf(refusal.place().offset())));
        headers.add("offramp-length", utf8(String.valueOf(refusal.length())));
        headers.add("offramp-digest", utf8(refusal.digest()));
        headers.add("offramp-refused-at", utf8(numbered.refusedAt().toString()));
        addIfThere(headers, "offramp-first-digest", refusal.firstDigest());
        addIfThere(headers, "offramp-source", refusal.source());
        addIfThere(headers, "offramp-id", refusal.id());
        return new ProducerRecord<>(refusedTopic, null, refusal.recordKey(), refusal.value(), headers);
    }

    private static void addIfThere(RecordHeaders headers, String name, @Nullable String text) {
        if (text != null) {
            headers.add(name, utf8(text));
        }
    }

    private ObjectNode event(Outcome outcome, boolean withResources) {
        var request = outcome.request();
        var admission = request.admission();
        var event = NODES.objectNode();
        event.put("specversion", "1.0");
        event.put("type", "dev.offramp.outcome.v1");
        event.put("source", source);
        event.put("id", request.key() + "#" + outcome.sequence());
        event.put("time", outcome.createdAt().toString());
        event.put("datacontenttype", "application/json");
        event.put("causationid", request.key().id());
        put(event, "correlationid", admission.correlationId());
        put(event, "traceparent", admission.traceParent());
        event.set("data", data(outcome, withResources));
        return event;
    }

    private static ObjectNode data(Outcome outcome, boolean withResources) {
        var request = outcome.request();
        var admission = request.admission();
        var details = outcome.details();
        var data = NODES.objectNode();
        var asked = data.putObject("request");
        asked.put("source", request.key().source());
        asked.put("id", request.key().id());
        asked.put("operation", request.operation().word());
        put(asked, "group", admission.group());
        put(asked, "reference", admission.reference());
        put(asked, "resubmits", admission.resubmittedId());
        put(asked, "plan", admission.plan());
        data.put("partnerTenantId", admission.partnerTenantId().value());
        data.put("customerId", request.customerId().value());
        var subscription = request.subscriptionId();
        put(data, "subscriptionId", subscription == null ? null : subscription.value());
        var order = request.order();
        if (order != null) {
            data.put("orderId", order.order());
            if (order.line() != null) {
                data.put("orderLineItem", order.line());
            }
        }
        put(data, "withdraws", admission.withdrawsId());
        data.put("sequence", outcome.sequence());
        var status = outcome.reason().status();
        data.put("status", status.word());
        data.put("final", status.isFinal());
        data.put("reason", outcome.reason().word());
        data.put("effect", outcome.effect().word());
        data.put("message", outcome.message());
        put(data, "advice", details.advice());
        put(data, "effectiveAt", details.effectiveAt());
        blockers(data, details.blockers());
        put(data, "nextAttemptAt", details.nextAttemptAt());
        put(data, "nextWindowAt", details.nextWindowAt());
        put(data, "decideBy", details.decideBy());
        put(data, "endsOn", details.endsOn());
        refund(data, details.refund());
        if (withResources) {
            putJson(data, "before", details.before());
            putJson(data, "after", details.after());
        } else {
            data.putArray("omitted").add("before").add("after");
        }
        put(data, "confirmedBy", details.confirmedBy());
        steps(data, details.steps());
        answer(data, details.partnerCenter());
        put(data, "decidedBy", details.decidedBy());
        if (!details.heldBackBy().isEmpty()) {
            var guards = data.putArray("heldBackBy");
            details.heldBackBy().forEach(guards::add);
        }
        if (outcome.batch() != null) {
            data.put("batch", "B-" + outcome.batch());
        }
        return data;
    }

    private static void blockers(ObjectNode data, List<Blocker> blockers) {
        var all = data.putArray("blockers");
        for (var blocker : blockers) {
            var one = all.addObject();
            one.put("kind", blocker.kind());
            one.put("id", blocker.id());
            one.put("name", blocker.name());
            put(one, "until", blocker.until());
            one.put("whatToDo", blocker.whatToDo());
        }
    }

    private static void steps(ObjectNode data, List<Details.StepTaken> steps) {
        var all = data.putArray("steps");
        for (var step : steps) {
            var one = all.addObject();
            one.put("step", step.step());
            one.put("at", step.at().toString());
            put(one, "reply", step.reply());
            put(one, "confirmedBy", step.confirmedBy());
            one.put("msRequestId", step.msRequestId());
            one.put("msCorrelationId", step.msCorrelationId());
        }
    }

    private static void refund(ObjectNode data, Details.@Nullable Refund refund) {
        if (refund == null) {
            return;
        }
        var said = data.putObject("refund");
        said.put("promised", refund.promised());
        put(said, "until", refund.until());
        if (refund.quantity() != null) {
            said.put("quantity", refund.quantity());
        }
    }

    private static void answer(ObjectNode data, Details.@Nullable PartnerCenterAnswer answer) {
        if (answer == null) {
            return;
        }
        var said = data.putObject("partnerCenter");
        said.put("httpStatus", answer.httpStatus());
        put(said, "code", answer.code());
        put(said, "words", answer.words());
        put(said, "msRequestId", answer.msRequestId());
        put(said, "msCorrelationId", answer.msCorrelationId());
    }

    private static void put(ObjectNode object, String name, @Nullable Object value) {
        if (value != null) {
            object.put(name, value.toString());
        }
    }

    /** A resource is shown as the JSON that it is; a text that is no JSON is shown as a text. */
    private static void putJson(ObjectNode object, String name, @Nullable String json) {
        if (json == null) {
            return;
        }
        try {
            object.set(name, MAPPER.readTree(json));
        } catch (JacksonException e) {
            object.put(name, json);
        }
    }

    private static byte[] utf8(String text) {
        return Objects.requireNonNull(text).getBytes(StandardCharsets.UTF_8);
    }
}
