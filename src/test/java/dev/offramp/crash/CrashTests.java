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
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * One node over a database file: a real process, a real broker, real HTTP, and SIGKILL. {@code ChaosTests} does it to
 * several nodes over PostgreSQL.
 */
@Execution(ExecutionMode.CONCURRENT)
class CrashTests {

    private static final int REQUESTS = 24;
    private static final List<Point> POINTS =
            List.of(Point.TRY_WRITTEN, Point.REPLY_READ, Point.REPLY_WRITTEN, Point.SETTLED, Point.CHUNK_COMMITTED);

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

    @Test
    void endsEveryRequestOnceThoughTheProcessDiesAtEachPoint() {
        installation.send();
        POINTS.forEach(this::diesAt);
        diesBetweenACallAndItsAnswer();
        // The last one, as the work goes on while the relay stands still.
        diesAt(Point.OUTCOME_SENT);

        finishesEverything();
    }

    private void diesAt(Point point) {
        try (var doomed = installation.startService(point)) {
            until(doomed, () -> doomed.said(HaltingOfframp.sign(point)));
            doomed.kill();
        }
    }

    private void diesBetweenACallAndItsAnswer() {
        int before = calls();
        installation.simulator().add(Fault.on("cancel").waitsAfterTheEffect(Duration.ofSeconds(20)));
        try (var doomed = installation.startService(Point.NOWHERE)) {
            until(doomed, () -> calls() > before);
            doomed.kill();
        }
        installation.simulator().clearFaults();
    }

    private int calls() {
        return installation.simulator().calls().size();
    }

    private void finishesEverything() {
        try (var service = installation.startService(Point.NOWHERE)) {
            until(service, () -> installation.finalOutcomes().size() == REQUESTS);
            assertThat(installation.finalOutcomes())
                    .as(service.newestLines())
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
