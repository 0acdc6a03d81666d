package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OrderTests {

    private static final String CUSTOMER = "c0000000-0000-4000-8000-00000000000a";
    private static final String SOFTWARE = "50000000-0000-4000-8000-00000000000a";
    private static final String LICENCE = "50000000-0000-4000-8000-00000000000b";
    private static final String PERPETUAL = "2y6dF_rVgDAXMxypQPPnTquuXhKVK_3N1";
    private static final String RESERVATION = "Rs6dF_rVgDAXMxypQPPnTquuXhKVK_3N1";

    private final HandClock clock = new HandClock("2026-11-20T10:00:00Z");
    private PartnerCenterSimulator simulator;
    private Caller caller;

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void cancelsPerpetualSoftwareByItsOrderAlone() {
        start(basis());

        Caller.Reply reply = cancel(PERPETUAL);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("status").asString()).isEqualTo("cancelled");
        assertThat(reply.json().path("lineItems").path(0).path("quantity").asInt())
                .isZero();
        assertThat(cancel(PERPETUAL).said()).isEqualTo("400/800061");
        assertThat(order(PERPETUAL).path("status").asString()).isEqualTo("cancelled");
    }

    @Test
    void cancelsASoftwareSubscriptionByItsOrder() {
        start(basis());
        String order = subscription(SOFTWARE).path("orderId").asString();

        assertThat(cancel(order).status()).isEqualTo(200);

        assertThat(subscription(SOFTWARE).path("status").asString()).isEqualTo("deleted");
        assertThat(order(order).path("status").asString()).isEqualTo("cancelled");
    }

    @Test
    void tellsHowFarEachLineOfAnOrderIs() {
        start(basis());
        cancel(PERPETUAL);

        assertThat(provisioning(RESERVATION)
                        .path("items")
                        .path(0)
                        .path("status")
                        .asString())
                .isEqualTo("fulfilled");
        assertThat(provisioning(PERPETUAL).path("items").path(0).path("status").asString())
                .isEqualTo("unfulfilled");
        assertThat(provisioning(PERPETUAL).path("totalCount").asInt()).isEqualTo(1);
        try (var user = Caller.asUser(simulator)) {
            assertThat(user.get(path("no-such-order") + "/provisioningstatus").said())
                    .isEqualTo("404/20000");
        }
    }

    private JsonNode provisioning(String order) {
        try (var user = Caller.asUser(simulator)) {
            return user.get(path(order) + "/provisioningstatus").json();
        }
    }

    @Test
    void refusesWhatIsNotCancelledByOrder() {
        start(basis());

        assertThat(cancel(subscription(LICENCE).path("orderId").asString()).said())
                .isEqualTo("400/800063");
        assertThat(cancel(RESERVATION).said()).isEqualTo("403/800019");
        assertThat(cancel("no-such-order").said()).isEqualTo("404/20000");
        assertThat(caller.patch(path(PERPETUAL), "{\"status\": \"completed\"}").said())
                .isEqualTo("400/800002");
    }

    @Test
    void keepsToTheWindowOfEach() {
        start(basis());
        clock.advance(Duration.ofDays(6));
        String software = subscription(SOFTWARE).path("orderId").asString();
        assertThat(cancel(software).said()).isEqualTo("400/900117");
        clock.advance(Duration.ofDays(23));
        assertThat(cancel(PERPETUAL).json().path("description").asString()).contains("30-day");
    }

    @Test
    void cancelsReservationsInASandboxAndForgetsTheirEntitlement() {
        start(basis().sandbox());
        caller.close();
        caller = Caller.asUser(simulator);
        assertThat(caller.entitlements(CUSTOMER).json().path("totalCount").asInt())
                .isEqualTo(1);

        assertThat(cancel(RESERVATION).status()).isEqualTo(200);

        assertThat(caller.entitlements(CUSTOMER).json().path("totalCount").asInt())
                .isZero();
    }

    @Test
    void cancelsTheNamedLinesOnly() {
        start(Scenario.builder()
                .customer("Contoso", c -> c.id(CUSTOMER).perpetualSoftware("first"))
                .build()
                .toJson()
                .replace("\"id\":\"first\"", "\"id\":\"first\",\"lines\":[{\"quantity\":2},{\"quantity\":3}]"));

        Caller.Reply reply = caller.patch(path("first"), """
                {"id": "first", "status": "cancelled", "lineItems": [{"lineItemNumber": 1}]}""");

        assertThat(reply.json().path("status").asString()).isEqualTo("completed");
        assertThat(reply.json().path("lineItems").path(0).path("quantity").asInt())
                .isEqualTo(2);
        assertThat(reply.json().path("lineItems").path(1).path("quantity").asInt())
                .isZero();
    }

    @Test
    void showsACancelledOrderOnlyAfterAWhile() {
        start(basis().where("orderCancelTakes", "15m"));
        cancel(PERPETUAL);

        assertThat(order(PERPETUAL).path("status").asString()).isEqualTo("completed");
        clock.advance(Duration.ofMinutes(15));
        assertThat(order(PERPETUAL).path("status").asString()).isEqualTo("cancelled");
    }

    @Test
    void deletesASandboxCustomerOnceItsOrdersAreCancelled() {
        start(basis().sandbox());
        assertThat(caller.delete("/v1/customers/" + CUSTOMER).status()).isEqualTo(400);
        cancel(PERPETUAL);
        cancel(RESERVATION);
        cancel(subscription(SOFTWARE).path("orderId").asString());

        assertThat(caller.delete("/v1/customers/" + CUSTOMER).status()).isEqualTo(204);

        assertThat(caller.customer(CUSTOMER).status()).isEqualTo(404);
        assertThat(caller.get("/v1/customers").json().path("totalCount").asInt())
                .isZero();
    }

    @Test
    void deletesNobodyInProduction() {
        start(basis());

        assertThat(caller.delete("/v1/customers/" + CUSTOMER).said()).isEqualTo("400/900127");
    }

    private static ScenarioBuilder basis() {
        return Scenario.builder()
                .accessTokensLive(Duration.ofDays(1000))
                .customer(
                        "Contoso",
                        c -> c.id(CUSTOMER)
                                .software(s -> s.id(SOFTWARE))
                                .newCommerceLicence(s -> s.id(LICENCE))
                                .perpetualSoftware(PERPETUAL)
                                .reservationOrder(RESERVATION)
                                .entitlement("reservedinstance", e -> e.put("order", RESERVATION)));
    }

    private void start(ScenarioBuilder scenario) {
        start(scenario.build().toJson());
    }

    private void start(String scenario) {
        simulator = PartnerCenterSimulator.start(Scenario.parse(scenario), 0, clock);
        caller = Caller.asApplication(simulator);
    }

    private JsonNode subscription(String id) {
        return caller.subscription(CUSTOMER, id).json();
    }

    private JsonNode order(String id) {
        return caller.get(path(id)).json();
    }

    private Caller.Reply cancel(String order) {
        return caller.patch(path(order), "{\"id\": \"" + order + "\", \"status\": \"cancelled\"}");
    }

    private static String path(String order) {
        return "/v1/customers/" + CUSTOMER + "/orders/" + order;
    }
}
