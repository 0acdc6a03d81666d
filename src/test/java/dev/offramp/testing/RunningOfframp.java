package dev.offramp.testing;

import dev.offramp.Offramp;
import dev.offramp.operations.command.OfframpCommand;
import dev.offramp.operations.command.Surroundings;
import dev.offramp.simulator.PartnerCenterSimulator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole service in this JVM, live against a simulator, between a request topic and an outcome topic of a real broker.
 *
 * <p>Times are scaled down as in the demo ({@code application-demo.yaml}); everything can be set otherwise.
 */
public final class RunningOfframp implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ConfigurableApplicationContext context;
    private final PartnerCenterSimulator simulator;
    private final String bootstrapServers;
    private final String requests;
    private final Path home;
    private final String outcomesTopic;
    private @Nullable OutcomeTopic outcomes;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    private RunningOfframp(
            ConfigurableApplicationContext context, PartnerCenterSimulator simulator, Map<String, String> properties) {
        this.context = context;
        this.simulator = simulator;
        bootstrapServers = properties.get("spring.kafka.bootstrap-servers");
        requests = properties.get("offramp.topics.requests");
        home = Path.of(properties.get("offramp.home"));
        outcomesTopic = properties.get("offramp.topics.outcomes");
    }

    /** Made when it is needed: the broker may come up later than the service. */
    private synchronized KafkaProducer<byte[], byte[]> producer() {
        if (producer == null) {
            // What is sent at once leaves in one piece, and so comes in at once.
            producer = new KafkaProducer<>(
                    Map.of(
                            "bootstrap.servers", bootstrapServers,
                            "acks", "all",
                            "linger.ms", 1000,
                            "batch.size", 1_000_000,
                            "max.request.size", 4_000_000),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
        }
        return producer;
    }

    /** Begins the description of a service; it is started by {@link Builder#start()}. */
    public static Builder against(PartnerCenterSimulator simulator) {
        return new Builder(simulator);
    }

    /** Says what the service is to be like. */
    public static final class Builder {

        private final PartnerCenterSimulator simulator;
        private final Map<String, String> properties = new TreeMap<>();
        private Runnable onceConfigured = () -> {};
        private boolean hasBroker = true;

        private Builder(PartnerCenterSimulator simulator) {
            this.simulator = simulator;
            var address = simulator.baseUri().toString();
            with("offramp.partner-center.base-url", address);
            with("offramp.partner-center.authority", address);
            with("offramp.partner-center.tenant-id", simulator.scenario().partnerTenantId());
            with("offramp.partner-center.refresh-token", simulator.refreshToken());
            with("offramp.partner-center.client-id", "6c2f1a5e-0d3b-4e57-9a88-2f4b7d9e1c30");
            with("offramp.partner-center.client-secret", "a secret that the simulator takes");
            with("offramp.encryption-key", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
            with("server.port", 0);
        }

        /** One more property, or another value for one. */
        public Builder with(String key, Object value) {
            properties.put(key, value.toString());
            return this;
        }

        public Builder with(Map<String, ?> more) {
            more.forEach(this::with);
            return this;
        }

        /** A database of its own, fresh. */
        public Builder on(TestDatabase kind) {
            try (var database = kind.empty()) {
                return with("spring.datasource.url", database.getJdbcUrl())
                        .with("spring.datasource.username", database.getUsername())
                        .with("spring.datasource.password", "");
            }
        }

        /** The broker of the tests, with topics and a group that nobody else has. */
        public Builder onFreshTopics() {
            with("spring.kafka.bootstrap-servers", TestKafka.bootstrapServers());
            with("offramp.topics.requests", TestKafka.uniqueName("requests"));
            with("offramp.topics.outcomes", TestKafka.uniqueName("outcomes"));
            with("offramp.topics.refused", TestKafka.uniqueName("refused"));
            return with("offramp.intake.group", TestKafka.uniqueName("offramp"));
        }

        /** Its broker comes later. */
        public Builder beforeItsBroker() {
            hasBroker = false;
            return this;
        }

        /** Done when logging is set up and nothing has begun yet. */
        public Builder onceConfigured(Runnable action) {
            onceConfigured = action;
            return this;
        }

        /** Starts the service and waits until it is ready. */
        public RunningOfframp start() {
            if (!properties.containsKey("offramp.home")) {
                with("offramp.home", temporaryHome());
            }
            var arguments = properties.entrySet().stream()
                    .map(each -> "--" + each.getKey() + "=" + each.getValue())
                    .toArray(String[]::new);
            var context = new SpringApplicationBuilder(Offramp.class)
                    .profiles("demo")
                    .initializers(_ -> onceConfigured.run())
                    .registerShutdownHook(false)
                    .logStartupInfo(false)
                    .run(arguments);
            var running = new RunningOfframp(context, simulator, properties);
            if (hasBroker) {
                var unused = running.outcomes();
            }
            return running;
        }

        private static Path temporaryHome() {
            try {
                return Files.createTempDirectory(Files.createDirectories(Path.of("target", "homes")), "home");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What a command of {@code bin/offramp} has printed, and how it ended. */
    public record Ran(int exitCode, List<String> lines) {}

    /** Runs a command as an operator would, against this service. */
    public Ran command(Collection<String> words) {
        var printed = new StringWriter();
        var out = new PrintWriter(printed);
        var line = OfframpCommand.with(Surroundings.ofThisProcess(InstantSource.system()))
                .setOut(out)
                .setErr(out);
        var all = new ArrayList<>(words);
        all.addAll(List.of("--home", home.toString()));
        int exitCode = line.execute(all.toArray(String[]::new));
        out.flush();
        return new Ran(exitCode, printed.toString().lines().toList());
    }

    /** Sends CloudEvents, each under its customer's id, all at once, and waits until the broker has them. */
    public void send(List<? extends JsonNode> events) {
        sendTo(requests, events);
    }

    /** The same, to another topic than the one that sources share. */
    public void sendTo(String topic, List<? extends JsonNode> events) {
        sendRecords(events.stream()
                .map(each -> record(
                        topic,
                        each.path("data").path("customerId").asString(""),
                        each.toString().getBytes(StandardCharsets.UTF_8)))
                .toList());
    }

    /** Sends any bytes under any key. */
    public void sendRecord(@Nullable String key, byte @Nullable [] value) {
        sendRecords(List.of(record(requests, key, value)));
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, @Nullable String key, byte @Nullable [] value) {
        return new ProducerRecord<>(
                topic, key == null || key.isEmpty() ? null : key.getBytes(StandardCharsets.UTF_8), value);
    }

    private void sendRecords(List<ProducerRecord<byte[], byte[]>> records) {
        var open = producer();
        List<Future<RecordMetadata>> sent = records.stream().map(open::send).toList();
        open.flush();
        try {
            for (Future<RecordMetadata> each : sent) {
                each.get(30, TimeUnit.SECONDS);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The broker did not take a request", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted while sending", e);
        }
    }

    /** From the topic's beginning. */
    public synchronized OutcomeTopic outcomes() {
        if (outcomes == null) {
            outcomes = OutcomeTopic.of(outcomesTopic, bootstrapServers);
        }
        return outcomes;
    }

    public PartnerCenterSimulator simulator() {
        return simulator;
    }

    public ConfigurableApplicationContext context() {
        return context;
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** What lets us in at the API: the token of the log-in file. */
    public String token() {
        try {
            return JSON.readTree(home.resolve("login").toFile()).path("token").stringValue();
        } catch (JacksonException e) {
            throw new IllegalStateException("There is no log-in in " + home, e);
        }
    }

    /** Where the API answers. */
    public String address() {
        var server = ((WebServerApplicationContext) context).getWebServer();
        return "http://127.0.0.1:" + (server == null ? 0 : server.getPort());
    }

    @Override
    public synchronized void close() {
        if (producer != null) {
            producer.close();
        }
        if (outcomes != null) {
            outcomes.close();
        }
        context.close();
    }
}
