package dev.offramp.request;

import dev.offramp.job.Jobs;
import dev.offramp.job.SourceBudgets;
import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Offsets;
import dev.offramp.ledger.Recoveries;
import dev.offramp.ledger.Refusals;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.WorkArrived;
import dev.offramp.offboarding.PartnerTenantId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaAdmin.NewTopics;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires the way in. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({RequestProperties.class, IntakeProperties.class, TopicsProperties.class})
class RequestConfiguration {

    /** Above this, records do not fit into the topics that are created; what is above max-size is refused, not lost. */
    private static final int LARGEST_RECORD = 4 * 1024 * 1024;

    private static final Logger log = LoggerFactory.getLogger(RequestConfiguration.class);
    private static final Status AWAY = new Status("AWAY");

    @Bean
    SourceTopics sourceTopics(RequestProperties properties, TopicsProperties topics) {
        // A source that stands twice is told before its topic is looked at.
        properties.allowedBySource();
        return SourceTopics.of(properties, topics);
    }

    @Bean
    Screening screening(
            RequestProperties properties, SourceTopics topics, Mode mode, PartnerTenantId partner, Jobs jobs) {
        var sources = properties.allowedBySource();
        if (mode == Mode.LIVE && sources.isEmpty()) {
            log.warn(
                    "No source is registered in offramp.request.sources: in live mode every request will be rejected as"
                            + " unknown-source until the operator adds the systems that may ask.");
        }
        return new Screening(
                new Screening.Rules(
                        mode, partner, properties.maxAge(), properties.requireCustomerExpectation(), sources, jobs),
                topics);
    }

    @Bean
    SourceBudgets sourceBudgets(RequestProperties properties) {
        // A source that stands twice is told before its budgets are looked at.
        properties.allowedBySource();
        return properties.budgets();
    }

    @Bean
    MessageReader messageReader(RequestProperties properties) {
        return new MessageReader(
                new MessageSchemas(), Math.toIntExact(properties.maxSize().toBytes()));
    }

    @Bean
    RequestsByHand requestsByHand(
            MessageReader reader,
            Screening screening,
            Requests requests,
            PlatformTransactionManager transactions,
            InstantSource clock) {
        return new RequestsByHand(reader, screening, requests, new TransactionTemplate(transactions), clock);
    }

    @Bean
    Intake intake(
            MessageReader reader,
            Screening screening,
            Requests requests,
            Refusals refusals,
            Offsets offsets,
            Recoveries recoveries,
            PlatformTransactionManager transactions,
            InstantSource clock) {
        return new Intake(
                reader,
                screening,
                requests,
                refusals,
                offsets,
                recoveries,
                new TransactionTemplate(transactions),
                clock);
    }

    /** Judges rows of files as it judges messages. */
    @Bean
    RowScreening rowScreening(RequestProperties properties, Mode mode, PartnerTenantId partner) {
        return RowScreening.of(mode, partner, properties);
    }

    @Bean
    Valve intakeValve(ObjectProvider<ConcurrentMessageListenerContainer<byte[], byte[]>> container) {
        return new Valve(
                () -> container.getObject().pause(), () -> container.getObject().resume());
    }

    @Bean
    Backlog backlog(Requests requests, IntakeProperties properties, Valve valve) {
        return new Backlog(requests::countOpen, properties.maxOpen(), valve);
    }

    @Bean
    LedgerAge ledgerAge(Offsets offsets, IntakeProperties properties, Valve valve) {
        return new LedgerAge(
                offsets, properties.group(), properties.acceptOlderLedger(), () -> valve.shut(Valve.Why.OLDER_LEDGER));
    }

    @Bean
    IntakePauses intakePauses(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Audit audit,
            Requests requests,
            IntakeProperties properties,
            Valve valve) {
        return new IntakePauses(
                jdbc, new TransactionTemplate(transactions), audit, requests, properties.maxOpen(), valve);
    }

    @Bean
    IntakeWatch backlogWatch(Backlog backlog, IntakeProperties properties) {
        return new IntakeWatch("backlog-watch", backlog::look, properties.checkInterval());
    }

    @Bean
    IntakeWatch pauseWatch(IntakePauses pauses, IntakeProperties properties) {
        return new IntakeWatch("pause-watch", pauses::look, properties.followInterval());
    }

    @Bean
    ConcurrentMessageListenerContainer<byte[], byte[]> intakeContainer(
            ConsumerFactory<?, ?> consumers,
            Intake intake,
            Backlog backlog,
            LedgerAge ledgerAge,
            ApplicationEventPublisher events,
            IntakeProperties properties,
            SourceTopics topics) {
        var listener = new IntakeListener(intake, backlog, () -> events.publishEvent(new WorkArrived()));
        var container = container(consumers.getConfigurationProperties(), listener, properties, topics.all());
        container.getContainerProperties().setConsumerRebalanceListener(ledgerAge);
        container.setAutoStartup(properties.enabled());
        return container;
    }

    @Bean
    BrokerWatch brokerWatch(KafkaAdmin admin, InstantSource clock) {
        var settings = new HashMap<>(admin.getConfigurationProperties());
        return new BrokerWatch(
                () -> Admin.create(settings),
                addresses(settings.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG)),
                Duration.ofSeconds(5),
                clock);
    }

    private static String addresses(@Nullable Object servers) {
        return servers instanceof List<?> several
                ? several.stream().map(String::valueOf).collect(Collectors.joining(", "))
                : String.valueOf(servers);
    }

    /** A broker that is away is told, and makes nothing unhealthy: no restart of ours brings it back. */
    @Bean
    HealthIndicator kafkaHealthIndicator(BrokerWatch watch) {
        return () -> watch.standing()
                .map(standing -> standing.answers()
                        ? Health.up()
                        : Health.status(AWAY)
                                .withDetail("since", standing.since())
                                .withDetail("said", standing.words())
                                .withDetail(
                                        "missing",
                                        "Requests wait in their topic and outcomes in the ledger until Kafka answers."))
                .orElseGet(Health::unknown)
                .withDetail("address", watch.address())
                .build();
    }

    @Bean
    IntakeGroup intakeGroup(
            ConcurrentMessageListenerContainer<byte[], byte[]> intakeContainer,
            Valve valve,
            IntakeProperties properties,
            SourceTopics topics) {
        return new IntakeGroup(intakeContainer, valve, properties, topics.all());
    }

    static ConcurrentMessageListenerContainer<byte[], byte[]> container(
            Map<String, Object> kafka, IntakeListener listener, IntakeProperties properties, List<String> topics) {
        var settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, LARGEST_RECORD);
        // What a producer took back never was a request.
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // A topic that is created after the start is seen soon.
        settings.putIfAbsent(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 30_000);
        // Kafka's own default, latest, would skip what was sent before the first start.
        settings.putIfAbsent(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        var how = new ContainerProperties(topics.toArray(String[]::new));
        how.setGroupId(properties.group());
        how.setAckMode(AckMode.BATCH);
        how.setMessageListener(listener);
        how.setMissingTopicsFatal(false);
        var container = new ConcurrentMessageListenerContainer<byte[], byte[]>(
                new DefaultKafkaConsumerFactory<>(settings), how);
        container.setConcurrency(properties.concurrency());
        container.setCommonErrorHandler(NothingSkipped.errorHandler(properties.retryFirst(), properties.retryMost()));
        container.setBeanName("intake");
        return container;
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "offramp.topics.create", matchIfMissing = true)
    NewTopics topics(TopicsProperties topics, SourceTopics ofSources) {
        var ofMessages = Stream.concat(ofSources.all().stream(), Stream.of(topics.refused(), topics.outcomes()))
                .map(name -> new NewTopic(name, topics.partitions(), (short) topics.replication())
                        .configs(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(LARGEST_RECORD))));
        var ofHashes = new NewTopic(topics.audit(), 1, (short) topics.replication())
                .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
        return new NewTopics(Stream.concat(ofMessages, Stream.of(ofHashes)).toArray(NewTopic[]::new));
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "offramp.topics.create", matchIfMissing = true)
    TopicsCreation topicsCreation(KafkaAdmin admin, BrokerWatch watch) {
        return new TopicsCreation(admin::initialize, watch::isAway, Duration.ofSeconds(5));
    }
}
