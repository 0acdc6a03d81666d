package dev.offramp.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.Offramp;
import dev.offramp.safety.Brake;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** What the chart's probes hear from a service around which everything goes wrong. */
class HealthTests {

    @Test
    void isAliveAndReadyWhateverIsAway(@TempDir Path home) throws Exception {
        var container = Chart.of("one-node").render().service();

        try (var service = serviceWithoutABroker(home)) {
            assertThat(asked(service, container.getStartupProbe()))
                    .as("startup, no broker")
                    .isEqualTo(200);
            assertThat(asked(service, container.getLivenessProbe()))
                    .as("alive, no broker")
                    .isEqualTo(200);
            assertThat(asked(service, container.getReadinessProbe()))
                    .as("ready, no broker")
                    .isEqualTo(200);

            var brake = service.getBean(Brake.class);
            brake.pull(
                    Brake.Scope.ALL,
                    "",
                    "jane",
                    "wrong list",
                    service.getBean(InstantSource.class).instant());
            assertThat(asked(service, container.getLivenessProbe()))
                    .as("alive, brake pulled")
                    .isEqualTo(200);
            assertThat(asked(service, container.getReadinessProbe()))
                    .as("ready, brake pulled")
                    .isEqualTo(200);

            service.getBean(HikariDataSource.class).close();
            assertThat(ask(service, "/actuator/health").statusCode())
                    .as("what counts everything")
                    .isEqualTo(503);
            assertThat(asked(service, container.getLivenessProbe()))
                    .as("alive, no database")
                    .isEqualTo(200);
            assertThat(asked(service, container.getReadinessProbe()))
                    .as("ready, no database")
                    .isEqualTo(200);
        }
    }

    private static ConfigurableApplicationContext serviceWithoutABroker(Path home) {
        return SpringApplication.run(
                Offramp.class,
                "--offramp.home=" + home,
                "--offramp.partner-center.tenant-id=1f0c9d3e-7a44-4d0e-9a57-0b6f3c1f2a10",
                "--server.port=0",
                "--spring.main.register-shutdown-hook=false",
                "--logging.level.root=off",
                "--spring.lifecycle.timeout-per-shutdown-phase=2s",
                "--spring.datasource.url=jdbc:h2:mem:health;DB_CLOSE_DELAY=-1",
                "--spring.kafka.bootstrap-servers=127.0.0.1:1",
                "--offramp.intake.enabled=false",
                "--offramp.topics.create=false");
    }

    private static int asked(ConfigurableApplicationContext service, Probe probe)
            throws IOException, InterruptedException {
        return ask(service, probe.getHttpGet().getPath()).statusCode();
    }

    private static HttpResponse<String> ask(ConfigurableApplicationContext service, String path)
            throws IOException, InterruptedException {
        var server = ((WebServerApplicationContext) service).getWebServer();
        assertThat(server).isNotNull();
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getPort() + path))
                            .build(),
                    BodyHandlers.ofString());
        }
    }
}
