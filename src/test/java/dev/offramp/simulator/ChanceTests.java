package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChanceTests {

    private static final String CUSTOMER = "c0000000-0000-4000-8000-00000000000a";
    private static final String SUBSCRIPTION = "50000000-0000-4000-8000-00000000000a";

    private final HandClock clock = new HandClock("2026-11-20T10:00:00Z");
    private PartnerCenterSimulator simulator;
    private Caller caller;

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void drawsTheSameForTheSameSeed() {
        start(basis().seed(7).fault(often()));
        String first = drawn();
        simulator.reset();
        assertThat(drawn()).isEqualTo(first).contains("200").contains("503");
        stop();

        start(basis().seed(8).fault(often()));
        assertThat(drawn()).isNotEqualTo(first);
    }

    @Test
    void spreadsDelaysAsItIsTold() {
        start(basis());
        SplittableRandom random = new SplittableRandom(1);
        Latency even = Latency.of(Json.read("""
                {"distribution": "uniform", "from": "10ms", "to": "20ms"}"""));
        Latency seldomLong = Latency.of(Json.read("""
                {"distribution": "exponential", "mean": "80ms", "to": "1s"}"""));

        assertThat(Stream.generate(() -> even.draw(random)).limit(200))
                .allMatch(delay -> delay.toMillis() >= 10 && delay.toMillis() <= 20);
        double mean = IntStream.range(0, 5000)
                .mapToLong(n -> seldomLong.draw(random).toNanos())
                .average()
                .orElseThrow();
        assertThat(mean / 1e6).isBetween(70.0, 90.0);
        assertThat(Latency.of(seldomLong.node())).isEqualTo(seldomLong);
    }

    @Test
    void answersGarbageAfterTheChange() {
        start(basis().fault(Fault.on("cancel").answersGarbage()));

        Caller.Reply reply = caller.cancel(CUSTOMER, SUBSCRIPTION);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).contains("<html>");
        assertThat(simulator.calls()).singleElement().matches(Call::changed);
    }

    @Test
    void letsATokenExpireInTheMiddle() {
        start(basis().fault(Fault.on("read-customer").nth(2).findsItsTokenExpired()));

        assertThat(caller.customer(CUSTOMER).status()).isEqualTo(200);
        assertThat(caller.customer(CUSTOMER).said()).isEqualTo("401/400");
        assertThat(caller.customer(CUSTOMER).said()).isEqualTo("401/400");
        caller.with("Authorization", "Bearer " + caller.userToken());
        assertThat(caller.customer(CUSTOMER).status()).isEqualTo(200);
    }

    @Test
    void livesInAnotherTime() {
        start(basis().where("clockSkew", "-2h"));

        assertThat(caller.customer(CUSTOMER).header("Date")).isEqualTo("Fri, 20 Nov 2026 08:00:00 GMT");
        assertThat(caller.post("/simulator/clock", "{\"ahead\": \"+5m\"}").status())
                .isEqualTo(201);
        caller.with("Authorization", "Bearer " + caller.userToken());
        assertThat(caller.customer(CUSTOMER).header("Date")).isEqualTo("Fri, 20 Nov 2026 10:05:00 GMT");
    }

    @Test
    void letsEtagsGrowOld() {
        start(Scenario.builder()
                .where("etagLifetime", "5m")
                .customer("Contoso", c -> c.id(CUSTOMER).legacyLicence(s -> s.id(SUBSCRIPTION))));
        String etag = caller.subscription(CUSTOMER, SUBSCRIPTION)
                .json()
                .path("attributes")
                .path("etag")
                .asString();
        clock.advance(Duration.ofMinutes(6));
        String body = "{\"status\": \"suspended\", \"autoRenewEnabled\": true}";
        String path = "/v1/customers/" + CUSTOMER + "/subscriptions/" + SUBSCRIPTION;

        assertThat(caller.with("If-Match", "\"" + etag + "\"").patch(path, body).said())
                .isEqualTo("400/2055");
        caller.subscription(CUSTOMER, SUBSCRIPTION);
        assertThat(caller.patch(path, body).status()).isEqualTo(200);
    }

    private static Fault often() {
        return Fault.on("read-customer").always().withProbability(0.3).answers(503);
    }

    private static ScenarioBuilder basis() {
        return Scenario.builder().customer("Contoso", c -> c.id(CUSTOMER).newCommerceLicence(s -> s.id(SUBSCRIPTION)));
    }

    /** The statuses of thirty reads. */
    private String drawn() {
        caller.with("Authorization", "Bearer " + caller.userToken());
        StringBuilder drawn = new StringBuilder();
        for (int n = 0; n < 30; n++) {
            drawn.append(caller.customer(CUSTOMER).status()).append(' ');
        }
        return drawn.toString();
    }

    private void start(ScenarioBuilder scenario) {
        simulator = PartnerCenterSimulator.start(scenario.build(), 0, clock);
        caller = Caller.asUser(simulator);
    }
}
