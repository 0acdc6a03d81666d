package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LifeCycleTests {

    private static final String CUSTOMER = "c0000000-0000-4000-8000-00000000000a";
    private static final String SUBSCRIPTION = "50000000-0000-4000-8000-00000000000a";
    private static final String ADD_ON = "50000000-0000-4000-8000-00000000000b";

    private final HandClock clock = new HandClock("2026-11-20T10:00:00Z");
    private PartnerCenterSimulator simulator;
    private Caller caller;

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void renewsAtTheEndOfTheLastDayAndOpensTheWindowAgain() {
        holding(c ->
                c.newCommerceLicence(s -> s.id(SUBSCRIPTION).created("-300d").ends("+3d")));
        assertThat(caller.cancel(CUSTOMER, SUBSCRIPTION).said()).isEqualTo("400/900117");
        clock.advance(Duration.ofDays(3));
        assertThat(caller.cancel(CUSTOMER, SUBSCRIPTION).said()).isEqualTo("400/900117");

        clock.advance(Duration.ofHours(14));

        assertThat(subscription().path("cancellationAllowedUntilDate").asString())
                .isEqualTo("2026-12-01T00:00:00Z");
        assertThat(caller.cancel(CUSTOMER, SUBSCRIPTION).status()).isEqualTo(200);
    }

    @Test
    void letsATermWithoutRenewalExpireAndComeToItsEnd() {
        holding(c -> c.newCommerceLicence(s -> s.id(SUBSCRIPTION).ends("+3d").autoRenew(false)));

        clock.advance(Duration.ofDays(4));
        assertThat(subscription().path("status").asString()).isEqualTo("expired");
        clock.advance(Duration.ofDays(30));
        assertThat(subscription().path("status").asString()).isEqualTo("disabled");
        clock.advance(Duration.ofDays(90));
        assertThat(subscription().path("status").asString()).isEqualTo("deleted");
    }

    @Test
    void goesOnBillingSuspendedNewCommerceAndDisablesItAtTheEndOfItsTerm() {
        holding(c -> c.newCommerceLicence(s -> s.id(SUBSCRIPTION).ends("+3d")));

        assertThat(caller.change(CUSTOMER, SUBSCRIPTION, "suspended").status()).isEqualTo(200);

        assertThat(subscription().path("autoRenewEnabled").asBoolean()).isFalse();
        assertThat(state().path("billed").asBoolean()).isTrue();
        clock.advance(Duration.ofDays(4));
        assertThat(subscription().path("status").asString()).isEqualTo("disabled");
        assertThat(state().path("billed").asBoolean()).isFalse();
    }

    @Test
    void stopsBillingSuspendedLegacyAndDeletesItAfterNinetyDays() {
        holding(c -> c.legacyLicence(s -> s.id(SUBSCRIPTION)));
        caller.change(CUSTOMER, SUBSCRIPTION, "suspended");

        assertThat(state().path("billed").asBoolean()).isFalse();
        clock.advance(Duration.ofDays(90));
        assertThat(subscription().path("status").asString()).isEqualTo("deleted");
    }

    @Test
    void suspendsTheAddOnsWithTheirBaseAndEnablesNoneUnderASuspendedOne() {
        holding(c -> c.legacyLicence(s -> s.id(SUBSCRIPTION))
                .legacyLicence(s -> s.id(ADD_ON).addOnOf(SUBSCRIPTION)));
        assertThat(caller.get("/v1/customers/" + CUSTOMER + "/subscriptions/" + SUBSCRIPTION + "/addons")
                        .json()
                        .path("items")
                        .path(0)
                        .path("id")
                        .asString())
                .isEqualTo(ADD_ON);

        caller.change(CUSTOMER, SUBSCRIPTION, "suspended");

        assertThat(caller.subscription(CUSTOMER, ADD_ON).json().path("status").asString())
                .isEqualTo("suspended");
        assertThat(caller.change(CUSTOMER, ADD_ON, "active").said()).isEqualTo("409/27009");
    }

    @Test
    void leavesAutoRenewOffAfterAReactivation() {
        holding(c -> c.newCommerceLicence(s -> s.id(SUBSCRIPTION)));
        caller.change(CUSTOMER, SUBSCRIPTION, "suspended");

        caller.change(CUSTOMER, SUBSCRIPTION, "active");

        assertThat(subscription().path("autoRenewEnabled").asBoolean()).isFalse();
        assertThat(simulator.calls()).extracting(Call::operation).endsWith(Operation.REACTIVATE);
    }

    @Test
    void changesNoStatusDuringATrialAndRenewsItAsAPaidOne() {
        holding(c -> c.newCommerceLicence(s -> s.id(SUBSCRIPTION).trial().ends("+3d")));
        assertThat(caller.change(CUSTOMER, SUBSCRIPTION, "deleted").said()).isEqualTo("400/800096");
        assertThat(subscription().path("scheduledNextTermInstructions").isObject())
                .isTrue();

        clock.advance(Duration.ofDays(4));

        assertThat(subscription().path("isTrial").asBoolean()).isFalse();
        assertThat(caller.change(CUSTOMER, SUBSCRIPTION, "deleted").status()).isEqualTo(200);
    }

    @Test
    void turnsItsClockOnRequest() {
        holding(c -> c.newCommerceLicence(s -> s.id(SUBSCRIPTION).created("-6d")));
        assertThat(caller.post("/simulator/clock", "{\"advance\": \"2d\"}").status())
                .isEqualTo(201);
        caller.with("X-Locale", "en-US");

        assertThat(caller.cancel(CUSTOMER, SUBSCRIPTION).said()).isEqualTo("400/900117");
        assertThat(caller.customer(CUSTOMER).header("Date")).isEqualTo("Sun, 22 Nov 2026 10:00:00 GMT");
        assertThat(caller.post("/simulator/clock", "{\"advance\": \"soon\"}").status())
                .isEqualTo(400);
    }

    private void holding(UnaryOperator<CustomerBuilder> sentence) {
        simulator = PartnerCenterSimulator.start(
                Scenario.builder()
                        .accessTokensLive(Duration.ofDays(1000))
                        .customer("Contoso", c -> sentence.apply(c.id(CUSTOMER)))
                        .build(),
                0,
                clock);
        caller = Caller.asApplication(simulator);
    }

    private JsonNode subscription() {
        return caller.subscription(CUSTOMER, SUBSCRIPTION).json();
    }

    private JsonNode state() {
        return simulator
                .stateOf(CUSTOMER)
                .path("customers")
                .path(0)
                .path("subscriptions")
                .path(0);
    }
}
