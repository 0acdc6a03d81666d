package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AzureTests {

    private static final String CUSTOMER = "c0000000-0000-4000-8000-00000000000a";
    private static final String PLAN = "50000000-0000-4000-8000-00000000000a";
    private static final String AZURE = "a0000000-0000-4000-8000-00000000000a";

    private final HandClock clock = new HandClock("2026-11-20T10:00:00Z");
    private final PartnerCenterSimulator simulator = PartnerCenterSimulator.start(
            Scenario.builder()
                    .customer(
                            "Contoso",
                            c -> c.id(CUSTOMER)
                                    .azurePlan(s -> s.id(PLAN).azureSubscription(AZURE))
                                    .newCommerceLicence(s -> s))
                    .build(),
            0,
            clock);
    private final Caller caller = Caller.asApplication(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void keepsAPlanWithAnActiveAzureSubscription() {
        assertThat(caller.change(CUSTOMER, PLAN, "deleted").said()).isEqualTo("403/900115");
        assertThat(caller.change(CUSTOMER, PLAN, "suspended").said()).isEqualTo("403/900115");
    }

    @Test
    void showsACancelledAzureSubscriptionAsActiveForTenMinutesMore() {
        assertThat(caller.get(azure())
                        .json()
                        .path("items")
                        .path(0)
                        .path("status")
                        .asString())
                .isEqualTo("active");

        Caller.Reply reply = cancel("compromise");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("status").asString()).isEqualTo("active");
        assertThat(caller.change(CUSTOMER, PLAN, "deleted").said()).isEqualTo("403/900115");
        clock.advance(Duration.ofMinutes(10));
        assertThat(caller.get(azure() + "/" + AZURE).json().path("status").asString())
                .isEqualTo("inactive");
        assertThat(caller.change(CUSTOMER, PLAN, "deleted").status()).isEqualTo(200);
    }

    @Test
    void refusesAnotherReasonAndAnUnknownAzureSubscription() {
        assertThat(cancel("because").said()).isEqualTo("400/900307");
        assertThat(caller.post(azure() + "/" + PLAN + "/cancel", "{}").said()).isEqualTo("404/800111");
        assertThat(simulator.calls()).noneMatch(Call::changed);
    }

    @Test
    void countsACallForACancelledAzureSubscriptionAsOneTooMany() {
        cancel("compromise");
        cancel("compromise");

        assertThat(CallChecker.repeatedAfterEffect(simulator.calls()))
                .singleElement()
                .asString()
                .contains("Azure subscription " + AZURE);
    }

    private Caller.Reply cancel(String reason) {
        return caller.post(azure() + "/" + AZURE + "/cancel", "{\"cancellationReason\": \"" + reason + "\"}");
    }

    private static String azure() {
        return "/v1/customers/" + CUSTOMER + "/subscriptions/" + PLAN + "/azureEntitlements";
    }
}
