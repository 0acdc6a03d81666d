package dev.offramp.testing;

import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.simulator.Scenario;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;

/** A life of the service in which it does once what most do: Java writes down what it has loaded for that. */
final class Training {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final String CUSTOMER = "00000000-0000-4000-8000-000000000001";
    private static final String SUBSCRIPTION = "00000000-0000-4000-9000-000000000001";

    private Training() {}

    /** @param java the command line up to the main class */
    static void run(List<String> java) {
        var requests = TestKafka.freshTopic("training-requests", 1);
        var outcomes = TestKafka.freshTopic("training-outcomes", 1);
        var refused = TestKafka.freshTopic("training-refused", 1);
        var scenario = Scenario.builder()
                .customer(
                        "Customer",
                        customer -> customer.id(CUSTOMER)
                                .newCommerceLicence(s -> s.id(SUBSCRIPTION).cancellableUntil("+5d")));
        var command = new ArrayList<>(java);
        try (var simulator = PartnerCenterSimulator.start(scenario.build(), 0);
                var database = TestDatabase.POSTGRESQL.empty();
                var told = OutcomeTopic.of(outcomes, TestKafka.bootstrapServers())) {
            command.addAll(List.of(
                    "dev.offramp.Offramp",
                    "serve",
                    "--spring.datasource.url=" + database.getJdbcUrl(),
                    "--spring.datasource.username=postgres",
                    "--spring.datasource.password=",
                    "--spring.kafka.bootstrap-servers=" + TestKafka.bootstrapServers(),
                    "--offramp.home=" + Files.createTempDirectory("training"),
                    "--offramp.mode=live",
                    "--offramp.environment=sandbox",
                    "--offramp.intake.group=" + requests,
                    "--offramp.topics.requests=" + requests,
                    "--offramp.topics.outcomes=" + outcomes,
                    "--offramp.topics.refused=" + refused,
                    "--offramp.topics.create=false",
                    "--offramp.request.sources[0].name=/training",
                    "--offramp.partner-center.base-url=" + simulator.baseUri(),
                    "--offramp.partner-center.authority=" + simulator.baseUri(),
                    "--offramp.partner-center.tenant-id=" + simulator.scenario().partnerTenantId(),
                    "--offramp.partner-center.client-id=offramp",
                    "--offramp.partner-center.client-secret=secret",
                    "--offramp.partner-center.refresh-token=" + simulator.refreshToken(),
                    "--offramp.encryption-key=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
                    "--server.port=0"));
            ask(requests);
            try (var service = Program.start(new ProcessBuilder(command))) {
                // In this thread: another one would wait until a class is initialised that waits for this training.
                Awaitility.await()
                        .pollInSameThread()
                        .atMost(LONG)
                        .failFast(service::mustLive)
                        .until(() -> !told.of("training").isEmpty()
                                && told.of("training").getLast().isFinal());
                if (!service.endsOnSigterm(LONG)) {
                    throw new IllegalStateException("The training does not end: " + service.newestLines());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void ask(String topic) {
        var event = """
                {"specversion":"1.0","type":"dev.offramp.cancel-subscription.v1","source":"/training","id":"training",
                 "time":"%s","datacontenttype":"application/json",
                 "data":{"customerId":"%s","subscriptionId":"%s","reason":"training","requestedBy":"jane"}}
                """.formatted(Instant.now(), CUSTOMER, SUBSCRIPTION);
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestKafka.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, CUSTOMER, event)).get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("The broker did not take a request", e);
        }
    }
}
