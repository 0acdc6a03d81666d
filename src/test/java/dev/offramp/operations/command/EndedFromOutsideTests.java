package dev.offramp.operations.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offramp.Offramp;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there a process cannot be asked to end")
class EndedFromOutsideTests {

    @TempDir
    private Path folder;

    @Test
    void saysThatTheRunGoesOnAndHowToLookAtIt() throws Exception {
        var file = Files.writeString(folder.resolve("list.csv"), "a,b\n");
        try (var service = FakeService.start()) {
            service.says("{\"number\":12,\"state\":\"loaded\",\"requests\":{\"total\":2,\"open\":{\"working\":2}}}");
            var builder = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    Offramp.class.getName(),
                    "run",
                    "cancel-subscriptions",
                    "--name",
                    "monday",
                    "--file",
                    file.toString(),
                    "--server",
                    service.address().toString());
            builder.environment().put("OFFRAMP_TOKEN", "secret");
            var client = builder.redirectErrorStream(true).start();
            try {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> service.asked().stream()
                                .anyMatch(each -> each.line().equals("GET /runs/12")));
                client.toHandle().destroy();

                assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .contains("Run 12: loaded; 0 of 2 requests ended (2 working)")
                        .contains("Run 12 goes on in the service. Look with 'offramp runs show 12'");
                assertThat(client.waitFor(30, TimeUnit.SECONDS)).isTrue();
            } finally {
                client.destroyForcibly();
            }
        }
    }
}
