package dev.offramp.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.offramp.job.Definitions.Source;
import dev.offramp.job.JobDefinition.Approval;
import dev.offramp.job.JobDefinition.FileRules;
import dev.offramp.job.JobDefinition.Guards;
import dev.offramp.job.JobDefinition.Limits;
import dev.offramp.job.JobDefinition.Way;
import dev.offramp.offboarding.Limit;
import dev.offramp.offboarding.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionsTests {

    private static final String LEAST = """
            job: cancels
            description: Cancels.
            operation: cancel-subscription
            takes: [topic, file]
            reversible: false
            """;

    @Test
    void readsTheLeast() {
        assertThat(read(LEAST))
                .isEqualTo(new JobDefinition(
                        "cancels",
                        "Cancels.",
                        Operation.CANCEL_SUBSCRIPTION,
                        Set.of(Way.TOPIC, Way.FILE),
                        false,
                        Approval.RELEASE,
                        Limits.USUAL,
                        Guards.USUAL,
                        null,
                        null,
                        FileRules.USUAL));
    }

    @Test
    void readsAllMembers() {
        var job = read(LEAST + """
                approval: release
                batch-size: 100
                chunk-size: 10
                concurrency: 4
                pace-share: 50%
                guards: {customers: 7, canary: {customers: 3, settle: 15m}}
                window: {days: [monday, friday], from: "20:00", until: 06:00, time-zone: Europe/Berlin}
                schedule: {cron: "0 2 * * *", time-zone: UTC, file: "in/{date}.csv", run: "nightly-{date}"}
                retry: {restart-after: [30s, 5m, 2h, 1d]}
                file: {bad-lines: 0%}
                """);

        assertThat(job.limits())
                .isEqualTo(new Limits(
                        100,
                        10,
                        4,
                        50,
                        List.of(
                                Duration.ofSeconds(30),
                                Duration.ofMinutes(5),
                                Duration.ofHours(2),
                                Duration.ofDays(1))));
        assertThat(job.guards())
                .isEqualTo(
                        new Guards(Limit.of(7), null, null, null, new JobDefinition.Canary(3, Duration.ofMinutes(15))));
        assertThat(job.window())
                .isEqualTo(new RunWindow(
                        Set.of(DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
                        LocalTime.of(20, 0),
                        LocalTime.of(6, 0),
                        ZoneId.of("Europe/Berlin")));
        assertThat(job.schedule())
                .isEqualTo(new Schedule("0 2 * * *", ZoneId.of("UTC"), "in/{date}.csv", "nightly-{date}"))
                .satisfies(schedule -> {
                    assertThat(schedule.fileOn(LocalDate.of(2026, 11, 20))).isEqualTo("in/2026-11-20.csv");
                    assertThat(schedule.runOn(LocalDate.of(2026, 11, 20))).isEqualTo("nightly-2026-11-20");
                });
        assertThat(job.file()).isEqualTo(new FileRules(0));
    }

    @Test
    void tellsAllProblemsOfAllDefinitionsWithFileAndLine() {
        assertThatThrownBy(() -> Definitions.of(List.of(
                        new Source("jobs/b/job.yaml", "b", LEAST.replace("job: cancels", "job: b") + "batchsize: 5\n"),
                        new Source(
                                "jobs/a/job.yaml",
                                "a",
                                LEAST.replace("job: cancels", "job: a")
                                                .replace("cancel-subscription", "cancel")
                                                .replace("reversible: false", "reversible: perhaps")
                                        + "pace-share: 120%\n"))))
                .isInstanceOf(WrongDefinitions.class)
                .hasMessage("""
                        There are 4 problems in the job definitions:
                        - jobs/a/job.yaml:3: operation is "cancel"; write cancel-subscription or suspend-subscription or reactivate-subscription or turn-off-auto-renew or remove-reseller-relationship.
                        - jobs/a/job.yaml:5: reversible is "perhaps"; it must be true or false.
                        - jobs/a/job.yaml:6: pace-share is "120%"; write a share like 50%.
                        - jobs/b/job.yaml:6: There is no member 'batchsize'; write one of job, description, operation, takes, reversible, approval, batch-size, chunk-size, concurrency, pace-share, guards, window, schedule, retry, file.""");
    }

    @Test
    void refusesAMemberThatStandsTwice() {
        assertProblem(LEAST + "reversible: true\n")
                .isEqualTo(
                        "jobs/cancels/job.yaml:6: 'reversible' stands here again, first in line 5; leave one of them.");
    }

    @Test
    void refusesWhatIsNoYaml() {
        assertProblem(LEAST + "guards: {customers: 5\n").startsWith("jobs/cancels/job.yaml:7: This is no YAML: ");
        assertProblem("").isEqualTo("jobs/cancels/job.yaml:1: The file is empty.");
        assertProblem(LEAST + "---\njob: another\n").startsWith("jobs/cancels/job.yaml:6: This is no YAML: ");
    }

    @Test
    void refusesAnchorsEvenOneThatHoldsItself() {
        assertProblem(LEAST + "guards: &a {customers: *a}\n").contains(":6: Anchors (&a) are not read; write it out.");
    }

    @Test
    void refusesAnotherNameThanTheFolders() {
        assertThatThrownBy(() -> Definitions.of(List.of(new Source("jobs/x/job.yaml", "x", LEAST))))
                .hasMessageEndingWith(
                        "- jobs/x/job.yaml:1: The job is called 'cancels', but its folder 'x'; give both one name.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"loading", "offboarding"})
    void refusesANameUnderWhichTheServiceItselfWorks(String name) {
        assertThatThrownBy(() -> Definitions.of(
                        List.of(new Source("jobs/x/job.yaml", name, LEAST.replace("job: cancels", "job: " + name)))))
                .hasMessageEndingWith(
                        "- jobs/x/job.yaml:1: The name '%s' is kept for the service's own work; give job and folder another one."
                                .formatted(name));
    }

    @Test
    void refusesAWithdraw() {
        assertProblem(LEAST.replace("cancel-subscription", "withdraw"))
                .isEqualTo(
                        "jobs/cancels/job.yaml:3: operation is \"withdraw\"; write cancel-subscription or suspend-subscription or reactivate-subscription or turn-off-auto-renew or remove-reseller-relationship.");
    }

    @Test
    void namesTheMemberInsideAGroup() {
        assertProblem(LEAST + "window:\n  days: [funday]\n  from: \"20:00\"\n  until: \"25:00\"\n  time-zone: UTC\n")
                .contains(":7: window.days.0 is \"funday\"; write monday or ")
                .contains(":9: window.until is \"25:00\"; write a time of day like \"20:00\".");
        assertProblem(LEAST + "guards: {customer: 5}\n")
                .contains(
                        ":6: There is no member 'customer' in guards; write one of customers, calls, per-run, canary.");
        assertProblem(LEAST + "schedule: {cron: \"0 2 * * *\", time-zone: UTC, file: a}\n")
                .contains(":6: schedule lacks 'run'; add it.");
    }

    @Test
    void refusesWhatNoSchemaCanSay() {
        var schedule = "schedule:\n  cron: \"%s\"\n  time-zone: %s\n  file: \"%s\"\n  run: \"%s\"\n";
        assertProblem(LEAST + schedule.formatted("0 2 * *", "UTC", "a", "{date}"))
                .startsWith("jobs/cancels/job.yaml:7: '0 2 * *' has 4 fields; write five:");
        assertProblem(LEAST + schedule.formatted("0 2 * * *", "Europe/Bonn", "a", "{date}"))
                .isEqualTo(
                        "jobs/cancels/job.yaml:8: There is no time zone 'Europe/Bonn'; write one like Europe/Berlin or UTC.");
        assertProblem(LEAST + schedule.formatted("0 2 * * *", "UTC", "{day}.csv", "{date}"))
                .startsWith("jobs/cancels/job.yaml:9: '{day}.csv' holds a placeholder that is not known;");
        assertProblem(LEAST + schedule.formatted("0 2 * * *", "UTC", "a", "nightly"))
                .startsWith("jobs/cancels/job.yaml:10: 'nightly' is the same every day");
    }

    @Test
    void refusesRulesOfFilesWhereNoneAreTaken() {
        assertProblem(LEAST.replace("[topic, file]", "[topic]") + "file: {bad-lines: 5%}\n")
                .startsWith("jobs/cancels/job.yaml:6: 'file' is about files, which the job does not take;");
    }

    @Test
    void refusesTwoJobsThatTakeOneOperationFromTheTopic() {
        var other = LEAST.replace("job: cancels", "job: others");

        assertThatThrownBy(() -> Definitions.of(List.of(
                        new Source("jobs/cancels/job.yaml", "cancels", LEAST),
                        new Source("jobs/others/job.yaml", "others", other))))
                .hasMessageContaining(
                        "jobs/others/job.yaml:4: cancels takes cancel-subscription from the topic already;");
        assertThat(Definitions.of(List.of(
                                new Source("jobs/cancels/job.yaml", "cancels", LEAST),
                                new Source("jobs/others/job.yaml", "others", other.replace("topic, ", ""))))
                        .fromTopic(Operation.CANCEL_SUBSCRIPTION))
                .hasValueSatisfying(job -> assertThat(job.name()).isEqualTo("cancels"));
    }

    @Test
    void readsADirectoryAsAConfigMapMountsIt(@TempDir Path directory) throws IOException {
        var data = Files.createDirectories(directory.resolve("..2026_11_20/cancels"));
        Files.writeString(data.resolve("job.yaml"), LEAST);
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..2026_11_20"));
        Files.createSymbolicLink(directory.resolve("cancels"), Path.of("..data/cancels"));

        assertThat(Definitions.in(directory).all())
                .extracting(JobDefinition::name)
                .containsExactly("cancels");
    }

    @Test
    void saysThatADirectoryHoldsNoDefinitions(@TempDir Path directory) throws IOException {
        assertThatThrownBy(() -> Definitions.in(directory)).hasMessageContaining("There is no <job>/job.yaml in this");
        assertThatThrownBy(() -> Definitions.in(directory.resolve("nowhere"))).hasMessageContaining("cannot be read");
        Files.createDirectory(directory.resolve("cancels"));
        assertThatThrownBy(() -> Definitions.in(directory))
                .hasMessageContaining("cancels/job.yaml:1: The file cannot be read (NoSuchFileException).");
    }

    private static JobDefinition read(String text) {
        return Definitions.of(List.of(new Source("jobs/cancels/job.yaml", "cancels", text)))
                .all()
                .getFirst();
    }

    /** What is said of this definition, without the heading. */
    private static AbstractStringAssert<?> assertProblem(String text) {
        try {
            read(text);
        } catch (WrongDefinitions e) {
            return assertThat(String.valueOf(e.getMessage()).replaceFirst("(?s)^.*?:\\R- ", ""));
        }
        throw new AssertionError("Nothing was wrong with:\n" + text);
    }
}
