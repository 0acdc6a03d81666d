package dev.offramp.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offramp.Offramp;
import dev.offramp.crash.HaltingOfframp.Point;
import dev.offramp.simulator.Call;
import dev.offramp.testing.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A command that becomes a node itself, and a database file that another process has open. */
@Execution(ExecutionMode.CONCURRENT)
class StandaloneTests {

    @TempDir
    private Path home;

    private Installation installation;

    @BeforeEach
    void start() {
        installation = Installation.in(home, 3);
    }

    @AfterEach
    void stop() {
        installation.close();
    }

    @Test
    void namesWhoHasTheDatabaseFileOpenAndRunsWhenNobodyHasAnyMore() {
        try (var service = installation.startService(Point.NOWHERE)) {
            await().atMost(Duration.ofSeconds(90)).until(() -> service.said(" is up in live mode"));
            String holder = "process " + service.pid();

            try (var locked = run()) {
                assertThat(locked.exitCode()).as(locked.newestLines()).isEqualTo(1);
                assertThat(locked.newestLines().lines().toList().getLast())
                        .contains("The ledger in " + home + " is open in another process")
                        .contains(holder)
                        .contains("leave --standalone out")
                        .contains("--server http://127.0.0.1:");
            }
            try (var second = installation.startService(Offramp.class, Point.NOWHERE)) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.newestLines())
                        .contains("is open in another process")
                        .contains(holder)
                        .doesNotContain("\tat ");
            }
            // Its note stays behind, and is known to be old.
            service.kill();
        }
        assertThat(home.resolve("holder")).exists();

        try (var standalone = run()) {
            assertThat(standalone.exitCode()).as(standalone.newestLines()).isZero();
            assertThat(standalone.newestLines()).contains("3 succeeded");
        }
        assertThat(installation.simulator().calls().stream().filter(Call::changed))
                .hasSize(3);
        assertThat(home.resolve("holder")).doesNotExist();
    }

    private Program run() {
        var words = List.of(
                "run",
                "cancel-subscriptions",
                "--name",
                "alone",
                "--file",
                installation.file().toString());
        return installation.startStandalone(words.toArray(String[]::new));
    }
}
