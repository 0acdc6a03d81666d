package dev.offramp.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads settings, limits, bursts and faults from a checked document. */
final class RuleReader {

    private RuleReader() {}

    static List<Limit> limits(JsonNode given) {
        List<Limit> limits = new ArrayList<>();
        for (JsonNode limit : given) {
            limits.add(new Limit(
                    limit.path("resource").asString(),
                    limit.path("per").asString("tenant").equals("customer"),
                    limit.path("calls").asInt(),
                    Durations.length(limit.path("window").asString())));
        }
        return List.copyOf(limits);
    }

    static List<Burst> bursts(JsonNode given) {
        List<Burst> bursts = new ArrayList<>();
        for (JsonNode burst : given) {
            String customer = text(burst, "customer");
            bursts.add(new Burst(
                    burst.path("resource").asString(),
                    customer == null ? null : customer.toLowerCase(Locale.ROOT),
                    burst.path("after").asInt(0),
                    burst.path("calls").asInt(),
                    Durations.length(burst.path("retryAfter").asString())));
        }
        return List.copyOf(bursts);
    }

    static List<Fault> faults(JsonNode given) {
        List<Fault> faults = new ArrayList<>();
        given.forEach(fault -> faults.add(fault(fault)));
        return List.copyOf(faults);
    }

    private static Fault fault(JsonNode given) {
        FaultRule rule = rule(given);
        boolean after = given.path("when").asString("before-effect").equals("after-effect");
        Latency delay = Latency.of(given.path("delay"));
        return switch (given.path("action").asString()) {
            case "cut-off" -> rule.rule(Fault.Action.CUT_OFF, after, delay);
            case "reset" -> rule.rule(Fault.Action.RESET, after, delay);
            case "half-body" -> rule.rule(Fault.Action.HALF_BODY, true, delay);
            case "delay" -> rule.rule(Fault.Action.DELAY, after, delay);
            case "garbage" -> rule.rule(Fault.Action.GARBAGE, true, delay);
            case "expire-tokens" -> rule.rule(Fault.Action.EXPIRE_TOKENS, false, delay);
            case "accept" -> rule.rule(Fault.Action.ACCEPT, after, delay);
            case "answer" -> rule.answer(after, given.path("status").asInt(), body(given), headers(given));
            default -> throw new IllegalStateException("the schema lets no other action pass: " + given);
        };
    }

    private static FaultRule rule(JsonNode given) {
        String operation = text(given, "operation");
        FaultRule rule = operation == null ? Fault.onAnyCall() : Fault.on(operation);
        if (given.has("method")) {
            rule.method(given.path("method").asString());
        }
        if (given.has("path")) {
            rule.path(regex(given.path("path").asString()));
        }
        if (given.has("customer")) {
            rule.ofCustomer(given.path("customer").asString());
        }
        if (given.has("subscription")) {
            rule.ofSubscription(given.path("subscription").asString());
        }
        rule.nth(given.path("nth").asInt(1))
                .withProbability(given.path("probability").asDouble(1));
        return given.path("times").isString()
                ? rule.always()
                : rule.times(given.path("times").asInt(1));
    }

    private static String regex(String text) {
        try {
            return Pattern.compile(text).pattern();
        } catch (PatternSyntaxException e) {
            throw new ScenarioException(
                    "The path of a fault is no regular expression: %s (%s).".formatted(text, e.getDescription()), e);
        }
    }

    private static @Nullable String body(JsonNode given) {
        JsonNode body = given.get("body");
        if (body != null) {
            return body.isString() ? body.asString() : Json.text(body);
        }
        String code = text(given, "code");
        return code == null ? null : Errors.body(code, given.path("description").asString("Simulated error."));
    }

    private static Map<String, String> headers(JsonNode given) {
        Map<String, String> headers = new LinkedHashMap<>();
        given.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asString()));
        return headers;
    }

    private static @Nullable String text(JsonNode node, String member) {
        JsonNode value = node.get(member);
        return value == null ? null : value.asString();
    }
}
