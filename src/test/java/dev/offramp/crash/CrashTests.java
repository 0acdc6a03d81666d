package dev.offramp.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offramp.crash.HaltingOfframp.Point;
import dev.offramp.simulator.Call;
import dev.offramp.simulator.CallChecker;
import dev.offramp.simulator.Fault;
import dev.offramp.testing.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real process, a real broker, a real database file, real HTTP, and SIGKILL. */
@Execution(ExecutionMode.CONCURRENT)
class CrashTests {

    private static final int REQUESTS = 6;

    @TempDir
    private Path home;

    private Installation installation;

    @BeforeEach
    void start() {
        installation = Installation.in(home, REQUESTS);
    }

    @AfterEach
    void stop() {
        installation.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Point.class,
            names = {"TRY_WRITTEN", "REPLY_READ", "REPLY_WRITTEN", "CHUNK_COMMITTED", "OUTCOME_SENT"})
    void endsEveryRequestOnceWhenTheProcessDiesAt(Point point) {
        installation.send();
        try (var doomed = installation.startService(point)) {
            until(doomed, () -> doomed.said(HaltingOfframp.sign(point)));
            doomed.kill();
        }

        finishesEverything();
    }

    @Test
    void endsEveryRequestOnceWhenTheProcessDiesBetweenTheCallAndItsAnswer() {
        installation.simulator().add(Fault.on("cancel").waitsAfterTheEffect(Duration.ofSeconds(20)));
        installation.send();
        try (var doomed = installation.startService(Point.NOWHERE)) {
            until(doomed, () -> installation.simulator().calls().stream().anyMatch(Call::changed));
            doomed.kill();
        }
        installation.simulator().clearFaults();

        finishesEverything();
    }

    @Test
    void endsEveryRequestOnceWhenTheProcessDiesAtAnyTime() {
        Random random = new Random(20261121);
        installation.send();
        for (int kill = 0; kill < 2; kill++) {
            int calls = installation.simulator().calls().size() + 1 + random.nextInt(2);
            try (var doomed = installation.startService(Point.NOWHERE)) {
                until(doomed, () -> installation.simulator().calls().size() >= Math.min(calls, REQUESTS));
                doomed.kill();
            }
        }

        finishesEverything();
    }

    private void finishesEverything() {
        try (var service = installation.startService(Point.NOWHERE)) {
            until(service, () -> installation.finalOutcomes().size() == REQUESTS);
            assertThat(installation.finalOutcomes())
                    .allSatisfy((id, outcomes) -> assertThat(outcomes)
                            .as("final outcomes of " + id)
                            .singleElement()
                            .isEqualTo("succeeded done cancelled"));
            assertThat(CallChecker.repeatedAfterEffect(installation.simulator().calls()))
                    .isEmpty();
            assertThat(installation.simulator().calls().stream().filter(Call::changed))
                    .hasSize(REQUESTS);
            assertThat(service.said("BUG")).as(service.newestLines()).isFalse();
        }
    }

    private static void until(Program process, BooleanSupplier reached) {
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(20))
                .failFast(process::mustLive)
                .untilAsserted(() -> assertThat(reached.getAsBoolean())
                        .as(process.newestLines())
                        .isTrue());
    }
}
