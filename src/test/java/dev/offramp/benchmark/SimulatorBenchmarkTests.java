package dev.offramp.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.simulator.Scenario;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimulatorBenchmarkTests {

    @Test
    void readsEveryCustomerAndGetsAnAnswerToEveryRequest() throws IOException {
        try (var simulator = PartnerCenterSimulator.start(Scenario.portfolio(1200, 1, Map.of()), 0)) {
            var result = SimulatorBenchmark.measure(simulator.baseUri(), 1200, Duration.ofMillis(600));

            assertThat(result.readsWholeList()).isTrue();
            assertThat(result.failures()).isZero();
            assertThat(result.requests()).isGreaterThan(50);
        }
    }
}
