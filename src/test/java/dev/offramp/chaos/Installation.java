package dev.offramp.chaos;

import dev.offramp.chaos.Evidence.Call;
import dev.offramp.chaos.Evidence.Place;
import dev.offramp.chaos.Evidence.Row;
import dev.offramp.chaos.Evidence.Sent;
import dev.offramp.chaos.Evidence.Told;
import dev.offramp.chaos.Evidence.Try;
import dev.offramp.crash.HaltingOfframp;
import dev.offramp.crash.HaltingOfframp.Point;
import dev.offramp.testing.Program;
import dev.offramp.testing.TestKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Broker, database and simulator as processes, wires that can be cut, and what is needed to start nodes among them. */
final class Installation implements AutoCloseable {

    /** The overall deadline of a call: a freeze between gate and socket that must do no harm is shorter. */
    static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final String REQUESTS = "chaos-requests";
    private static final String OUTCOMES = "chaos-outcomes";
    private static final String REFUSED = "chaos-refused";
    private static final int PARTITIONS = 2;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    final Relay toBroker = Relay.open();
    final Relay toDatabase = Relay.open();
    final Relay toSimulator = Relay.open();
    final BrokerProcess broker;
    final DatabaseServer database;

    private final Path folder;
    private final Program simulator;
    private final int simulatorPort = FreePort.any();
    private final HttpClient http = HttpClient.newHttpClient();
    private final KafkaProducer<String, String> producer;
    private final KafkaConsumer<String, String> outcomes;
    private final List<Told> told = new ArrayList<>();
    private final Set<String> ended = new HashSet<>();

    private Installation(Path folder, int targets, long seed) {
        this.folder = folder;
        simulator = Program.start(
                SimulatorProcess.class,
                List.of(),
                List.of(String.valueOf(simulatorPort), String.valueOf(targets), String.valueOf(seed)));
        int listens = FreePort.any();
        broker = BrokerProcess.start(folder, toBroker.port(), listens);
        database = DatabaseServer.start(folder);
        database.create("chaos");
        toBroker.leadTo(listens);
        toDatabase.leadTo(database.port());
        toSimulator.leadTo(simulatorPort);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .failFast(simulator::mustLive)
                .until(() -> simulator.said("Simulator at"));
        createTopics();
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "acks",
                        "all",
                        "max.block.ms",
                        120_000,
                        "delivery.timeout.ms",
                        180_000),
                new StringSerializer(),
                new StringSerializer());
        outcomes = reader(OUTCOMES);
    }

    static Installation start(Path folder, int targets, long seed) {
        return new Installation(folder, targets, seed);
    }

    private void createTopics() {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(
                            new NewTopic(REQUESTS, PARTITIONS, (short) 1),
                            new NewTopic(OUTCOMES, PARTITIONS, (short) 1),
                            new NewTopic(REFUSED, 1, (short) 1)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            throw new IllegalStateException("The broker did not create the topics", e);
        }
    }

    private KafkaConsumer<String, String> reader(String topic) {
        var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "enable.auto.commit",
                        false,
                        "isolation.level",
                        "read_committed"),
                new StringDeserializer(),
                new StringDeserializer());
        var partitions = TestKafka.partitionsOf(topic, consumer);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    /** A node of this installation, from the packaged jar where there is one. */
    Program startNode(String name, Point point, int visit, boolean freezes, String... more) {
        var arguments = new ArrayList<String>();
        properties(name).forEach(each -> arguments.add("--" + each));
        for (var each : more) {
            arguments.add("--" + each);
        }
        return Program.start(
                HaltingOfframp.class,
                List.of("-Dcrash.at=" + point, "-Dcrash.visit=" + visit, "-Dcrash.freezes=" + freezes),
                arguments);
    }

    private List<String> properties(String name) {
        var partnerCenter = "http://127.0.0.1:" + toSimulator.port();
        return List.of(
                "spring.datasource.url=jdbc:postgresql://127.0.0.1:" + toDatabase.port()
                        + "/chaos?connectTimeout=2&socketTimeout=10",
                "spring.datasource.username=postgres",
                "spring.datasource.password=",
                "spring.datasource.hikari.connection-timeout=3000",
                "spring.datasource.hikari.maximum-pool-size=10",
                "spring.kafka.bootstrap-servers=127.0.0.1:" + toBroker.port(),
                // A node that was killed gives its partitions up soon.
                "spring.kafka.consumer.properties[session.timeout.ms]=3000",
                "spring.kafka.consumer.properties[heartbeat.interval.ms]=500",
                "spring.lifecycle.timeout-per-shutdown-phase=10s",
                "server.port=0",
                "offramp.home=" + folder.resolve(name),
                "offramp.node=" + name,
                "offramp.mode=live",
                "offramp.environment=sandbox",
                "offramp.intake.group=chaos",
                "offramp.intake.retry-most=1s",
                "offramp.topics.requests=" + REQUESTS,
                "offramp.topics.outcomes=" + OUTCOMES,
                "offramp.topics.refused=" + REFUSED,
                "offramp.topics.create=false",
                "offramp.request.sources[0].name=" + Wish.SOURCE,
                "offramp.safety.budget.customers." + Wish.CANCEL + "=100000",
                "offramp.safety.budget.customers." + Wish.SUSPEND + "=100000",
                "offramp.safety.budget.customers." + Wish.UNLINK + "=100000",
                "offramp.safety.cooling-off." + Wish.UNLINK + "=0s",
                "offramp.partner-center.base-url=" + partnerCenter,
                "offramp.partner-center.authority=" + partnerCenter,
                "offramp.partner-center.tenant-id=" + SimulatorProcess.PARTNER,
                "offramp.partner-center.client-id=6c2f1a5e-0d3b-4e57-9a88-2f4b7d9e1c30",
                "offramp.partner-center.client-secret=secret",
                "offramp.partner-center.refresh-token=" + SimulatorProcess.REFRESH_TOKEN,
                "offramp.partner-center.denial-memory=1s",
                "offramp.partner-center.deadline=" + DEADLINE.toSeconds() + "s",
                "offramp.partner-center.connect-timeout=2s",
                "offramp.encryption-key=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
                "offramp.pace.per-minute=6000",
                "offramp.batch.chunk-size=2",
                "offramp.batch.lease=3s",
                "offramp.batch.poll-interval=200ms",
                "offramp.batch.max-requests=6",
                "offramp.batch.outage.retry-after=1s",
                "offramp.batch.restart-after=" + "1s,".repeat(99) + "1s",
                "offramp.batch.doubt.settle-cancel=1s",
                "offramp.batch.doubt.settle-unlink=1s",
                "offramp.batch.doubt.first-look=300ms",
                "offramp.batch.doubt.between-reads=300ms",
                "offramp.batch.doubt.longest-pause=1s",
                "offramp.batch.confirm.first-look=300ms",
                "offramp.batch.confirm.longest-pause=1s",
                "offramp.outcome.poll-interval=200ms",
                "offramp.outcome.lease=3s");
    }

    /** Puts it on the topic, and waits until the broker has it. */
    void send(Wish wish) {
        send(wish.customer(), wish.event());
    }

    void send(@Nullable String key, String value) {
        try {
            producer.send(new ProducerRecord<>(REQUESTS, key, value)).get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("The broker did not take a request", e);
        }
    }

    /** Tells the simulator what is to go wrong, in the words of docs/simulator.md. */
    void fault(String rule) {
        ask("POST", "/simulator/faults", rule);
    }

    void clearFaults() {
        ask("DELETE", "/simulator/faults", "");
    }

    private JsonNode ask(String method, String path, String body) {
        try {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + simulatorPort + path))
                            .method(method, BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new IllegalStateException(method + " " + path + ": " + answer.body());
            }
            return JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts here", e);
        }
    }

    /** How many requests have a final outcome on the topic by now. */
    int ended() {
        readOutcomes();
        return ended.size();
    }

    private void readOutcomes() {
        outcomes.poll(Duration.ofMillis(20)).forEach(each -> {
            var event = JSON.readTree(each.value());
            var data = event.path("data");
            var one = new Told(
                    data.path("request").path("id").asString(),
                    event.path("id").asString(),
                    data.path("sequence").asInt(),
                    data.path("final").asBoolean(),
                    "%s %s %s"
                            .formatted(
                                    data.path("status").asString(),
                                    data.path("reason").asString(),
                                    data.path("effect").asString()));
            told.add(one);
            if (one.isFinal()) {
                ended.add(one.request());
            }
        });
    }

    List<Call> calls() {
        return ask("GET", "/simulator/calls", "")
                .path("calls")
                .valueStream()
                .map(each -> new Call(
                        each.path("number").asInt(),
                        Instant.parse(each.path("time").asString()),
                        each.path("operation").asString(),
                        target(
                                each.path("customer").asString(),
                                each.path("subscription").asString("")),
                        each.path("correlationId").asString(""),
                        each.path("changed").asBoolean()))
                .toList();
    }

    private static String target(String customer, @Nullable String subscription) {
        return subscription == null || subscription.isEmpty() ? "customer " + customer : "subscription " + subscription;
    }

    /** Everything that can be read about this round. */
    Evidence evidence() {
        var jdbc = JdbcClient.create(database.database("chaos"));
        return new Evidence(records(), List.copyOf(told), ledger(jdbc), refused(jdbc), tries(jdbc), calls(), states());
    }

    private List<Sent> records() {
        var records = new ArrayList<Sent>();
        try (var reader = reader(REQUESTS)) {
            var ends = reader.endOffsets(reader.assignment());
            while (ends.entrySet().stream().anyMatch(each -> reader.position(each.getKey()) < each.getValue())) {
                reader.poll(Duration.ofMillis(200))
                        .forEach(each ->
                                records.add(new Sent(new Place(each.partition(), each.offset()), idIn(each.value()))));
            }
        }
        return records;
    }

    private static @Nullable String idIn(String value) {
        try {
            return JSON.readTree(value).path("id").asString();
        } catch (JacksonException e) {
            return null;
        }
    }

    private static List<Row> ledger(JdbcClient jdbc) {
        return jdbc.sql("""
                        select number, id, operation, customer_id, subscription_id, status, reason, effect,
                               (select count(*) from outcome where final_of = request.number) as finals
                          from request
                         order by number
                        """)
                .query((row, _) -> new Row(
                        row.getLong("number"),
                        row.getString("id"),
                        row.getString("operation"),
                        target(row.getString("customer_id"), row.getString("subscription_id")),
                        row.getInt("finals"),
                        "%s %s %s"
                                .formatted(row.getString("status"), row.getString("reason"), row.getString("effect"))))
                .list();
    }

    private static Set<Place> refused(JdbcClient jdbc) {
        return new HashSet<>(jdbc.sql("select partition_no, offset_no from refusal")
                .query((row, _) -> new Place(row.getInt("partition_no"), row.getLong("offset_no")))
                .list());
    }

    private static List<Try> tries(JdbcClient jdbc) {
        return jdbc.sql("""
                        select request_number, ms_correlation_id, gated_at
                          from attempt_try
                          join attempt on attempt.number = attempt_number
                        """)
                .query((row, _) -> new Try(
                        row.getLong("request_number"),
                        row.getString("ms_correlation_id"),
                        row.getObject("gated_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    private Map<String, String> states() {
        var states = new HashMap<String, String>();
        ask("GET", "/simulator/state", "").path("customers").forEach(customer -> {
            states.put(
                    "customer " + customer.path("id").asString(),
                    customer.path("relationship").asString());
            customer.path("subscriptions")
                    .forEach(each -> states.put(
                            "subscription " + each.path("id").asString(),
                            each.path("status").asString()));
        });
        return states;
    }

    /** What is still open, for whoever must explain it. */
    String open() {
        return JdbcClient.create(database.database("chaos")).sql("""
                        select id, operation, status, reason, message, due_at, batch_number
                          from request
                         where settled_at is null
                        """).query().listOfRows().stream()
                .map(Object::toString)
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        try (simulator;
                broker;
                database;
                toBroker;
                toDatabase;
                toSimulator;
                http) {
            outcomes.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
            producer.close(Duration.ofSeconds(1));
        }
    }
}
