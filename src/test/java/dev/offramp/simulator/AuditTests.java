package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AuditTests {

    private static final String CUSTOMER = "c0000000-0000-4000-8000-00000000000a";
    private static final String OTHER = "c0000000-0000-4000-8000-00000000000b";
    private static final String SUBSCRIPTION = "50000000-0000-4000-8000-00000000000a";
    private static final String CORRELATION = "66666666-7777-4888-8999-aaaaaaaaaaaa";

    private final HandClock clock = new HandClock("2026-11-20T10:00:00Z");
    private PartnerCenterSimulator simulator;
    private Caller caller;

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void recordsWhatWasChangedByWhichCall() {
        start(basis());
        caller.with("MS-CorrelationId", CORRELATION).cancel(CUSTOMER, SUBSCRIPTION);
        clock.advance(Duration.ofSeconds(1));
        caller.unlink(CUSTOMER);

        JsonNode records = records("startDate=2026-11-20");

        assertThat(records.path("totalCount").asInt()).isEqualTo(2);
        assertThat(records.path("items").path(0).path("operationType").asString())
                .isEqualTo("remove_partner_customer_relationship");
        JsonNode cancel = records.path("items").path(1);
        assertThat(cancel.path("operationType").asString()).isEqualTo("update_subscription");
        assertThat(cancel.path("operationStatus").asString()).isEqualTo("succeeded");
        assertThat(cancel.path("originalCorrelationId").asString()).isEqualTo(CORRELATION);
        assertThat(Json.read(cancel.path("resourceNewValue").asString())
                        .path("Status")
                        .asString())
                .isEqualTo("deleted");
    }

    @Test
    void filtersByCustomerAndCallsARefusedChangeFailed() {
        start(basis());
        caller.cancel(CUSTOMER, SUBSCRIPTION);
        caller.cancel(CUSTOMER, SUBSCRIPTION);
        caller.unlink(OTHER);

        String filter = URLEncoder.encode(
                "{\"Field\":\"CustomerId\",\"Value\":\"" + CUSTOMER + "\",\"Operator\":\"equals\"}",
                StandardCharsets.UTF_8);

        assertThat(records("startDate=2026-11-20&size=500&filter=" + filter)
                        .path("items")
                        .findValuesAsString("operationStatus"))
                .containsExactly("failed", "succeeded");
    }

    @Test
    void refusesADayInAnotherFormOrMoreThanNinetyDaysAgo() {
        start(basis());

        assertThat(caller.get("/v1/auditrecords?startDate=20.11.2026").status()).isEqualTo(400);
        assertThat(caller.get("/v1/auditrecords?startDate=2026-08-21").status()).isEqualTo(400);
        assertThat(caller.get("/v1/auditrecords?startDate=2026-08-22").status()).isEqualTo(200);
        assertThat(caller.get("/v1/auditrecords").status()).isEqualTo(200);
        assertThat(caller.get("/v1/auditrecords?filter=x").status()).isEqualTo(400);
    }

    @Test
    void handsOutItsRecordsPageByPage() {
        start(basis());
        caller.cancel(CUSTOMER, SUBSCRIPTION);
        clock.advance(Duration.ofSeconds(1));
        caller.unlink(CUSTOMER);
        clock.advance(Duration.ofSeconds(1));
        caller.unlink(OTHER);

        JsonNode first = records("startDate=2026-11-20&size=2");
        JsonNode header = first.at("/links/next/headers/0");
        JsonNode second = caller.with(
                        "MS-ContinuationToken", header.path("value").asString())
                .get("/v1/auditrecords?startDate=2026-11-20&size=2")
                .json();

        assertThat(header.path("key").asString()).isEqualTo("MS-ContinuationToken");
        assertThat(first.path("items").findValuesAsString("customerId")).containsExactly(OTHER, CUSTOMER);
        assertThat(second.path("items").findValuesAsString("operationType")).containsExactly("update_subscription");
        assertThat(second.at("/links").has("next")).isFalse();
        assertThat(caller.with("MS-ContinuationToken", "x")
                        .get("/v1/auditrecords?startDate=2026-11-20")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void writesItsRecordsAsLateAndAsAnonymouslyAsTheScenarioSays() {
        start(basis().where("auditDelay", "15m").where("auditCorrelation", "missing"));
        caller.with("MS-CorrelationId", CORRELATION).cancel(CUSTOMER, SUBSCRIPTION);
        assertThat(records("").path("totalCount").asInt()).isZero();

        clock.advance(Duration.ofMinutes(15));

        assertThat(records("").path("items").path(0).has("originalCorrelationId"))
                .isFalse();
    }

    private static ScenarioBuilder basis() {
        return Scenario.builder()
                .customer("Contoso", c -> c.id(CUSTOMER).newCommerceLicence(s -> s.id(SUBSCRIPTION)))
                .customer("Fabrikam", c -> c.id(OTHER));
    }

    private void start(ScenarioBuilder scenario) {
        simulator = PartnerCenterSimulator.start(scenario.build(), 0, clock);
        caller = Caller.asUser(simulator);
    }

    private JsonNode records(String query) {
        return caller.get("/v1/auditrecords?" + query).json();
    }
}
