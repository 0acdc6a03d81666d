package dev.offramp.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.Status;
import dev.offramp.testing.RunningOfframp;
import dev.offramp.testing.RunningOfframp.Ran;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new operator who types what the README says finds, understands and restarts the batch that the demo let fail. */
class OperatorPageTests {

    private static final Pattern BATCH = Pattern.compile("B-[0-9]+");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    @Test
    void threeCommandsFindUnderstandAndRestartTheFailedBatch(@TempDir Path folder) throws IOException {
        var commands = commandsOfTheReadme();
        assertThat(commands).hasSizeLessThanOrEqualTo(3);
        var screen = new Screen(
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                false,
                false,
                Duration.ZERO);
        try (var installation = Installation.start(folder, Map.of())) {
            installation.leaveWork(screen);
            var offramp = installation.offramp();

            var found = type(offramp, commands.get(0), "");
            var batch = BATCH.matcher(String.join("\n", found.lines()));
            assertThat(batch.find()).as("the list names a batch: %s", found).isTrue();

            var understood = type(offramp, commands.get(1), batch.group());
            assertThat(String.join("\n", understood.lines()))
                    .contains(
                            "failed",
                            "1 stalled",
                            "2 succeeded",
                            "FAILED",
                            "guard COMPLETED",
                            "Reading the target failed again and again: status 500",
                            "batch restart " + batch.group());

            int calls = offramp.simulator().calls().size();
            var restarted = type(offramp, commands.get(2), batch.group());
            assertThat(restarted.exitCode()).as(restarted.toString()).isZero();
            assertThat(offramp.outcomes()
                            .await(
                                    Duration.ofSeconds(60),
                                    told -> told.stream()
                                                    .filter(each -> each.status() == Status.SUCCEEDED)
                                                    .count()
                                            == YourTurn.REQUESTS))
                    .as("all are done in the end")
                    .isTrue();
            assertThat(offramp.simulator().calls()).as("one more call").hasSize(calls + 1);
        }
    }

    private static Ran type(RunningOfframp offramp, String command, String batch) {
        var words = WORD.matcher(BATCH.matcher(command).replaceAll(batch))
                .results()
                .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
                .toList();
        return offramp.command(words.subList(1, words.size()));
    }

    /** The lines of the section's block that begin with the command line's name. */
    private static List<String> commandsOfTheReadme() throws IOException {
        var section = Files.readString(Path.of("README.md"))
                .split("## Operate it", 2)[1]
                .split("\n## ", 2)[0];
        return section.lines().filter(line -> line.startsWith("bin/offramp ")).toList();
    }
}
