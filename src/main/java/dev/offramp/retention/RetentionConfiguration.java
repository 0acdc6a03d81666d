package dev.offramp.retention;

import dev.offramp.request.IntakeGroup;
import dev.offramp.request.RequestProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires retention. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RetentionProperties.class)
@ConditionalOnProperty(name = "offramp.retention.enabled", havingValue = "true", matchIfMissing = true)
class RetentionConfiguration {

    @Bean
    RetentionLoop retentionLoop(
            JdbcClient jdbc,
            JobRepository repository,
            PlatformTransactionManager transactions,
            InstantSource clock,
            RetentionProperties properties,
            RequestProperties requests,
            ConsumerFactory<?, ?> consumers,
            IntakeGroup intake,
            ObjectProvider<MeterRegistry> metrics,
            @Value("${offramp.node}") String node) {
        var fitting = properties.fitting(requests.maxAge());
        var journal = new LoggingRetentionJournal(
                String.join(", ", intake.topics()), Optional.ofNullable(metrics.getIfUnique()));
        var comeback = new Comeback(
                new KafkaTopicRecords(consumers.getConfigurationProperties(), intake.topics()),
                fitting,
                requests.maxAge(),
                journal);
        var retention = new Retention(
                sweeps(jdbc, repository),
                new Passes(jdbc, node + "/" + UUID.randomUUID(), fitting.lease()),
                new TransactionTemplate(transactions),
                clock,
                fitting,
                comeback,
                journal);
        return new RetentionLoop(retention, comeback, journal, fitting.pollInterval());
    }

    /** Requests before the batches that they name. */
    static List<Sweep> sweeps(JdbcClient jdbc, JobRepository repository) {
        var history = new JobHistory(jdbc, repository);
        return List.of(
                new RequestDetails(jdbc),
                new RequestStubs(jdbc),
                new EndedBatches(jdbc, history),
                new AbandonedUploads(jdbc),
                new LoadedUploads(jdbc, history),
                new RefusedRecords(jdbc),
                new RefusedStubs(jdbc),
                new Firings(jdbc),
                new OldDecisions(jdbc),
                new OldPlans(jdbc),
                new AuditEntries(jdbc));
    }
}
