package dev.offramp.safety;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Requests;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires what people decide, alone and in twos. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FourEyesProperties.class)
class FourEyesConfiguration {

    @Bean
    FourEyes fourEyes(FourEyesProperties properties) {
        return properties.rule();
    }

    @Bean
    DecisionBook decisionBook(JdbcClient jdbc) {
        return new JdbcDecisionBook(jdbc);
    }

    @Bean
    Approvals approvals(
            Requests requests,
            Plans plans,
            DecisionBook book,
            FourEyes rule,
            Audit audit,
            PlatformTransactionManager transactions) {
        return new Approvals(
                new HeldReleases(requests, book, audit),
                new PlanApprovals(plans, requests, book),
                book,
                rule,
                audit,
                new TransactionTemplate(transactions));
    }
}
