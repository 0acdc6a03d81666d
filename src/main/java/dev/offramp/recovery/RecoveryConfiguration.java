package dev.offramp.recovery;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Offsets;
import dev.offramp.ledger.Recoveries;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.WorkArrived;
import dev.offramp.request.IntakeGroup;
import dev.offramp.safety.Brake;
import java.time.InstantSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires what a restored database is met with. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RecoveryProperties.class)
class RecoveryConfiguration {

    @Bean
    KafkaSide kafkaSide(ConsumerFactory<?, ?> consumers, IntakeGroup intake) {
        return new KafkaSide(consumers.getConfigurationProperties(), intake.name());
    }

    @Bean
    ToldMessages toldMessages(@Value("${offramp.outcome.source:/offramp}") String source) {
        return new ToldMessages(source);
    }

    @Bean
    LedgerFindings ledgerFindings(
            KafkaSide kafka,
            Offsets offsets,
            Requests requests,
            Recoveries recoveries,
            ToldMessages messages,
            IntakeGroup intake,
            @Value("${offramp.topics.outcomes:offramp.outcomes}") String outcomes) {
        return new LedgerFindings(kafka, offsets, requests, recoveries, messages, intake.topics(), outcomes);
    }

    @Bean
    FromBackup fromBackup(
            KafkaSide kafka,
            LedgerFindings findings,
            IntakeGroup intake,
            Recoveries recoveries,
            Requests requests,
            Offsets offsets,
            Brake brake,
            Audit audit,
            PlatformTransactionManager transactions,
            ToldMessages messages,
            @Value("${offramp.topics.outcomes:offramp.outcomes}") String outcomes,
            RecoveryProperties properties,
            InstantSource clock) {
        return new FromBackup(
                kafka,
                findings,
                intake,
                recoveries,
                requests,
                offsets,
                brake,
                audit,
                new TransactionTemplate(transactions),
                messages,
                outcomes,
                properties.settleTime(),
                clock);
    }

    @Bean
    LedgerCheck ledgerCheck(
            LedgerFindings findings,
            FromBackup fromBackup,
            Recoveries recoveries,
            IntakeGroup intake,
            Offsets offsets,
            ApplicationEventPublisher events,
            RecoveryProperties properties) {
        intake.waitForTheLedgersAge();
        return new LedgerCheck(
                findings,
                fromBackup,
                recoveries,
                intake,
                offsets,
                () -> events.publishEvent(new WorkArrived()),
                properties.retry());
    }
}
