package dev.offramp.audit;

import dev.offramp.ledger.NamedLease;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.support.ProducerListener;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires the sealing of the audit trail. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AuditProperties.class)
class AuditConfiguration {

    /** A hash that is not taken within it waits; entries of the meantime are sealed late by no more than it. */
    private static final Duration PUBLISH_WITHIN = Duration.ofSeconds(2);

    @Bean
    Seals seals(JdbcClient jdbc, PlatformTransactionManager transactions) {
        return new JdbcSeals(jdbc, new TransactionTemplate(transactions));
    }

    @Bean
    Export auditExport(Seals seals) {
        return new Export(seals);
    }

    /** A factory of its own, so that it waits for no broker longer than it may. */
    @Bean(destroyMethod = "destroy")
    HashProducers hashProducers(ProducerFactory<?, ?> producers) {
        return new HashProducers(settings(producers.getConfigurationProperties()));
    }

    @Bean
    SealerLoop sealerLoop(
            Seals seals,
            JdbcClient jdbc,
            HashProducers producers,
            InstantSource clock,
            AuditProperties properties,
            @Value("${offramp.topics.audit:offramp.audit}") String topic,
            @Value("${offramp.node}") String node) {
        var journal = new LoggingAuditJournal();
        var sealer = new Sealer(
                seals,
                new NamedLease(jdbc, "audit-sealer", node + "/" + UUID.randomUUID(), properties.lease()),
                new HashTopic(producers.kafka(), topic, PUBLISH_WITHIN),
                clock,
                journal,
                properties.block());
        return new SealerLoop(sealer, journal, properties.pollInterval());
    }

    static Map<String, Object> settings(Map<String, Object> kafka) {
        var settings = new HashMap<>(kafka);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        var millis = Math.toIntExact(PUBLISH_WITHIN.toMillis());
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis);
        return settings;
    }

    /**
     * The sealer's producers.
     *
     * @param factory makes one when the first hash is published
     */
    record HashProducers(DefaultKafkaProducerFactory<byte[], byte[]> factory) {

        HashProducers(Map<String, Object> settings) {
            this(new DefaultKafkaProducerFactory<>(settings));
        }

        KafkaOperations<byte[], byte[]> kafka() {
            var template = new KafkaTemplate<>(factory);
            // The journal says it, and once.
            template.setProducerListener(new ProducerListener<>() {});
            return template;
        }

        void destroy() {
            factory.destroy();
        }
    }
}
