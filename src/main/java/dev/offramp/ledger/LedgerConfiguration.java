package dev.offramp.ledger;

import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

/** Offers the ledger and each of its parts. */
@Configuration(proxyBeanMethods = false)
class LedgerConfiguration {

    @Bean
    Ledger ledger(
            DataSource dataSource,
            PlatformTransactionManager transactionManager,
            ApplicationEventPublisher events,
            @Value("${offramp.safety.hold-expires:14d}") Duration holdExpires) {
        return Ledger.over(dataSource, transactionManager, events::publishEvent, holdExpires);
    }

    @Bean
    Holds holds(DataSource dataSource, PlatformTransactionManager transactionManager) {
        return Holds.over(dataSource, transactionManager);
    }

    @Bean
    LastChances lastChances(DataSource dataSource, PlatformTransactionManager transactionManager) {
        return LastChances.over(dataSource, transactionManager);
    }

    @Bean
    Requests requests(Ledger ledger) {
        return ledger.requests();
    }

    @Bean
    Attempts attempts(Ledger ledger) {
        return ledger.attempts();
    }

    @Bean
    Turns turns(Ledger ledger) {
        return ledger.turns();
    }

    @Bean
    Batches batches(Ledger ledger) {
        return ledger.batches();
    }

    @Bean
    Outcomes outcomes(Ledger ledger) {
        return ledger.outcomes();
    }

    @Bean
    Refusals refusals(Ledger ledger) {
        return ledger.refusals();
    }

    @Bean
    Offsets offsets(Ledger ledger) {
        return ledger.offsets();
    }

    @Bean
    Audit audit(Ledger ledger) {
        return ledger.audit();
    }

    @Bean
    Customers customers(Ledger ledger) {
        return ledger.customers();
    }

    @Bean
    Decisions decisions(Ledger ledger) {
        return ledger.decisions();
    }

    @Bean
    Recoveries recoveries(Ledger ledger) {
        return ledger.recoveries();
    }
}
