package dev.offramp.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TestKafkaTests {

    @Test
    void carriesARecordOfThreeMegabytes() throws Exception {
        carriesARecordOfThreeMegabytes(TestKafka.bootstrapServers());
    }

    @Test
    void carriesARecordOfThreeMegabytesWithoutDocker() throws Exception {
        try (var broker = TestKafka.startEmbedded()) {
            carriesARecordOfThreeMegabytes(broker.bootstrapServers());
        }
    }

    @Test
    void carriesARecordOfThreeMegabytesInAContainer() throws Exception {
        assumeThat(LocalDocker.ask(TestKafka.IMAGE)).isInstanceOf(LocalDocker.Ready.class);
        try (var broker = TestKafka.startInContainer()) {
            assertThat(broker.where()).contains("Testcontainers");
            carriesARecordOfThreeMegabytes(broker.bootstrapServers());
        }
    }

    @Test
    void isTheSameBrokerForEveryTest() {
        assertThat(TestKafka.bootstrapServers()).isEqualTo(TestKafka.bootstrapServers());
    }

    @Test
    void createsNoTopicThatNobodyAskedFor() {
        var unknown = TestKafka.uniqueName("nobody-asked");
        try (var producer = producer(TestKafka.bootstrapServers(), Map.of("max.block.ms", 500))) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>(unknown, new byte[] {1}))
                            .get(20, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void givesEachTestATopicOfItsOwnWithThePartitionsAskedFor() throws Exception {
        var one = TestKafka.freshTopic("requests", 3);
        var other = TestKafka.freshTopic("requests", 1);
        assertThat(one).startsWith("requests-").isNotEqualTo(other);
        try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", TestKafka.bootstrapServers()))) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(admin.describeTopics(List.of(one))
                                    .allTopicNames()
                                    .get(10, TimeUnit.SECONDS)
                                    .get(one)
                                    .partitions())
                            .hasSize(3));
        }
    }

    @Test
    @Timeout(30)
    void saysAtOnceThatAnImageIsMissing() {
        assertThat(LocalDocker.ask("example.invalid/no/such:image"))
                .isInstanceOfSatisfying(
                        LocalDocker.NotReady.class,
                        no -> assertThat(no.reason())
                                .containsAnyOf("no image example.invalid/no/such:image", "no Docker answers"));
    }

    private static void carriesARecordOfThreeMegabytes(String bootstrapServers) throws Exception {
        var topic = TestKafka.uniqueName("large");
        try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new org.apache.kafka.clients.admin.NewTopic(topic, 1, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        var body = new byte[3_000_000];
        try (var producer = producer(bootstrapServers, Map.of("max.request.size", 8_388_608))) {
            producer.send(new ProducerRecord<>(topic, body)).get(30, TimeUnit.SECONDS);
        }
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "group.id",
                        TestKafka.uniqueName("reader"),
                        "auto.offset.reset",
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(consumer.poll(Duration.ofMillis(200)))
                            .singleElement()
                            .satisfies(read -> assertThat(read.value()).hasSize(body.length)));
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(String bootstrapServers, Map<String, Object> more) {
        var settings = new java.util.HashMap<String, Object>(more);
        settings.put("bootstrap.servers", bootstrapServers);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
