package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThrottleTests {

    private static final String ONE = "c0000000-0000-4000-8000-000000000001";
    private static final String TWO = "c0000000-0000-4000-8000-000000000002";

    private final HandClock clock = new HandClock("2026-11-20T10:00:00Z");
    private PartnerCenterSimulator simulator;
    private Caller caller;

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void answers429InItsOwnShapeWhenTheMinuteIsSpent() {
        start(basis().limit(Limit.perMinute("subscription", 2)));
        caller.subscriptions(ONE);
        caller.subscriptions(TWO);
        clock.advance(Duration.ofMillis(2500));

        Caller.Reply reply = caller.subscriptions(ONE);

        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.header("Retry-After")).isEqualTo("58");
        assertThat(reply.json())
                .isEqualTo(Json.read(
                        "{\"statusCode\":429,\"message\":\"Rate limit is exceeded. Try again in 58 seconds.\"}"));
        assertThat(caller.customer(ONE).status()).as("another resource").isEqualTo(200);
        clock.advance(Duration.ofSeconds(58));
        assertThat(caller.subscriptions(ONE).status()).isEqualTo(200);
    }

    @Test
    void countsPerCustomerWhenTheLimitSaysSo() {
        start(basis().limit(new Limit("customer", true, 1, Duration.ofMinutes(1))));

        assertThat(caller.customer(ONE).status()).isEqualTo(200);
        assertThat(caller.customer(ONE).status()).isEqualTo(429);
        assertThat(caller.customer(TWO).status()).isEqualTo(200);
        assertThat(simulator.holds())
                .singleElement()
                .satisfies(hold -> assertThat(hold.customer()).isEqualTo(ONE));
    }

    @Test
    void refusesAScriptedBurstAndKeepsTheHold() {
        start(basis().burst(Burst.of(2, "customer", Duration.ofSeconds(7))));

        assertThat(caller.customer(ONE).header("Retry-After")).isEqualTo("7");
        assertThat(caller.unlink(TWO).status()).isEqualTo(429);
        assertThat(caller.unlink(TWO).status()).isEqualTo(200);
        assertThat(simulator.calls())
                .extracting(Call::status, Call::changed)
                .containsExactly(tuple(429, false), tuple(200, true));
        assertThat(simulator.holds()).hasSize(2);
        assertThat(simulator.holds().getFirst()).satisfies(hold -> {
            assertThat(hold.from()).isEqualTo("2026-11-20T10:00:00Z");
            assertThat(hold.until()).isEqualTo("2026-11-20T10:00:07Z");
        });
    }

    @Test
    void findsCallsThatArriveInsideAHold() {
        start(basis().burst(Burst.of(1, "subscription", Duration.ofSeconds(5))));
        caller.subscriptions(ONE);
        clock.advance(Duration.ofSeconds(4));
        caller.subscriptions(TWO);
        caller.customer(TWO);

        assertThat(inside())
                .singleElement()
                .asString()
                .contains("list-subscriptions")
                .contains("10:00:04");
    }

    @Test
    void findsNothingWhenEverybodyWaits() {
        start(basis().burst(Burst.of(1, "subscription", Duration.ofSeconds(5))));
        caller.subscriptions(ONE);
        clock.advance(Duration.ofSeconds(5));
        caller.subscriptions(ONE);

        assertThat(inside()).isEmpty();
    }

    @Test
    void takesBurstsAndLimitsOverHttpWhileItRuns() {
        start(basis());

        assertThat(caller.post("/simulator/bursts", """
                {"resource": "customer", "calls": 1, "retryAfter": "3s"}""").status()).isEqualTo(201);
        assertThat(caller.customer(ONE).status()).isEqualTo(429);
        assertThat(caller.customer(ONE).status()).isEqualTo(200);
        assertThat(caller.post("/simulator/limits", """
                [{"resource": "any", "calls": 1, "window": "1m"}]""").status()).isEqualTo(201);
        caller.customer(ONE);
        assertThat(caller.subscriptions(ONE).status()).isEqualTo(429);
        assertThat(caller.get("/simulator/holds").json().path("holds")).hasSize(2);
        simulator.limit(List.of());
        assertThat(caller.subscriptions(ONE).status()).isEqualTo(200);
    }

    private List<String> inside() {
        return CallChecker.insideHolds(simulator.calls(), simulator.reads(), simulator.holds(), Duration.ZERO);
    }

    private static ScenarioBuilder basis() {
        return Scenario.builder().customer("One", c -> c.id(ONE)).customer("Two", c -> c.id(TWO));
    }

    private void start(ScenarioBuilder scenario) {
        simulator = PartnerCenterSimulator.start(scenario.build(), 0, clock);
        caller = Caller.asUser(simulator);
    }
}
