package dev.offramp.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.offramp.testing.TestKafka;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

/** The hashes on a real broker. */
class SealedTrailTests {

    @Test
    void publishesHashesByWhichATrailIsChecked() throws Exception {
        var topic = TestKafka.freshTopic("audit", 1);
        var blocks = Trails.blocks(3);
        try (var producers = new Producers(TestKafka.bootstrapServers())) {
            var hashes = producers.topic(topic, Duration.ofSeconds(60));
            for (var block : blocks) {
                hashes.publish(block);
            }
        }

        var records = read(topic, 3);

        assertThat(records).containsOnlyKeys("1", "2", "3");
        assertThat(Verification.of(Trails.export(3).stream(), records.values().stream())
                        .compared())
                .isEqualTo(3);
        assertThat(Verification.of(Trails.export(2).stream(), records.values().stream())
                        .broken())
                .contains("the end of the trail was cut off");
    }

    @Test
    void saysThatTheBrokerTakesNoHash() {
        try (var producers = new Producers("127.0.0.1:1")) {
            var hashes = producers.topic("audit", Duration.ofSeconds(60));

            assertThatThrownBy(() -> hashes.publish(Trails.blocks(1).getFirst()))
                    .isInstanceOf(Sealer.PublicationException.class)
                    .hasRootCauseInstanceOf(TimeoutException.class);
        }
    }

    private static Map<String, String> read(String topic, int records) {
        var settings = Map.<String, Object>of(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                TestKafka.bootstrapServers(),
                "enable.auto.commit",
                false);
        var found = new LinkedHashMap<String, String>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            var partitions = TestKafka.partitionsOf(topic, consumer);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await().pollInSameThread().atMost(Duration.ofSeconds(60)).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(each -> found.put(each.key(), each.value()));
                return found.size() >= records;
            });
        }
        return found;
    }

    /** Producers as the service makes them. */
    private static final class Producers implements AutoCloseable {

        private final AuditConfiguration.HashProducers producers;

        Producers(String bootstrapServers) {
            producers = new AuditConfiguration.HashProducers(AuditConfiguration.settings(
                    Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers)));
        }

        HashTopic topic(String name, Duration atMost) {
            return new HashTopic(producers.kafka(), name, atMost);
        }

        @Override
        public void close() {
            producers.destroy();
        }
    }
}
