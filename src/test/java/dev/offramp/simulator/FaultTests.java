package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultTests {

    private static final String CUSTOMER = "c0000000-0000-4000-8000-00000000000e";
    private static final String FIRST = "50000000-0000-4000-8000-000000000001";
    private static final String SECOND = "50000000-0000-4000-8000-000000000002";

    private final HandClock clock = new HandClock("2026-11-20T10:00:00Z");
    private final PartnerCenterSimulator simulator = PartnerCenterSimulator.start(
            Scenario.builder()
                    .customer(
                            "Contoso",
                            c -> c.id(CUSTOMER)
                                    .newCommerceLicence(s -> s.id(FIRST))
                                    .newCommerceLicence(s -> s.id(SECOND)))
                    .build(),
            0,
            clock);
    private final Caller caller = Caller.asUser(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    /** Each way to lose an answer, and whether the change is made all the same. */
    enum Loss {
        CUT_BEFORE(FaultRule::cutsOffBeforeTheEffect, "cut-off", false),
        CUT_AFTER(FaultRule::cutsOffAfterTheEffect, "cut-off", true),
        RESET_BEFORE(FaultRule::resetsBeforeTheEffect, "reset", false),
        RESET_AFTER(FaultRule::resetsAfterTheEffect, "reset", true),
        HALF_BODY(FaultRule::cutsTheBodyInHalf, "half-body", true);

        private final Function<FaultRule, Fault> action;
        private final String reply;
        private final boolean effect;

        Loss(Function<FaultRule, Fault> action, String reply, boolean effect) {
            this.action = action;
            this.reply = reply;
            this.effect = effect;
        }
    }

    @ParameterizedTest
    @EnumSource
    void losesTheAnswerBeforeOrAfterTheEffect(Loss loss) {
        simulator.add(loss.action.apply(Fault.on("cancel").ofSubscription(FIRST)));

        assertThatThrownBy(() -> caller.cancel(CUSTOMER, FIRST)).isInstanceOf(UncheckedIOException.class);

        assertThat(status(FIRST)).isEqualTo(loss.effect ? "deleted" : "active");
        assertThat(simulator.calls()).singleElement().satisfies(call -> {
            assertThat(call.reply()).isEqualTo(loss.reply);
            assertThat(call.changed()).isEqualTo(loss.effect);
        });
        assertThat(caller.cancel(CUSTOMER, SECOND).status())
                .as("the rule holds once")
                .isEqualTo(200);
    }

    @Test
    void strikesAtTheNthCallAndAsOftenAsAsked() {
        simulator.add(Fault.on("cancel").nth(2).times(2).answers(503));

        assertThat(caller.cancel(CUSTOMER, FIRST).status()).isEqualTo(200);
        assertThat(caller.cancel(CUSTOMER, SECOND).status()).isEqualTo(503);
        assertThat(caller.cancel(CUSTOMER, SECOND).status()).isEqualTo(503);
        assertThat(caller.cancel(CUSTOMER, SECOND).status()).isEqualTo(200);
    }

    @Test
    void answersReadsWithAnErrorForOneCustomerOnlyUntilCleared() {
        simulator.add(
                Fault.on("read").ofCustomer(CUSTOMER).always().answers(500, "800003", "Unexpected service error."));

        assertThat(caller.customer(CUSTOMER).said()).isEqualTo("500/800003");
        assertThat(caller.subscriptions(CUSTOMER).said()).isEqualTo("500/800003");
        simulator.clearFaults();
        assertThat(caller.customer(CUSTOMER).status()).isEqualTo(200);
    }

    @Test
    void makesTheChangeAndStillAnswersWithAnError() {
        simulator.add(Fault.on("cancel").answersAfterTheEffect(500));

        assertThat(caller.cancel(CUSTOMER, FIRST).status()).isEqualTo(500);
        assertThat(status(FIRST)).isEqualTo("deleted");
    }

    @Test
    void acceptsAndMakesTheChangeLater() {
        simulator.add(Fault.on("cancel").acceptsAndCarriesOutAfter(Duration.ofSeconds(30)));

        Caller.Reply reply = caller.cancel(CUSTOMER, FIRST);

        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.body()).isEmpty();
        assertThat(reply.header("Location")).isEqualTo("/customers/" + CUSTOMER + "/subscriptions/" + FIRST);
        assertThat(status(FIRST)).isEqualTo("active");
        assertThat(simulator.calls().getFirst().changed()).isFalse();
        clock.advance(Duration.ofSeconds(30));
        assertThat(status(FIRST)).isEqualTo("deleted");
        assertThat(simulator.calls().getFirst().changed()).isTrue();
    }

    @Test
    void delaysAndThenLosesTheAnswer() {
        simulator.add(Fault.on("cancel").waitsBeforeTheEffect(Duration.ofMillis(1)));
        simulator.add(Fault.on("cancel").cutsOffAfterTheEffect());

        assertThatThrownBy(() -> caller.cancel(CUSTOMER, FIRST)).isInstanceOf(UncheckedIOException.class);
        assertThat(status(FIRST)).isEqualTo("deleted");
    }

    @Test
    void takesRulesOverHttpWhileItRuns() {
        assertThat(caller.post("/simulator/faults", """
                {"method": "PATCH", "path": "/subscriptions/", "action": "answer", "status": 409, "code": "800082"}""").status()).isEqualTo(201);
        assertThat(caller.get("/simulator/faults").json().path("faults")).hasSize(1);
        assertThat(caller.cancel(CUSTOMER, FIRST).said()).isEqualTo("409/800082");
        assertThat(simulator.calls().getFirst().code()).isEqualTo("800082");
        assertThat(caller.delete("/simulator/faults").status()).isEqualTo(204);
        assertThat(simulator.faults()).isEmpty();
    }

    @Test
    void refusesARuleThatItDoesNotUnderstand() {
        Caller.Reply reply = caller.post("/simulator/faults", "{\"operation\": \"cancel\", \"action\": \"explode\"}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("/faults/0/action");
    }

    @Test
    void spoilsTokenAnswersToo() {
        simulator.add(Fault.on("token").answers(503));

        assertThat(caller.refresh(simulator.refreshToken()).status()).isEqualTo(503);
        assertThat(caller.refresh(simulator.refreshToken()).status()).isEqualTo(200);
    }

    @Test
    void showsCallsStateAndBeginsAnewOnRequest() {
        caller.with("MS-RequestId", "4f0f0b2e-0000-4000-8000-000000000001").cancel(CUSTOMER, FIRST);

        var call = caller.get("/simulator/calls").json().path("calls").path(0);
        assertThat(call.path("operation").asString()).isEqualTo("cancel");
        assertThat(call.path("requestId").asString()).isEqualTo("4f0f0b2e-0000-4000-8000-000000000001");
        assertThat(call.path("changed").asBoolean()).isTrue();
        assertThat(call.path("body").asString()).contains("\"deleted\"");
        assertThat(caller.get("/simulator/state").body()).contains("\"status\":\"deleted\"");
        assertThat(caller.post("/simulator/reset", "").status()).isEqualTo(204);
        assertThat(caller.get("/simulator/state").body()).doesNotContain("\"status\":\"deleted\"");
        assertThat(simulator.calls()).isEmpty();
    }

    private String status(String subscription) {
        return caller.subscription(CUSTOMER, subscription).json().path("status").asString();
    }
}
