package dev.offramp.safety;

import dev.offramp.ledger.Audit;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires the plans. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PlanProperties.class)
class PlansConfiguration {

    @Bean
    JdbcPlans plans(JdbcClient jdbc, PlatformTransactionManager transactions, Audit audit, PlanProperties properties) {
        return new JdbcPlans(jdbc, new TransactionTemplate(transactions), audit, properties.expires());
    }

    @Bean
    PlanRule planRule(PlanProperties properties, Plans plans) {
        return new PlanRule(properties.operations(), plans::planned);
    }
}
