package dev.offramp.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A "no" of the sign-in service, in its own shape. */
record Refusal(int status, String error, int number, String text) {

    HttpAnswer answer(Instant now) {
        return HttpAnswer.json(status, Json.text(body(now)));
    }

    /** The sentence with the number in front by which people look it up. */
    String description(Instant now) {
        return "AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s"
                .formatted(number, text, trace(now), correlation(now), now);
    }

    private ObjectNode body(Instant now) {
        ObjectNode body = Json.object().put("error", error).put("error_description", description(now));
        List.of(number).forEach(body.putArray("error_codes")::add);
        return body.put("timestamp", now.toString())
                .put("trace_id", trace(now))
                .put("correlation_id", correlation(now));
    }

    private static String trace(Instant now) {
        return Scenario.derived("trace " + now);
    }

    private static String correlation(Instant now) {
        return Scenario.derived("correlation " + now);
    }

    static Optional<Refusal> of(int status, String error, int number, String text) {
        return Optional.of(new Refusal(status, error, number, text));
    }
}
