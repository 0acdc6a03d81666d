package dev.offramp.simulator;

import tools.jackson.databind.node.ObjectNode;

/** Writes limits, bursts and faults as they would stand in a scenario file. */
final class RuleWriter {

    private RuleWriter() {}

    static ObjectNode node(Limit limit) {
        return Json.object()
                .put("resource", limit.resource())
                .put("per", limit.perCustomer() ? "customer" : "tenant")
                .put("calls", limit.calls())
                .put("window", Durations.text(limit.window()));
    }

    static ObjectNode node(Burst burst) {
        ObjectNode node = Json.object().put("resource", burst.resource());
        if (burst.customer() != null) {
            node.put("customer", burst.customer());
        }
        return node.put("after", burst.after())
                .put("calls", burst.calls())
                .put("retryAfter", burst.retryAfter().toSeconds() + "s");
    }

    static ObjectNode node(Fault fault) {
        ObjectNode node = Json.object();
        if (fault.operation() != null) {
            node.put("operation", fault.operation());
        }
        if (fault.method() != null) {
            node.put("method", fault.method());
        }
        if (fault.path() != null) {
            node.put("path", fault.path().pattern());
        }
        if (fault.customer() != null) {
            node.put("customer", fault.customer());
        }
        if (fault.subscription() != null) {
            node.put("subscription", fault.subscription());
        }
        node.put("nth", fault.nth());
        if (fault.times() == Integer.MAX_VALUE) {
            node.put("times", "always");
        } else {
            node.put("times", fault.times());
        }
        if (fault.probability() < 1) {
            node.put("probability", fault.probability());
        }
        node.put("action", fault.action().word());
        node.put("when", fault.afterEffect() ? "after-effect" : "before-effect");
        node.set("delay", fault.latency().node());
        if (fault.action() == Fault.Action.ANSWER) {
            node.put("status", fault.status());
            if (fault.body() != null) {
                node.put("body", fault.body());
            }
            ObjectNode headers = node.putObject("headers");
            fault.headers().forEach(headers::put);
        }
        return node;
    }
}
