package dev.offramp.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offramp.crash.HaltingOfframp.Point;
import dev.offramp.simulator.CallChecker;
import dev.offramp.simulator.Fault;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checker that the crash tests rely on must be able to fail: it does, over a service that is broken on purpose. */
class BrokenVariantTests {

    @TempDir
    private Path home;

    @Test
    void theCheckerCatchesAServiceThatRepeatsACallWithoutReading() {
        try (var installation = Installation.in(home, 1)) {
            installation.simulator().add(Fault.on("cancel").times(1).cutsOffAfterTheEffect());
            installation.send();
            try (var broken = installation.startService(RepeatingOfframp.class, Point.NOWHERE)) {
                await().atMost(Duration.ofSeconds(90))
                        .pollInterval(Duration.ofMillis(50))
                        .failFast(broken::mustLive)
                        .untilAsserted(() -> assertThat(CallChecker.repeatedAfterEffect(
                                        installation.simulator().calls()))
                                .as(broken.newestLines())
                                .isNotEmpty());
            }
        }
    }

    @Test
    void theCheckerFindsNothingWithTheRealServiceInTheSamePlace() {
        try (var installation = Installation.in(home, 1)) {
            installation.simulator().add(Fault.on("cancel").times(1).cutsOffAfterTheEffect());
            installation.send();
            try (var service = installation.startService(Point.NOWHERE)) {
                await().atMost(Duration.ofSeconds(90))
                        .pollInterval(Duration.ofMillis(50))
                        .failFast(service::mustLive)
                        .untilAsserted(() -> assertThat(installation.finalOutcomes())
                                .as(service.newestLines())
                                .hasSize(1));
                assertThat(CallChecker.repeatedAfterEffect(
                                installation.simulator().calls()))
                        .isEmpty();
            }
        }
    }
}
