package dev.offramp.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offramp.job.Jobs;
import dev.offramp.ledger.Mode;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.TestDatabase;
import dev.offramp.testing.TestKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The way in, the ledger and the way out as they are wired in production, on a real broker. */
class WayThroughTests {

    private static final String GOOD = "schemas/cancel-subscription/v1/valid/all-members.json";

    private final String requests = TestKafka.uniqueName("requests");
    private final String refused = TestKafka.uniqueName("refused");
    private final String outcomes = TestKafka.uniqueName("outcomes");

    @Configuration(proxyBeanMethods = false)
    @ComponentScan({"dev.offramp.request", "dev.offramp.ledger", "dev.offramp.outcome"})
    @ImportAutoConfiguration({
        KafkaAutoConfiguration.class,
        DataSourceTransactionManagerAutoConfiguration.class,
        JdbcTemplateAutoConfiguration.class,
        JdbcClientAutoConfiguration.class
    })
    static class InAndOut {

        @Bean
        DataSource dataSource() {
            return TestDatabase.H2.fresh();
        }

        @Bean
        InstantSource clock() {
            return () -> Admissions.START.plusSeconds(5);
        }

        @Bean
        Jobs jobs() {
            return Jobs.of(List.of());
        }

        @Bean
        Mode mode() {
            return Mode.OBSERVE;
        }

        @Bean
        PartnerTenantId partnerTenantId() {
            return Admissions.PARTNER;
        }
    }

    @Test
    void answersAGoodRequestAndHandsABadRecordOn() throws Exception {
        // With a poll interval of ten minutes only the announcement of work can be what turns the relay.
        var application = new SpringApplicationBuilder(InAndOut.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.kafka.bootstrap-servers=" + TestKafka.bootstrapServers(),
                        "offramp.node=test",
                        "offramp.topics.requests=" + requests,
                        "offramp.topics.refused=" + refused,
                        "offramp.topics.outcomes=" + outcomes,
                        "offramp.topics.partitions=2",
                        "offramp.intake.group=" + requests,
                        "offramp.outcome.poll-interval=10m",
                        "spring.config.name=none",
                        "spring.main.banner-mode=off",
                        "logging.config=file:src/test/logback.xml");
        try (var running = application.run()) {
            assertThat(running.getBean(Relay.class)).isNotNull();
            // The start does not wait for a slow broker: topics may be made a moment later.
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(largestRecordOf(requests)).isEqualTo("4194304"));
            var good = java.nio.file.Files.readAllBytes(Path.of(GOOD));

            send(good);
            send("nonsense".getBytes(StandardCharsets.UTF_8));

            var told = read(outcomes);
            assertThat(text(told.key())).isEqualTo("5921f00a-32c0-4457-aaa1-e8018c650895");
            var event = json(told);
            assertThat(event.path("id").asString()).isEqualTo("/contoso/billing 01JD3V7Q2M8K6T9X4R5W0ZB1CE#1");
            assertThat(event.at("/data/reason").asString()).isEqualTo("admitted");
            assertThat(event.path("correlationid").asString()).isEqualTo("contract-4711-termination");
            var handedOn = read(refused);
            assertThat(text(handedOn.value())).isEqualTo("nonsense");
            assertThat(text(handedOn.headers().lastHeader("offramp-reason").value()))
                    .isEqualTo("invalid-message");
        }
    }

    private static String largestRecordOf(String topic) throws Exception {
        try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", TestKafka.bootstrapServers()))) {
            var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            return admin.describeConfigs(List.of(resource))
                    .all()
                    .get(30, TimeUnit.SECONDS)
                    .get(resource)
                    .get("max.message.bytes")
                    .value();
        }
    }

    private void send(byte[] value) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", TestKafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            // The time of the clock, not of the machine: otherwise the record would be from the future.
            producer.send(new ProducerRecord<>(requests, null, Admissions.START.toEpochMilli(), null, value))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static ConsumerRecord<byte[], byte[]> read(String topic) {
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", TestKafka.bootstrapServers(),
                        "group.id", TestKafka.uniqueName("reader"),
                        "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                return !records.isEmpty();
            });
            assertThat(records).hasSize(1);
            return records.getFirst();
        }
    }

    private static JsonNode json(ConsumerRecord<byte[], byte[]> record) {
        return JsonMapper.shared().readTree(record.value());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
