package dev.offramp.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.job.Definitions.Source;
import dev.offramp.offboarding.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The documents in {@code jobs/} say what the definitions say. */
class JobsDocumentTests {

    private static final Path ROOT = Path.of("jobs");

    @Test
    void readsAllDefinitionsOfThisRepository() {
        assertThat(Definitions.in(ROOT).all())
                .extracting(JobDefinition::name)
                .containsExactly(
                        "cancel-subscriptions",
                        "reactivate-subscriptions",
                        "remove-reseller-relationships",
                        "suspend-subscriptions",
                        "turn-off-auto-renewals");
    }

    @Test
    void packsTheSameDefinitionsIntoTheProgram() {
        assertThat(new JobsConfiguration().jobs(new JobsProperties(null)).all())
                .containsExactlyInAnyOrderElementsOf(Definitions.in(ROOT).all());
    }

    @Test
    void theMatrixSaysWhatTheDefinitionsSay() throws IOException {
        var rows = Files.readString(ROOT.resolve("README.md"))
                .lines()
                .dropWhile(line -> !line.startsWith("| Job |"))
                .takeWhile(line -> line.startsWith("|"))
                .toList();

        assertThat(rows.getFirst())
                .isEqualTo("| Job | Operation | Destructive | Reversible | Approval | Guards | Restart | Schedule |");
        assertThat(rows.subList(2, rows.size()))
                .containsExactlyElementsOf(Definitions.in(ROOT).all().stream()
                        .map(JobsDocumentTests::row)
                        .toList());
    }

    private static String row(JobDefinition job) {
        var customers = job.guards().customers();
        var restartAfter = job.limits().restartAfter();
        var schedule = job.schedule();
        return Stream.of(
                        "[%s](%s/README.md)".formatted(job.name(), job.name()),
                        "`%s`".formatted(job.operation().word()),
                        job.operation().destructive() ? "yes" : "no",
                        job.reversible() ? "yes" : "no",
                        job.approval().word(),
                        customers == null
                                ? "those of its operation"
                                : "%s customers and those of its operation".formatted(customers),
                        restartAfter == null
                                ? "as usual"
                                : restartAfter.isEmpty()
                                        ? "never"
                                        : restartAfter.stream()
                                                .map(Duration::toString)
                                                .collect(Collectors.joining(", ")),
                        schedule == null ? "none" : "`%s` %s".formatted(schedule.cron(), schedule.zone()))
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    @Test
    void theDefinitionInTheReadmeIsOne() throws IOException {
        var text = Files.readString(ROOT.resolve("README.md"));
        var yaml = text.substring(text.indexOf("```yaml\n") + 8, text.indexOf("\n```\n", text.indexOf("```yaml\n")));

        var job = Definitions.of(List.of(new Source("jobs/README.md", "cancel-subscriptions", yaml)))
                .all()
                .getFirst();

        assertThat(job.window()).isNotNull();
        assertThat(job.limits().restartAfter()).hasSize(3);
    }

    static List<String> jobs() {
        return Definitions.in(ROOT).all().stream().map(JobDefinition::name).toList();
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void eachReadmeSaysWhoAsksForItWhatItDoesAndHowToUndoIt(String job) throws IOException {
        assertThat(Files.readString(ROOT.resolve(job).resolve("README.md")))
                .contains("**Who asks for it.**")
                .contains("**What it does to the customer.**")
                .contains("**How to undo it.**");
    }

    @Test
    void theSchemaKnowsTheOperationsThatAJobMayHave() {
        var schema = JsonMapper.shared().readTree(Path.of("schemas/job-definition/v1/schema.json"));

        assertThat(schema.at("/properties/operation/enum").valueStream().map(JsonNode::asString))
                .containsExactlyElementsOf(Stream.of(Operation.values())
                        .filter(each -> each != Operation.WITHDRAW)
                        .map(Operation::word)
                        .toList());
        assertThat(schema.at("/properties/approval/enum").valueStream().map(JsonNode::asString))
                .containsExactlyElementsOf(Stream.of(JobDefinition.Approval.values())
                        .map(JobDefinition.Approval::word)
                        .toList());
    }
}
