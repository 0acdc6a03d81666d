package dev.offramp.crash;

import dev.offramp.Offramp;
import dev.offramp.crash.HaltingOfframp.Point;
import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.simulator.Scenario;
import dev.offramp.testing.Program;
import dev.offramp.testing.TestKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A broker, a simulator and a database file around a service that is started and killed. */
final class Installation implements AutoCloseable {

    private static final String SOURCE = "/contoso/billing";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path home;
    private final int requests;
    private final PartnerCenterSimulator simulator;
    private final String requestTopic = TestKafka.freshTopic("crash-requests", 1);
    private final String outcomeTopic = TestKafka.freshTopic("crash-outcomes", 1);
    private final String refusedTopic = TestKafka.freshTopic("crash-refused", 1);
    private final KafkaConsumer<String, String> outcomes;
    private final Map<String, Map<String, String>> finals = new TreeMap<>();

    private Installation(Path home, int requests, PartnerCenterSimulator simulator) {
        this.home = home;
        this.requests = requests;
        this.simulator = simulator;
        this.outcomes = new KafkaConsumer<>(
                settings(Map.of("group.id", TestKafka.uniqueName("checker"), "auto.offset.reset", "earliest")),
                new StringDeserializer(),
                new StringDeserializer());
        outcomes.subscribe(List.of(outcomeTopic));
    }

    static Installation in(Path home, int requests) {
        var scenario = Scenario.builder();
        for (int each = 0; each < requests; each++) {
            String customer = customer(each);
            String subscription = subscription(each);
            scenario.customer(
                    "Customer " + each,
                    c -> c.id(customer)
                            .newCommerceLicence(s -> s.id(subscription).cancellableUntil("+5d")));
        }
        return new Installation(home, requests, PartnerCenterSimulator.start(scenario.build(), 0));
    }

    PartnerCenterSimulator simulator() {
        return simulator;
    }

    /** Sends one cancellation for each subscription, and waits until the broker has them. */
    void send() {
        try (var producer = new KafkaProducer<>(settings(Map.of()), new StringSerializer(), new StringSerializer())) {
            for (int each = 0; each < requests; each++) {
                producer.send(new ProducerRecord<>(requestTopic, customer(each), event(each)))
                        .get();
            }
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("The broker did not take the requests", e);
        }
    }

    Program startService(Point haltAt) {
        return startService(HaltingOfframp.class, haltAt);
    }

    Program startService(Class<?> main, Point haltAt) {
        return start(main, haltAt, 1);
    }

    /** Starts one that stands still when it comes to the point for the n-th time. */
    Program startService(Point haltAt, int visit) {
        return start(HaltingOfframp.class, haltAt, visit);
    }

    private Program start(Class<?> main, Point haltAt, int visit) {
        return Program.start(
                main,
                List.of("-Dcrash.at=" + haltAt, "-Dcrash.visit=" + visit),
                properties().stream().map(each -> "--" + each).toList());
    }

    /** Starts a command of this installation's home. */
    Program startCommand(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--home", home.toString()));
        return Program.start(Offramp.class, List.of(), all);
    }

    /** Starts a command that becomes a node itself. */
    Program startStandalone(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.add("--standalone");
        properties().forEach(each -> all.add("--" + each));
        return Program.start(Offramp.class, List.of(), all);
    }

    private List<String> properties() {
        return List.of(
                "spring.kafka.bootstrap-servers=" + TestKafka.bootstrapServers(),
                "offramp.intake.group=" + requestTopic,
                "server.port=0",
                "offramp.home=" + home,
                "offramp.mode=live",
                "offramp.environment=sandbox",
                "offramp.topics.requests=" + requestTopic,
                "offramp.topics.outcomes=" + outcomeTopic,
                "offramp.topics.refused=" + refusedTopic,
                "offramp.topics.create=false",
                "offramp.request.sources[0].name=" + SOURCE,
                "offramp.safety.budget.customers.cancel-subscription=1000",
                "offramp.partner-center.base-url=" + simulator.baseUri(),
                "offramp.partner-center.authority=" + simulator.baseUri(),
                "offramp.partner-center.tenant-id=" + simulator.scenario().partnerTenantId(),
                "offramp.partner-center.client-id=offramp",
                "offramp.partner-center.client-secret=secret",
                "offramp.partner-center.refresh-token=" + simulator.refreshToken(),
                "offramp.encryption-key=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
                "offramp.partner-center.deadline=5s",
                "offramp.partner-center.connect-timeout=2s",
                "offramp.pace.per-minute=4000",
                "offramp.runs.lease=3s",
                "offramp.runs.chunk-size=20",
                "offramp.batch.chunk-size=2",
                "offramp.batch.poll-interval=100ms",
                "offramp.batch.doubt.settle-cancel=1s",
                "offramp.batch.doubt.first-look=300ms",
                "offramp.batch.doubt.between-reads=300ms",
                "offramp.batch.doubt.longest-pause=1s",
                "offramp.outcome.poll-interval=100ms",
                "offramp.outcome.lease=2s");
    }

    /** Every final outcome that was published so far, by request and outcome id; repeats of one id count once. */
    Map<String, Collection<String>> finalOutcomes() {
        for (ConsumerRecord<String, String> each : outcomes.poll(Duration.ofMillis(200))) {
            JsonNode event = JSON.readTree(each.value());
            JsonNode data = event.get("data");
            if (data.get("final").asBoolean()) {
                finals.computeIfAbsent(data.get("request").get("id").asString(), _ -> new LinkedHashMap<>())
                        .put(
                                event.get("id").asString(),
                                data.get("status").asString()
                                        + " "
                                        + data.get("reason").asString()
                                        + " "
                                        + data.get("effect").asString());
            }
        }
        Map<String, Collection<String>> all = new TreeMap<>();
        finals.forEach((id, told) -> all.put(id, told.values()));
        return all;
    }

    private static String event(int number) {
        return """
                {"specversion":"1.0","type":"dev.offramp.cancel-subscription.v1","source":"%s","id":"crash-%d",
                 "time":"%s","datacontenttype":"application/json",
                 "data":{"customerId":"%s","subscriptionId":"%s","reason":"contract ended","requestedBy":"jane"}}
                """.formatted(SOURCE, number, Instant.now(), customer(number), subscription(number));
    }

    /** A file that asks for the cancellation of every subscription. */
    Path file() {
        var lines = new StringBuilder("customerId,subscriptionId,reason\n");
        for (int each = 0; each < requests; each++) {
            lines.append("%s,%s,contract ended\n".formatted(customer(each), subscription(each)));
        }
        try {
            return Files.writeString(Files.createTempFile("crash", ".csv"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String customer(int number) {
        return "00000000-0000-4000-8000-%012d".formatted(number + 1);
    }

    private static String subscription(int number) {
        return "00000000-0000-4000-9000-%012d".formatted(number + 1);
    }

    private static Properties settings(Map<String, String> more) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", TestKafka.bootstrapServers());
        settings.putAll(more);
        return settings;
    }

    @Override
    public void close() {
        outcomes.close();
        simulator.close();
    }
}
