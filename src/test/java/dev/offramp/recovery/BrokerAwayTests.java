package dev.offramp.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.RequestKey;
import dev.offramp.ledger.Requests;
import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.simulator.Scenario;
import dev.offramp.testing.OwnBroker;
import dev.offramp.testing.RunningOfframp;
import dev.offramp.testing.TestDatabase;
import dev.offramp.testing.ToldOutcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The broker is not there when the service starts, comes, goes and comes back. */
class BrokerAwayTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration ENOUGH = Duration.ofSeconds(90);
    private static final Duration A_WHILE = Duration.ofSeconds(4);

    private final Lines lines = new Lines();

    @TempDir
    Path folder;

    @Test
    void worksOnWhatItHasWithoutABrokerAndTellsAllInOrderWhenItComes() throws Exception {
        var scenario = Scenario.builder();
        for (int number = 1; number <= 8; number++) {
            var each = number;
            scenario.customer(
                    "Customer " + each,
                    customer -> customer.id(customer(each))
                            .newCommerceLicence(
                                    licence -> licence.id(subscription(each)).cancellableUntil("+3d")));
        }
        try (var partnerCenter = PartnerCenterSimulator.start(scenario.build(), 0);
                var broker = OwnBroker.prepared();
                var offramp = start(partnerCenter, broker)) {
            startsWithoutIt(offramp);
            broker.start();
            beginsWhenItComes(offramp);
            broker.stop();
            goesOnWhileItIsAway(offramp);
            broker.start();
            tellsAllWhenItIsBack(offramp);

            assertThat(partnerCenter.calls())
                    .extracting(each -> each.customer())
                    .as("one call for each")
                    .containsExactlyInAnyOrder(
                            customer(1), customer(2), customer(3), customer(4), customer(5), customer(6));
        } finally {
            lines.detach();
        }
    }

    private void startsWithoutIt(RunningOfframp offramp) throws Exception {
        sendByHand(offramp, "by-hand-1", 1);
        untilFinal(offramp, "by-hand-1");
        await().atMost(ENOUGH)
                .untilAsserted(() -> assertThat(kafkaIn(offramp)).contains("\"AWAY\"", "Requests wait in their topic"));
        saysLittleFor(A_WHILE);
    }

    private void beginsWhenItComes(RunningOfframp offramp) {
        untilToldFinal(offramp, "by-hand-1");
        offramp.send(List.of(cancel("by-topic-1", 2)));
        untilToldFinal(offramp, "by-topic-1");
        await().atMost(ENOUGH).untilAsserted(() -> assertThat(kafkaIn(offramp)).contains("\"UP\""));
    }

    private void goesOnWhileItIsAway(RunningOfframp offramp) throws Exception {
        lines.forget();
        sendByHand(offramp, "by-hand-2", 3);
        sendByHand(offramp, "by-hand-3", 4);
        loadFile(offramp, "by-file-1", 5);
        untilFinal(offramp, "by-hand-2", "by-hand-3");
        await().atMost(ENOUGH)
                .untilAsserted(() -> assertThat(
                                offramp.context().getBean(Requests.class).list(Requests.Filter.ALL, null, 100))
                        .hasSize(5)
                        .allMatch(Request::isFinal));
        await().atMost(ENOUGH).untilAsserted(() -> assertThat(kafkaIn(offramp)).contains("\"AWAY\""));
        saysLittleFor(A_WHILE);
    }

    private static void tellsAllWhenItIsBack(RunningOfframp offramp) {
        untilToldFinal(offramp, "by-hand-2", "by-hand-3");
        offramp.send(List.of(cancel("by-topic-2", 6)));
        untilToldFinal(offramp, "by-topic-2");
        assertThat(offramp.outcomes()
                        .await(
                                ENOUGH,
                                all -> all.stream()
                                        .anyMatch(each -> each.customer().equals(customer(5)) && each.isFinal())))
                .as("what came in a file is told")
                .isTrue();

        var last = new HashMap<String, Integer>();
        for (var told : offramp.outcomes().all()) {
            assertThat(told.sequence())
                    .as("%s: told twice at most, never out of order", told.request())
                    .isBetween(last.getOrDefault(told.request(), 0), last.getOrDefault(told.request(), 0) + 1);
            last.put(told.request(), told.sequence());
        }
    }

    /** One line that Kafka is away, one that outcomes wait; and no stack trace. */
    private void saysLittleFor(Duration time) {
        await().during(time).atMost(ENOUGH).until(() -> lines.warnings().size() <= 2);
        assertThat(lines.warnings()).anyMatch(line -> line.startsWith("Kafka does not answer at 127.0.0.1:"));
        assertThat(lines.all()).hasSizeLessThan(40);
        assertThat(lines.traces()).isEmpty();
    }

    private RunningOfframp start(PartnerCenterSimulator partnerCenter, OwnBroker broker) {
        return RunningOfframp.against(partnerCenter)
                .on(TestDatabase.H2)
                .with("spring.kafka.bootstrap-servers", broker.bootstrapServers())
                .with("offramp.topics.requests", "requests")
                .with("offramp.topics.outcomes", "outcomes")
                .with("offramp.topics.refused", "refused")
                .with("offramp.outcome.lease", "5s")
                .beforeItsBroker()
                .onceConfigured(lines::attach)
                .start();
    }

    private static String kafkaIn(RunningOfframp offramp) throws IOException, InterruptedException {
        return ask(
                offramp,
                HttpRequest.newBuilder(URI.create(offramp.address() + "/actuator/health"))
                        .GET());
    }

    private static void sendByHand(RunningOfframp offramp, String id, int number) throws Exception {
        var told = ask(
                offramp,
                HttpRequest.newBuilder(URI.create(offramp.address() + "/api/v1/requests"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                cancel(id, number).toString())));
        assertThat(told).contains("admitted");
    }

    private static String ask(RunningOfframp offramp, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(
                    request.header("Authorization", "Bearer " + offramp.token()).build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer.body();
        }
    }

    private void loadFile(RunningOfframp offramp, String id, int number) throws IOException {
        var file = Files.writeString(
                folder.resolve("requests.csv"), """
                id;customerId;subscriptionId;requestedBy;reason
                %s;%s;%s;jane.doe@contoso.example;A test
                """.formatted(id, customer(number), subscription(number)));
        var ran = offramp.command(List.of(
                "run",
                "cancel-subscriptions",
                "--name",
                "while-away",
                "--file",
                file.toString(),
                "--detach",
                "--reason",
                "the broker is away"));
        assertThat(ran.exitCode()).as("%s", ran.lines()).isZero();
    }

    private static void untilFinal(RunningOfframp offramp, String... ids) {
        var requests = offramp.context().getBean(Requests.class);
        await().atMost(ENOUGH)
                .until(() -> List.of(ids).stream()
                        .allMatch(id -> requests.byKey(new RequestKey("/contoso/billing", id))
                                .filter(Request::isFinal)
                                .isPresent()));
    }

    private static void untilToldFinal(RunningOfframp offramp, String... ids) {
        assertThat(offramp.outcomes()
                        .await(
                                ENOUGH,
                                all -> List.of(ids).stream()
                                        .allMatch(id ->
                                                ToldOutcome.of(id, all).stream().anyMatch(ToldOutcome::isFinal))))
                .as("final outcomes of %s", List.of(ids))
                .isTrue();
    }

    private static String customer(int number) {
        return "c0000000-0000-4000-8000-%012d".formatted(number);
    }

    private static String subscription(int number) {
        return "50000000-0000-4000-8000-%012d".formatted(number);
    }

    private static ObjectNode cancel(String id, int number) {
        var event = JSON.createObjectNode()
                .put("specversion", "1.0")
                .put("type", "dev.offramp.cancel-subscription.v1")
                .put("source", "/contoso/billing")
                .put("id", id)
                .put("time", Instant.now().toString());
        event.putObject("data")
                .put("customerId", customer(number))
                .put("subscriptionId", subscription(number))
                .put("requestedBy", "jane.doe@contoso.example")
                .put("reason", "A test");
        return event;
    }

    /** What the service logs about its way to Kafka and back; the broker itself, in this JVM too, logs elsewhere. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {

        private static final List<String> OURS = List.of(
                "org.apache.kafka.clients",
                "org.springframework.kafka",
                "dev.offramp.request",
                "dev.offramp.outcome",
                "dev.offramp.recovery",
                "dev.offramp.operations");

        private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

        private static Logger root() {
            return ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
        }

        void attach() {
            setContext(root().getLoggerContext());
            start();
            root().addAppender(this);
        }

        void detach() {
            root().detachAppender(this);
        }

        void forget() {
            events.clear();
        }

        @Override
        protected void append(ILoggingEvent event) {
            if (OURS.stream().anyMatch(event.getLoggerName()::startsWith)) {
                events.add(event);
            }
        }

        List<String> all() {
            return events.stream().map(ILoggingEvent::getFormattedMessage).toList();
        }

        List<String> warnings() {
            return events.stream()
                    .filter(each -> each.getLevel().isGreaterOrEqual(Level.WARN))
                    .map(ILoggingEvent::getFormattedMessage)
                    .toList();
        }

        List<String> traces() {
            return events.stream()
                    .filter(each -> each.getThrowableProxy() != null)
                    .map(ILoggingEvent::getFormattedMessage)
                    .toList();
        }
    }
}
