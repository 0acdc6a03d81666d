package dev.offramp.batch;

import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.Admissions.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Expectation;
import dev.offramp.offboarding.Status;
import dev.offramp.partnercenter.SimulatedClient;
import dev.offramp.simulator.Burst;
import dev.offramp.simulator.CallChecker;
import dev.offramp.simulator.Fault;
import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.simulator.Scenario;
import dev.offramp.simulator.ScenarioBuilder;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.SettableClock;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * What no document says is a switch of the simulator; the core cases come to the same end under every value of each. As
 * many worlds as the longest switch has values are enough to meet every value.
 */
class UnknownsTests {

    private static final Map<String, List<Object>> SWITCHES = switches();

    private static Map<String, List<Object>> switches() {
        Map<String, List<Object>> all = new LinkedHashMap<>();
        all.put("idempotentRequestIds", List.of(false, true));
        all.put("requestIdAnswer", List.of("first-answer", "current-resource", "first-answer"));
        all.put(
                "unlinkRefused",
                List.of("400/900141", "400/3000", "400/800002", "403/2032", "409/900278", "500/900192"));
        all.put("unlinkBlockers", List.of("portal-page", "developer-page", "none"));
        all.put("suspendedNewCommerceBlocksUnlink", List.of(true, false));
        all.put("deletedAgain", List.of("2011", "800040", "200"));
        all.put("afterUnlink", List.of(403, 404));
        all.put("unlinkedAgain", List.of("20002", "3000", "404", "200"));
        all.put("ifMatchOnNewCommerce", List.of("ignored", "required", "error-when-empty"));
        all.put("changesAnswered", List.of("200", "202", "202-every-second"));
        all.put("acceptedShows", List.of("unchanged", "pending"));
        all.put("throttleScope", List.of("as-given", "tenant", "customer"));
        all.put("retryAfter", List.of("seconds", "date", "missing"));
        all.put("cancellationDate", List.of("shown", "null-when-closed", "null", "missing"));
        all.put("cancellationDateAfterRenewal", List.of("moved", "kept", "null"));
        all.put("refusedMinimalPatch", List.of("no-effect", "loses-auto-renew"));
        all.put("reservationStatus", List.of("none", "Fulfilled", "PrefulfillmentPending", "Unfulfilled"));
        all.put("cancelledReservations", List.of("gone", "listed"));
        all.put("auditCorrelation", List.of("callers", "servers", "missing"));
        all.put("azurePlanBody", List.of("usage", "product-type"));
        all.put("trialBody", List.of("scheduled", "plain"));
        return all;
    }

    static List<Map<String, Object>> worlds() {
        int most = SWITCHES.values().stream().mapToInt(List::size).max().orElseThrow();
        return IntStream.range(0, most).mapToObj(UnknownsTests::world).toList();
    }

    /** The switches are turned at different speeds, so that the worlds do not only count them up together. */
    private static Map<String, Object> world(int number) {
        Map<String, Object> world = new LinkedHashMap<>();
        int turn = 0;
        for (Map.Entry<String, List<Object>> each : SWITCHES.entrySet()) {
            int values = each.getValue().size();
            world.put(each.getKey(), each.getValue().get((number + turn++ / 2) % values));
        }
        return world;
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void comesToTheSameEndWhateverNobodyKnows(Map<String, Object> world) {
        SettableClock clock = new SettableClock(Admissions.START);
        var database = TestDatabase.H2.fresh();
        try (var simulator = PartnerCenterSimulator.start(scenario(world), 0, clock)) {
            Map<String, Request> asked = new LinkedHashMap<>();
            // Another node over the same database goes on; once is enough, as a start takes its time.
            if (world.equals(worlds().getFirst())) {
                try (var first = BatchNode.over(database, SimulatedClient.of(simulator, clock), clock, BUDGETS)) {
                    asked.putAll(ask(first));
                    first.work();
                }
                clock.pass(Duration.ofSeconds(20));
            }
            try (var node = BatchNode.over(database, SimulatedClient.of(simulator, clock), clock, BUDGETS)) {
                if (asked.isEmpty()) {
                    asked.putAll(ask(node));
                }
                goesOn(world, asked, simulator, node, clock);
            }
        }
    }

    private static void goesOn(
            Map<String, Object> world,
            Map<String, Request> asked,
            PartnerCenterSimulator simulator,
            BatchNode node,
            SettableClock clock) {
        for (int look = 0; look < 25 && !areOver(node, asked); look++) {
            node.work();
            clock.pass(Duration.ofSeconds(look < 4 ? 20 : 150));
        }

        Map<String, String> ends = new LinkedHashMap<>();
        asked.forEach((name, request) -> ends.put(name, end(node.read(request), simulator)));
        String refused = end(node.read(asked.get(REFUSED)), simulator);
        ends.remove(REFUSED);
        assertThat(ends).isEqualTo(EXPECTED);
        if (world.get("unlinkBlockers").equals("portal-page")) {
            assertThat(refused).endsWith(", reseller").doesNotStartWith("succeeded");
        } else {
            assertThat(refused).isEqualTo("succeeded, none");
        }
        assertThat(CallChecker.repeatedAfterEffect(simulator.calls())).isEmpty();
        assertThat(node.bugs()).isEmpty();
    }

    private static final String[] BUDGETS = {
        "offramp.safety.budget.customers.remove-reseller-relationship=10000",
        "offramp.safety.budget.customers.cancel-subscription=10000"
    };

    /** The order of software that keeps this customer is to be seen by the server only. */
    private static final String REFUSED = "unlink of one that only the server wants to keep";

    private static boolean areOver(BatchNode node, Map<String, Request> asked) {
        return asked.entrySet().stream()
                .filter(each -> !each.getKey().equals(REFUSED))
                .allMatch(each -> node.read(each.getValue()).status().isFinal());
    }

    /** Status of the request, and what is true at Partner Center. */
    private static final Map<String, String> EXPECTED = expected();

    private static Map<String, String> expected() {
        Map<String, String> ends = new LinkedHashMap<>();
        ends.put("cancel in time", "succeeded, deleted");
        ends.put("cancel of a deleted one", "succeeded, deleted");
        ends.put("cancel too late", "rejected, active");
        ends.put("cancel whose answer is lost", "succeeded, deleted");
        ends.put("cancel that is lost", "succeeded, deleted");
        ends.put("cancel of a marketplace one", "succeeded, deleted");
        ends.put("cancel of a trial", "rejected, active");
        ends.put("cancel that is throttled", "succeeded, deleted");
        ends.put("unlink of an empty one", "succeeded, none");
        ends.put("unlink of a busy one", "rejected, reseller");
        ends.put("unlink of one with a reservation", "rejected, reseller");
        ends.put("unlink whose answer is lost", "succeeded, none");
        return ends;
    }

    private static Scenario scenario(Map<String, Object> world) {
        ScenarioBuilder scenario = Scenario.builder()
                .named(world.toString())
                .partnerTenant(Admissions.PARTNER.value())
                .accessTokensLive(Duration.ofDays(1))
                .fault(Fault.on("cancel")
                        .ofSubscription(id("cancel whose answer is lost"))
                        .cutsOffAfterTheEffect())
                .fault(Fault.on("cancel")
                        .ofSubscription(id("cancel that is lost"))
                        .cutsOffBeforeTheEffect())
                .fault(Fault.on("unlink")
                        .ofCustomer(of("unlink whose answer is lost"))
                        .cutsOffAfterTheEffect())
                .burst(new Burst("subscription", of("cancel that is throttled"), 1, 1, Duration.ofSeconds(2)));
        world.forEach(scenario::where);
        for (String name : List.of(
                "cancel in time", "cancel whose answer is lost", "cancel that is lost", "cancel that is throttled")) {
            holding(scenario, name, "new-commerce", "active", "-1d");
        }
        holding(scenario, "cancel of a deleted one", "new-commerce", "deleted", "-1d");
        holding(scenario, "cancel too late", "new-commerce", "active", "-20d");
        holding(scenario, "cancel of a marketplace one", "marketplace", "active", "-1d");
        scenario.customer(
                "Trial",
                c -> c.id(of("cancel of a trial"))
                        .newCommerceLicence(s ->
                                s.id(id("cancel of a trial")).created("-1d").trial()));
        scenario.customer(
                "Empty", c -> c.id(of("unlink of an empty one")).newCommerceLicence(s -> s.status("deleted")));
        scenario.customer("Busy", c -> c.id(of("unlink of a busy one")).newCommerceLicence(s -> s));
        scenario.customer(
                "Reserved", c -> c.id(of("unlink of one with a reservation")).reservation("reservedinstance"));
        scenario.customer("Lost", c -> c.id(of("unlink whose answer is lost")));
        scenario.customer("Kept", c -> c.id(of(REFUSED)).perpetualSoftware("a-perpetual-licence"));
        return scenario.build();
    }

    private static void holding(ScenarioBuilder scenario, String name, String kind, String status, String created) {
        scenario.customer(name, c -> {
            var held = c.id(of(name));
            return kind.equals("marketplace")
                    ? held.marketplaceSaas(s -> s.id(id(name)).status(status).created(created))
                    : held.newCommerceLicence(s -> s.id(id(name)).status(status).created(created));
        });
    }

    private static Map<String, Request> ask(BatchNode node) {
        Map<String, Request> asked = new LinkedHashMap<>();
        for (String name :
                Stream.concat(EXPECTED.keySet().stream(), Stream.of(REFUSED)).toList()) {
            Admissions admission = name.startsWith("cancel")
                    ? Admissions.cancel().of(customer(name), subscription(name))
                    : Admissions.unlink().of(customer(name)).expecting(Expectation.NONE);
            asked.put(name, node.admit(admission));
        }
        return asked;
    }

    private static String end(Request request, PartnerCenterSimulator simulator) {
        JsonNode held = simulator
                .stateOf(request.admission().customerId().value())
                .path("customers")
                .path(0);
        String truth = request.admission().subscriptionId() == null
                ? held.path("relationship").asString()
                : held.path("subscriptions").path(0).path("status").asString();
        String status = request.status() == Status.SUCCEEDED || request.status() == Status.REJECTED
                ? request.status().word()
                : request.status().word() + " (" + request.reason().word() + ": " + request.message() + ")";
        return status + ", " + truth;
    }

    private static String of(String name) {
        return customer(name).value();
    }

    private static String id(String name) {
        return subscription(name).value();
    }

    @Test
    void meetsEveryValueOfEverySwitch() {
        List<String> unmet = new ArrayList<>();
        SWITCHES.forEach((name, values) -> values.forEach(value -> {
            if (worlds().stream().noneMatch(world -> world.get(name).equals(value))) {
                unmet.add(name + "=" + value);
            }
        }));
        assertThat(unmet).isEmpty();
    }
}
