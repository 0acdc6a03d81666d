package dev.offramp.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.testing.JobExample;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo ends with the exit code that its story deserves. */
class DemoTests {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Screen screen =
            new Screen(new PrintStream(printed, true, StandardCharsets.UTF_8), false, false, Duration.ZERO);

    @Test
    void endsWithZeroWhenEveryRequestWasToldWhatItsExampleSays(@TempDir Path folder) {
        int result;
        try (var installation = Installation.start(folder, Map.of())) {
            result = Demo.tell(screen, installation, Duration.ofSeconds(80));
        }
        assertThat(result).as(text()).isEqualTo(Demo.ALL_AS_EXPECTED);
        assertThat(text())
                .contains("Rejected: 195.")
                .contains("calls that arrived in the silence after it: 0")
                .contains("9 calls, 6 effects, 0 effects twice")
                .contains("The restart has read 1 subscription and made 1 call")
                .doesNotContain("\u001b");
    }

    @Test
    void playsEveryExampleOfEveryJob() {
        assertThat(Story.all())
                .extracting(JobExample::name)
                .containsExactlyInAnyOrderElementsOf(
                        JobExample.all().stream().map(JobExample::name).toList());
    }

    @Test
    void endsWithOneAndTheIdWhenSomethingElseWasTold() {
        var differences = List.of("cancel-done: expected succeeded: done, actual rejected: window-closed");

        int result = Demo.judge(screen, differences, 3, false, Duration.ofSeconds(9));

        assertThat(result).isEqualTo(Demo.DIFFERENT);
        assertThat(text())
                .contains("1 of 3 requests")
                .contains("cancel-done: expected succeeded: done, actual rejected: window-closed");
    }

    @Test
    void endsWithTwoWhenTheTimeWasOver() {
        int result = Demo.judge(screen, List.of("cancel-done: …"), 3, true, Duration.ofMinutes(5));

        assertThat(result).isEqualTo(Demo.TOO_LATE);
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
