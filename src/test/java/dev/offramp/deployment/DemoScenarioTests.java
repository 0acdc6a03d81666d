package dev.offramp.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.testing.OutcomeTopic;
import dev.offramp.testing.Program;
import dev.offramp.testing.TestKafka;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What the chart's demo scenario renders starts the real program against a real broker: environment, files and arguments
 * are taken as they are, but for the {@link #outsideACluster() few things} that there are in a cluster only.
 */
@Execution(ExecutionMode.CONCURRENT)
class DemoScenarioTests {

    private static final Duration LONG_ENOUGH = Duration.ofMinutes(3);
    private static final String REQUESTS = "offramp.requests";
    private static final String OUTCOMES = "offramp.outcomes";

    @TempDir
    Path folder;

    private final Manifests made = Chart.of("demo").render();
    private final int servicePort = freePort();
    private final int simulatorPort = freePort();

    @Test
    void startsTheServiceThatCarriesARequestOut() throws Exception {
        writeConfiguration();
        var sidecar = made.deployment()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getInitContainers()
                .getFirst();

        try (var simulator = start(sidecar)) {
            await(simulator, () -> simulator.said("Simulated Partner Center on http://127.0.0.1:" + simulatorPort));
            try (var service = start(made.service())) {
                await(service, () -> ready());
                await(service, DemoScenarioTests::topicsAreThere);
                send();
                try (var outcomes = OutcomeTopic.of(OUTCOMES, TestKafka.bootstrapServers())) {
                    boolean done = outcomes.await(
                            LONG_ENOUGH,
                            told -> outcomes.of("demo-1").stream()
                                    .anyMatch(each -> each.words().equals("succeeded: done")));

                    assertThat(done)
                            .as("outcomes %s; the service said:\n%s", outcomes.of("demo-1"), service.newestLines())
                            .isTrue();
                }
                assertThat(service.endsOnSigterm(Duration.ofSeconds(made.deployment()
                                .getSpec()
                                .getTemplate()
                                .getSpec()
                                .getTerminationGracePeriodSeconds())))
                        .as("it ends within the time that Kubernetes gives it")
                        .isTrue();
            }
        }
    }

    /** What is not as in the cluster. */
    private Map<String, String> outsideACluster() {
        Map<String, String> instead = new LinkedHashMap<>();
        instead.put("kafka:9092", TestKafka.bootstrapServers());
        instead.put(
                "file:/etc/offramp/config/", folder.resolve("config").toUri().toString());
        instead.put("/var/lib/offramp/home", folder.resolve("home").toString());
        instead.put("9380", String.valueOf(simulatorPort));
        instead.put("8080", String.valueOf(servicePort));
        return instead;
    }

    private String here(String text) {
        String result = text;
        for (var each : outsideACluster().entrySet()) {
            result = result.replace(each.getKey(), each.getValue());
        }
        return result;
    }

    private void writeConfiguration() throws IOException {
        var mount = made.service().getVolumeMounts().stream()
                .filter(each -> each.getMountPath().equals("/etc/offramp/config"))
                .findFirst()
                .orElseThrow();
        var config = Files.createDirectories(folder.resolve("config"));
        for (var file : made.filesOf(mount.getName()).entrySet()) {
            Files.writeString(config.resolve(file.getKey()), here(file.getValue()));
        }
    }

    private Program start(Container container) {
        assertThat(container.getEnv())
                .allSatisfy(each -> assertThat(each.getValueFrom())
                        .as("the demo needs no Secret: " + each.getName())
                        .isNull());
        Map<String, String> environment =
                container.getEnv().stream().collect(Collectors.toMap(EnvVar::getName, each -> here(each.getValue())));
        return Program.startAlone(
                folder,
                environment,
                container.getArgs().stream().map(this::here).toList());
    }

    private static void await(Program program, Callable<Boolean> wished) {
        Awaitility.await()
                .atMost(LONG_ENOUGH)
                .pollInterval(Duration.ofMillis(100))
                .conditionEvaluationListener(seen -> {
                    if (!program.isAlive()) {
                        throw new AssertionError("It ended:\n" + program.newestLines());
                    }
                })
                .until(wished);
    }

    private boolean ready() throws InterruptedException {
        var probe = made.service().getReadinessProbe().getHttpGet();
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + servicePort + probe.getPath()))
                            .build(),
                    BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().contains("\"UP\"");
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean topicsAreThere() throws ExecutionException, InterruptedException {
        try (var admin = Admin.create(Map.of("bootstrap.servers", TestKafka.bootstrapServers()))) {
            var names = admin.listTopics().names().get();
            return names.contains(REQUESTS) && names.contains(OUTCOMES);
        }
    }

    private static void send() throws ExecutionException, InterruptedException {
        String customer = "c0000000-0000-4000-8000-000000000001";
        String event = """
                {"specversion":"1.0","type":"dev.offramp.cancel-subscription.v1","source":"/contoso/billing","id":"demo-1",
                 "time":"%s","data":{"customerId":"%s","subscriptionId":"50000000-0000-4000-8000-000000000001",
                 "requestedBy":"jane.doe@contoso.example","reason":"Contract 4711 ended"}}
                """.formatted(Instant.now(), customer);
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestKafka.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(REQUESTS, customer, event)).get();
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
