package dev.offramp.simulator;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The simulator's own resources under /simulator: what arrived, what is held, and what is to go wrong. */
final class Control {

    private final PartnerCenterSimulator simulator;

    Control(PartnerCenterSimulator simulator) {
        this.simulator = simulator;
    }

    static boolean serves(HttpRequest request) {
        return request.path().equals("/simulator") || request.path().startsWith("/simulator/");
    }

    HttpAnswer answer(HttpRequest request) {
        String path = request.path();
        return switch (request.method() + " " + path) {
            case "GET /simulator" ->
                request.header("Accept").orElse("").contains("text/html")
                        ? HttpAnswer.html(
                                200,
                                new StatusPage(simulator)
                                        .html(request.query("q").orElse("")))
                        : about();
            case "GET /simulator/calls" -> json("calls", simulator.calls());
            case "GET /simulator/reads" -> reads();
            case "GET /simulator/holds" -> json("holds", simulator.holds());
            case "GET /simulator/state" ->
                HttpAnswer.json(
                        200,
                        Json.text(request.query("customer")
                                .map(simulator::stateOf)
                                .orElseGet(simulator::state)));
            case "GET /simulator/faults" -> faults();
            case "POST /simulator/faults" ->
                accepted(() -> given(
                        request,
                        "faults",
                        document -> RuleReader.faults(document).forEach(simulator::add)));
            case "DELETE /simulator/faults" -> done(simulator::clearFaults);
            case "POST /simulator/bursts" ->
                accepted(() -> given(
                        request,
                        "bursts",
                        document -> RuleReader.bursts(document).forEach(simulator::add)));
            case "GET /simulator/limits" -> limits();
            case "POST /simulator/limits" ->
                accepted(() -> given(request, "limits", document -> simulator.limit(RuleReader.limits(document))));
            case "POST /simulator/clock" -> accepted(() -> turnClock(request));
            case "POST /simulator/reset" -> done(simulator::reset);
            case "POST /simulator/tokens/revoke" -> done(simulator::revokeAccessTokens);
            case "POST /simulator/tokens/revoke-refresh" -> done(simulator::revokeRefreshTokens);
            case "GET /simulator/device" -> HttpAnswer.html(200, SignInPage.device());
            case "POST /simulator/device/approve" -> done(simulator::approveDeviceCodes);
            case "POST /simulator/device/decline" -> done(simulator::declineDeviceCodes);
            default -> HttpAnswer.text(404, "The simulator has no " + request.method() + " " + path);
        };
    }

    private HttpAnswer about() {
        ObjectNode about = Json.object().put("scenario", simulator.scenario().name());
        about.put("customers", simulator.customerCount());
        about.put("partnerTenantId", simulator.scenario().partnerTenantId());
        ArrayNode resources = about.putArray("resources");
        for (String resource : List.of(
                "GET /simulator/calls",
                "GET /simulator/reads",
                "GET /simulator/holds",
                "GET /simulator/state",
                "GET|POST|DELETE /simulator/faults",
                "POST /simulator/bursts",
                "GET|POST /simulator/limits",
                "POST /simulator/clock",
                "POST /simulator/tokens/revoke",
                "POST /simulator/tokens/revoke-refresh",
                "POST /simulator/device/approve",
                "POST /simulator/device/decline",
                "POST /simulator/reset")) {
            resources.add(resource);
        }
        return HttpAnswer.json(200, Json.text(about));
    }

    private HttpAnswer reads() {
        ObjectNode body = Json.object();
        body.set("counts", Json.tree(simulator.readCounts()));
        body.set("reads", Json.tree(simulator.reads()));
        return HttpAnswer.json(200, Json.text(body));
    }

    private HttpAnswer faults() {
        ObjectNode body = Json.object();
        ArrayNode all = body.putArray("faults");
        simulator.faults().forEach(fault -> all.add(RuleWriter.node(fault)));
        return HttpAnswer.json(200, Json.text(body));
    }

    private HttpAnswer limits() {
        ObjectNode body = Json.object();
        ArrayNode all = body.putArray("limits");
        simulator.limits().forEach(limit -> all.add(RuleWriter.node(limit)));
        return HttpAnswer.json(200, Json.text(body));
    }

    /** {@code advance} turns the clock on, {@code ahead} sets its difference. */
    private int turnClock(HttpRequest request) {
        try {
            JsonNode body = Json.read(request.text());
            if (body.has("advance")) {
                simulator.advanceClock(Durations.length(body.path("advance").asString("")));
            } else {
                simulator.skewClock(Durations.difference(body.path("ahead").asString("")));
            }
            return 1;
        } catch (JacksonException | IllegalArgumentException e) {
            throw new ScenarioException("The clock is turned by {\"advance\": \"3d\"} or {\"ahead\": \"-5m\"}.", e);
        }
    }

    private static HttpAnswer json(String name, Object value) {
        ObjectNode body = Json.object();
        body.set(name, Json.tree(value));
        return HttpAnswer.json(200, Json.text(body));
    }

    private static HttpAnswer done(Runnable change) {
        change.run();
        return HttpAnswer.empty(204);
    }

    private static HttpAnswer accepted(Supplier<Integer> change) {
        try {
            return HttpAnswer.json(201, Json.text(Json.object().put("added", change.get())));
        } catch (ScenarioException e) {
            return HttpAnswer.text(400, String.valueOf(e.getMessage()));
        }
    }

    /** One rule or an array of them, checked as they would be inside a scenario. */
    private static int given(HttpRequest request, String member, Consumer<JsonNode> use) {
        String text = request.text().strip();
        JsonNode checked =
                ScenarioSchema.checked("{\"" + member + "\":" + (text.startsWith("[") ? text : "[" + text + "]") + "}");
        use.accept(checked.path(member));
        return checked.path(member).size();
    }
}
