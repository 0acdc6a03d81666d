package dev.offramp.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offramp.crash.HaltingOfframp;
import dev.offramp.crash.HaltingOfframp.Point;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The one thing that remains (docs/reliability.md): a process frozen between its last look and the socket for too long. */
@Execution(ExecutionMode.CONCURRENT)
class FrozenTests {

    /** The time to send is as good as endless, so that the freeze behind the gate is one behind the last look, too. */
    private static final String NEVER_TOO_LATE = "offramp.safety.send-within=1h";

    @TempDir
    private Path folder;

    @Test
    void sendsExactlyOneCallMoreWhenItWakesAfterSomebodyElseHasAskedAgain() {
        try (var installation = Installation.start(folder, 1, 1);
                var frozen = installation.startNode("frozen", Point.TRY_WRITTEN, 1, true, NEVER_TOO_LATE)) {
            installation.send(Wish.numbered(0));
            await().atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofMillis(10))
                    .failFast(frozen::mustLive)
                    .until(() -> frozen.said(HaltingOfframp.sign(Point.TRY_WRITTEN)) && frozen.isStopped());

            try (var other = installation.startNode("other", Point.NOWHERE, 1, false)) {
                await().atMost(Duration.ofMinutes(3)).failFast(other::mustLive).until(() -> installation.ended() == 1);
                assertThat(installation.calls()).singleElement().matches(Evidence.Call::changed);

                frozen.wake();
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(installation.calls()).hasSize(2));
            }
            var evidence = installation.evidence();
            assertThat(evidence.calls().getLast().changed()).isFalse();
            assertThat(Checker.violations(evidence))
                    .as("one call too many, and nothing else")
                    .singleElement()
                    .asString()
                    .startsWith("I2: call 2");
        }
    }
}
