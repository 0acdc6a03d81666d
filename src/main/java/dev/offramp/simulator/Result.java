package dev.offramp.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What Partner Center makes of a request before it is written to the wire. */
record Result(
        int status, @Nullable JsonNode body, @Nullable String code, Map<String, String> headers, boolean changed) {

    static Result ok(JsonNode body) {
        return new Result(200, body, null, Map.of(), false);
    }

    static Result changed(JsonNode body) {
        return new Result(200, body, null, Map.of(), true);
    }

    static Result accepted(String location) {
        return new Result(202, null, null, Map.of("Location", location), false);
    }

    static Result error(int status, String code, String description) {
        return new Result(status, Json.read(Errors.body(code, description)), code, Map.of(), false);
    }

    static Result error(int status, String code, String description, List<String> data) {
        return new Result(status, Json.read(Errors.body(code, description, data)), code, Map.of(), false);
    }

    /** 204: it is no more. */
    static Result gone() {
        return new Result(204, null, null, Map.of(), true);
    }

    Result withEffect() {
        return new Result(status, body, code, headers, true);
    }

    static Result unauthorized(String code, String description) {
        return new Result(
                401,
                Json.read(Errors.body(code, description)),
                code,
                Map.of("WWW-Authenticate", "OAuth realm=urn:cpsvc:cpid:simulator"),
                false);
    }

    /**
     * The shape of a 429, which differs from that of every other error.
     *
     * @param form of Retry-After: seconds, date or missing
     */
    static Result throttled(long seconds, String form, Instant now) {
        JsonNode body = Json.object()
                .put("statusCode", 429)
                .put("message", "Rate limit is exceeded. Try again in " + seconds + " seconds.");
        Map<String, String> headers = switch (form) {
            case "missing" -> Map.of();
            case "date" -> Map.of("Retry-After", HttpDate.of(now.plusSeconds(seconds)));
            default -> Map.of("Retry-After", Long.toString(seconds));
        };
        return new Result(429, body, null, headers, false);
    }

    HttpAnswer answer() {
        HttpAnswer answer = body == null ? HttpAnswer.empty(status) : HttpAnswer.json(status, Json.text(body));
        for (Map.Entry<String, String> header : headers.entrySet()) {
            answer = answer.with(header.getKey(), header.getValue());
        }
        return answer;
    }
}
