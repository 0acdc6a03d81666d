package dev.offramp.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.operations.command.OfframpCommand;
import dev.offramp.operations.command.Surroundings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds docs/operations.md to the code: whoever sees a WARN or an ERROR finds there what to do. */
class OperationsDocumentTests {

    private static final Pattern ALARM =
            Pattern.compile("\\b(?:LOG|log)\\s*\\.(warn|error)\\(\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([^|]+) \\| (WARN|ERROR) \\| [^|]+ \\| [^|]+ \\|$");

    private final String document = read(Path.of("docs", "operations.md"));

    @Test
    void hasARowForEveryWarningAndError() throws IOException {
        var rows = ROW.matcher(document).results().toList();

        var alarms = alarms();
        assertThat(alarms).hasSizeGreaterThan(10);
        assertThat(alarms.stream().filter(alarm -> rows.stream().noneMatch(row -> fits(row, alarm))))
                .as("WARN and ERROR lines without a row in docs/operations.md")
                .isEmpty();
    }

    private static boolean fits(MatchResult row, Alarm alarm) {
        return alarm.text().startsWith(row.group(1).strip()) && row.group(2).equals(alarm.level());
    }

    @Test
    void hasNoRowForALineThatNobodyWrites() throws IOException {
        var alarms = alarms();

        assertThat(ROW.matcher(document)
                        .results()
                        .filter(row -> alarms.stream().noneMatch(alarm -> fits(row, alarm)))
                        .map(row -> row.group(1)))
                .as("rows of docs/operations.md that no WARN or ERROR line fits")
                .isEmpty();
    }

    @Test
    void namesEveryCommand() {
        var line = OfframpCommand.with(Surroundings.ofThisProcess(InstantSource.system()));

        assertThat(List.of("brake", "held", "batch"))
                .allSatisfy(name -> assertThat(
                                line.getSubcommands().get(name).getSubcommands().keySet())
                        .allSatisfy(verb -> assertThat(document).contains("`" + name + " " + verb)));
    }

    private List<Alarm> alarms() throws IOException {
        try (var files = Files.walk(Path.of("src", "main", "java"))) {
            return files.filter(each -> each.toString().endsWith(".java"))
                    .filter(each -> !each.toString().contains("simulator"))
                    .flatMap(each -> ALARM.matcher(read(each)).results())
                    .map(each -> new Alarm(
                            each.group(1).toUpperCase(java.util.Locale.ROOT),
                            each.group(2).replaceAll("\\{}(?:[-@]\\{})*", "…")))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A line that is logged above INFO. */
    private record Alarm(String level, String text) {}
}
