package dev.offramp.safety;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Holds;
import dev.offramp.ledger.NamedLease;
import dev.offramp.ledger.Requests;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires what looks after held requests, on the nodes that work. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "offramp.batch.enabled", havingValue = "true", matchIfMissing = true)
class HoldsConfiguration {

    private static final Duration LEASE = Duration.ofSeconds(30);

    private static final Duration POLL_INTERVAL = Duration.ofSeconds(10);

    @Bean
    HoldExpiryLoop holdExpiryLoop(
            Holds holds,
            Requests requests,
            Audit audit,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            InstantSource clock,
            ObjectProvider<MeterRegistry> metrics,
            @Value("${offramp.node}") String node) {
        var journal = new LoggingHoldJournal(Optional.ofNullable(metrics.getIfUnique()));
        var expiry = new HoldExpiry(
                holds,
                requests,
                audit,
                new TransactionTemplate(transactions),
                new NamedLease(jdbc, "hold-expiry", node + "/" + UUID.randomUUID(), LEASE),
                clock,
                journal);
        return new HoldExpiryLoop(expiry, journal, POLL_INTERVAL);
    }
}
