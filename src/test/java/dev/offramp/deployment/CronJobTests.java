package dev.offramp.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.operations.command.OfframpCommand;
import dev.offramp.operations.command.Surroundings;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.OptionSpec;

/** A CronJob calls {@code offramp run} once per firing, and an attempt of the same firing goes on with the same run. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the script is for a POSIX shell")
class CronJobTests {

    @TempDir
    Path folder;

    private final CronJob cronJob = Chart.of("production").render().only(CronJob.class);

    @Test
    void isFiredOnceAtATimeByTheWallClockOfItsPlace() {
        assertThat(cronJob.getSpec().getSchedule()).isEqualTo("0 2 * * *");
        assertThat(cronJob.getSpec().getTimeZone()).isEqualTo("Europe/Berlin");
        assertThat(cronJob.getSpec().getConcurrencyPolicy()).isEqualTo("Forbid");
    }

    @Test
    void repeatsOnlyWhatAnotherAttemptCanChange() {
        var job = cronJob.getSpec().getJobTemplate().getSpec();

        assertThat(job.getTemplate().getSpec().getRestartPolicy()).isEqualTo("Never");
        assertThat(job.getPodFailurePolicy().getRules()).singleElement().satisfies(rule -> {
            assertThat(rule.getAction()).isEqualTo("FailJob");
            assertThat(rule.getOnExitCodes().getValues())
                    .as("refused, written wrongly, bad lines, a person is needed; not: no answer")
                    .containsExactly(1, 2, 4, 5);
            assertThat(rule.getOnExitCodes().getContainerName())
                    .isEqualTo(container().getName());
        });
    }

    @Test
    void logsInByReferenceAndOnlyThere() {
        assertThat(container().getEnv())
                .filteredOn(each -> each.getName().equals("OFFRAMP_PASSWORD"))
                .singleElement()
                .satisfies(
                        each -> assertThat(each.getValueFrom().getSecretKeyRef().getName())
                                .isEqualTo("offramp-nightly"));
        assertThat(Chart.of("production")
                        .with("schedules.login.user", "")
                        .render()
                        .only(CronJob.class)
                        .getSpec()
                        .getJobTemplate()
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getEnv())
                .filteredOn(each -> each.getName().startsWith("OFFRAMP_"))
                .singleElement()
                .satisfies(each -> assertThat(each.getName()).isEqualTo("OFFRAMP_TOKEN"));
    }

    @Test
    void namesTheRunByTheDayOfTheFiringInItsPlace() throws Exception {
        // 2026-03-28T23:30:00Z is half past midnight of the next day in Berlin.
        long minute = Instant.parse("2026-03-28T23:30:00Z").getEpochSecond() / 60;

        assertThat(ran("offramp-nightly-cancel-" + minute))
                .containsExactly(
                        "run",
                        "cancel-subscriptions",
                        "--name",
                        "nightly-cancel-2026-03-29",
                        "--file",
                        "/files/cancel-2026-03-29.csv",
                        "--server",
                        "http://offramp:8080",
                        "--user",
                        "nightly");
    }

    @Test
    void saysItInWordsThatTheCommandKnows() throws Exception {
        var said = OfframpCommand.with(Surroundings.ofThisProcess(InstantSource.system()))
                .parseArgs(ran("offramp-nightly-cancel-29577570").toArray(String[]::new));

        assertThat(said.subcommand().commandSpec().name()).isEqualTo("run");
        assertThat(said.subcommand().unmatched()).isEmpty();
        assertThat(said.subcommand().matchedOptions())
                .extracting(OptionSpec::longestName)
                .containsExactlyInAnyOrder("--name", "--file", "--server", "--user");
    }

    @Test
    void takesTodayWhenAPersonMadeTheJobUnderAnotherName() throws Exception {
        assertThat(ran("by-hand")).contains("nightly-cancel-" + LocalDate.now(ZoneId.of("Europe/Berlin")));
    }

    private Container container() {
        return cronJob.getSpec()
                .getJobTemplate()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst();
    }

    /** Runs the container's command with an {@code offramp} that prints its arguments. */
    private List<String> ran(String jobName) throws IOException, InterruptedException {
        var offramp = Files.writeString(folder.resolve("offramp"), """
                #!/bin/sh
                for argument in "$@"; do printf '%s\\n' "$argument"; done
                """);
        assertThat(offramp.toFile().setExecutable(true)).isTrue();
        List<String> command = new ArrayList<>(container().getCommand());
        command.addAll(container().getArgs());
        var process = new ProcessBuilder(command).redirectErrorStream(true);
        process.environment().clear();
        process.environment().put("PATH", folder + ":/usr/bin:/bin");
        for (var each : container().getEnv()) {
            if (each.getValue() != null) {
                process.environment().put(each.getName(), each.getValue());
            }
        }
        assertThat(container().getEnv()).anySatisfy(each -> {
            assertThat(each.getName()).isEqualTo("FIRING");
            assertThat(each.getValueFrom().getFieldRef().getFieldPath())
                    .isEqualTo("metadata.labels['batch.kubernetes.io/job-name']");
        });
        process.environment().put("FIRING", jobName);
        var started = process.start();
        try {
            var printed = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(started.waitFor(10, TimeUnit.SECONDS)).isTrue();
            return printed.lines().toList();
        } finally {
            started.destroyForcibly();
        }
    }
}
