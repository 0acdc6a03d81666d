package dev.offramp.request;

import static dev.offramp.request.Events.cancel;
import static dev.offramp.request.Events.withdraw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offramp.ledger.Request;
import dev.offramp.testing.TestDatabase;
import dev.offramp.testing.TestKafka;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

/** Records that come twice, in any order, to consumers that come and go, and all over again. */
class TurmoilTests {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int RECORDS = 300;

    private final DataSource database = TestDatabase.H2.fresh();
    private final IntakeFixture fixture = new IntakeFixture(database);

    @Test
    void endsAlikeInWhateverOrderAndHoweverOftenRecordsCome() {
        for (int seed = 0; seed < 20; seed++) {
            var random = new Random(seed);
            var records = new ArrayList<IncomingRecord>();
            for (int copies = 0; copies < 2; copies++) {
                records.add(at(records, cancel("a-" + seed)));
                records.add(at(records, cancel("b-" + seed)));
                records.add(at(records, withdraw("w-" + seed, "a-" + seed)));
            }
            Collections.shuffle(records, random);

            var left = new ArrayDeque<>(records);
            while (!left.isEmpty()) {
                var poll = new ArrayList<IncomingRecord>();
                for (int size = 1 + random.nextInt(3); size > 0 && !left.isEmpty(); size--) {
                    poll.add(left.removeFirst());
                }
                fixture.intake().take(poll);
            }

            assertThat(words(fixture.request("a-" + seed))).as("seed %d", seed).isEqualTo("withdrawn: by-source");
            assertThat(words(fixture.request("w-" + seed))).as("seed %d", seed).isEqualTo("succeeded: done");
            assertThat(words(fixture.request("b-" + seed))).as("seed %d", seed).isEqualTo("accepted: admitted");
        }
        assertThat(fixture.ids()).hasSize(60).doesNotHaveDuplicates();
        assertThat(fixture.refusals()).isEmpty();
    }

    private static IncomingRecord at(List<IncomingRecord> before, Events event) {
        return Events.at(before.size(), event.record());
    }

    @Test
    void takesEachRecordOnceWhileConsumersComeAndGoAndAgainFromTheBeginning() throws Exception {
        var topic = TestKafka.freshTopic("storm", 4);
        var group = TestKafka.uniqueName("storm");
        try (var producer = producer()) {
            var steady = container(topic, group);
            steady.start();
            for (int each = 0; each < RECORDS; each++) {
                // Every tenth comes twice, the second time over another partition.
                send(producer, topic, each % 4, "r-" + each);
                if (each % 10 == 0) {
                    send(producer, topic, (each + 1) % 4, "r-" + each);
                }
                if (each % 60 == 59) {
                    producer.flush();
                    var guest = container(topic, group);
                    guest.start();
                    await().atMost(SOON)
                            .until(() -> !guest.getAssignedPartitions().isEmpty());
                    guest.stop();
                }
            }
            producer.flush();
            untilAllAreTaken(topic);
            steady.stop();
        }
        assertAllOnce();

        // Another group begins at offset 0.
        var again = container(topic, TestKafka.uniqueName("storm-again"));
        var outcomes = fixture.ledger().outcomes().countUnsent();
        JdbcClient.create(database).sql("delete from intake_offset").update();
        again.start();
        untilAllAreTaken(topic);
        again.stop();

        assertAllOnce();
        assertThat(fixture.ledger().outcomes().countUnsent())
                .as("the same outcomes are told, and no others")
                .isEqualTo(outcomes);
    }

    private void untilAllAreTaken(String topic) {
        await().atMost(SOON)
                .until(() -> fixture.ledger().offsets().of(topic).values().stream()
                                .mapToLong(Long::longValue)
                                .sum()
                        == RECORDS + RECORDS / 10);
    }

    private void assertAllOnce() {
        assertThat(fixture.ids())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, RECORDS)
                        .mapToObj(each -> "r-" + each)
                        .toList());
        assertThat(fixture.refusals()).isEmpty();
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, int partition, String id) {
        producer.send(new ProducerRecord<>(
                topic, partition, Events.NOW.toEpochMilli(), null, cancel(id).bytes()));
    }

    private static KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", TestKafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private ConcurrentMessageListenerContainer<byte[], byte[]> container(String topic, String group) {
        var listener = new IntakeListener(
                fixture.intake(), new Backlog(() -> 0, 1_000_000, new Valve(() -> {}, () -> {})), () -> {});
        return RequestConfiguration.container(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        TestKafka.bootstrapServers(),
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        7),
                listener,
                new IntakeProperties(
                        true,
                        group,
                        1,
                        1_000_000,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        false,
                        Duration.ofMillis(10),
                        Duration.ofMillis(50)),
                List.of(topic));
    }

    private static String words(Request request) {
        return request.status().word() + ": " + request.reason().word();
    }
}
