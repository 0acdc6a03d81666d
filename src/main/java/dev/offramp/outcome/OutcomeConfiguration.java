package dev.offramp.outcome;

import dev.offramp.ledger.Outcomes;
import dev.offramp.ledger.Refusals;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;

/** Wires the way out. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OutcomeProperties.class)
class OutcomeConfiguration {

    /** Beyond this an outcome goes without the resource before and after; the topics that are created take more. */
    private static final int LARGEST_OUTCOME = 900_000;

    @Bean
    @ConditionalOnMissingBean
    RelayJournal relayJournal() {
        return new LoggingRelayJournal();
    }

    @Bean
    RelayLease relayLease(
            JdbcClient jdbc, InstantSource clock, @Value("${offramp.node}") String node, OutcomeProperties properties) {
        return new JdbcRelayLease(jdbc, clock, node + "/" + UUID.randomUUID(), properties.lease(), properties.shards());
    }

    /** A factory of its own, so that no other producer of the application gets these settings. */
    @Bean(destroyMethod = "destroy")
    RelayProducers relayProducers(ProducerFactory<?, ?> producers, OutcomeProperties properties) {
        return new RelayProducers(settings(producers.getConfigurationProperties(), properties.lease()));
    }

    @Bean
    Relay relay(
            Outcomes outcomes,
            Refusals refusals,
            RelayProducers producers,
            RelayLease lease,
            RelayJournal journal,
            InstantSource clock,
            OutcomeProperties properties,
            @Value("${offramp.topics.outcomes:offramp.outcomes}") String outcomesTopic,
            @Value("${offramp.topics.refused:offramp.requests.refused}") String refusedTopic) {
        var messages = new OutcomeMessages(outcomesTopic, refusedTopic, properties.source(), LARGEST_OUTCOME);
        // A paused customer waits no longer than for the end of a dead node's lease.
        var stuck = new Stuck(clock, properties.lease());
        return new Relay(outcomes, refusals, messages, producers.sender(), lease, stuck, journal, properties.page());
    }

    @Bean
    RelayLoop relayLoop(Relay relay, RelayLease lease, RelayJournal journal, OutcomeProperties properties) {
        return new RelayLoop(relay, lease, journal, properties.pollInterval());
    }

    static Map<String, Object> settings(Map<String, Object> kafka, Duration lease) {
        var settings = new HashMap<>(kafka);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 2 * 1024 * 1024);
        // A wave is waited for as a whole, so lingering would only delay it; all together stays below the lease.
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        var tenth = Math.toIntExact(lease.toMillis() / 10);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 3 * tenth);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3 * tenth);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 6 * tenth);
        return settings;
    }

    /** The relay's producer. */
    static final class RelayProducers {

        private final DefaultKafkaProducerFactory<byte[], byte[]> factory;

        RelayProducers(Map<String, Object> settings) {
            factory = new DefaultKafkaProducerFactory<>(settings);
        }

        Relay.Sender sender() {
            var template = new KafkaTemplate<>(factory);
            return new Relay.Sender() {
                @Override
                public CompletableFuture<?> send(ProducerRecord<byte[], byte[]> record) {
                    try {
                        return template.send(record);
                    } catch (org.springframework.kafka.KafkaException e) {
                        // The template wraps what the producer says at once, e.g. that the broker is away.
                        return CompletableFuture.failedFuture(Objects.requireNonNullElse(e.getCause(), e));
                    }
                }

                @Override
                public void flush() {
                    template.flush();
                }
            };
        }

        void destroy() {
            factory.destroy();
        }
    }
}
