package dev.offramp.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class FailedStartTests {

    @TempDir
    private Path home;

    @Test
    void saysWhichKeyIsMeantForAnUnknownOne(CapturedOutput output) {
        fail("--offramp.bach.enabled=true");

        assertSentence(output, "There is no offramp.bach.enabled. Did you mean offramp.batch.enabled?");
    }

    @Test
    void saysWhichValuesAModeHas(CapturedOutput output) {
        fail("--offramp.mode=dry-run");

        assertSentence(output, "LIVE");
    }

    @Test
    void saysWhatIsWrongWithAValueOfOurs(CapturedOutput output) {
        fail("--offramp.node= ");

        assertSentence(output, "offramp.node is blank; write this node's name, e.g. node-1.");
    }

    @Test
    void saysWhoMayHoldALockedDatabaseFile(CapturedOutput output) throws Exception {
        Path file = home.resolve("ledger.mv.db");
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            fail();
        }

        assertSentence(output, "The database file of this offramp.home is in use by another process");
    }

    @Test
    void saysThatTheDatabaseDoesNotAnswer(CapturedOutput output) {
        fail(
                "--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/offramp",
                "--spring.datasource.hikari.connection-timeout=300");

        assertSentence(output, "The database does not answer");
    }

    @Test
    void saysThatTheHomeIsAFile(CapturedOutput output) throws Exception {
        Path file = Files.createFile(home.resolve("file"));

        home = file;
        fail();

        assertSentence(output, "which is a file; name a directory.");
    }

    @Test
    void saysAllThatIsWrongWithTheJobDefinitions(CapturedOutput output) throws Exception {
        Path jobs = home.resolve("jobs");
        Files.createDirectories(jobs.resolve("a"));
        Files.createDirectories(jobs.resolve("b"));
        Files.writeString(jobs.resolve("a/job.yaml"), "job: a\n");
        Files.writeString(jobs.resolve("b/job.yaml"), "job: [\n");

        failWith(JobsPart.class, "--offramp.jobs.directory=" + jobs);

        assertSentence(output, "problems in the job definitions:");
        assertSentence(output, "a/job.yaml:1: The definition lacks 'operation'; add it.");
        assertSentence(output, "b/job.yaml:2: This is no YAML");
    }

    /** The parts that are not the platform's and refuse what they are given. */
    @Configuration(proxyBeanMethods = false)
    @ComponentScan("dev.offramp.job")
    static class JobsPart {}

    private void fail(String... arguments) {
        failWith(PlatformTests.Part.class, arguments);
    }

    private void failWith(Class<?> part, String... arguments) {
        var application = new SpringApplication(part);
        application.setWebApplicationType(WebApplicationType.NONE);
        var all = new String[arguments.length + 1];
        all[0] = "--offramp.home=" + home;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        Throwable failure = catchThrowable(() -> {
            try (var _ = application.run(all)) {
                // It must not come to this.
            }
        });
        assertThat(failure).isNotNull();
    }

    private static void assertSentence(CapturedOutput output, String sentence) {
        assertThat(output.getAll())
                .contains("APPLICATION FAILED TO START")
                .contains(sentence)
                .doesNotContain("\tat ");
    }
}
