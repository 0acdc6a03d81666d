package dev.offramp.safety;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Holds;
import dev.offramp.ledger.LastChances;
import dev.offramp.ledger.NamedLease;
import dev.offramp.ledger.Requests;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
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
    GuardLoop guardLoop(Bursts bursts, Canaries canaries, InstantSource clock) {
        return new GuardLoop(
                List.of(
                        _ -> bursts.endFinished(clock.instant()),
                        stopping -> canaries.review(clock.instant(), stopping)),
                new LoggingGuardJournal(),
                POLL_INTERVAL);
    }

    /** Every node tells the same number, as it is that of the database. */
    @Bean
    MeterBinder burstMeters(Bursts bursts) {
        return registry -> Gauge.builder(
                        "offramp.bursts.open", bursts, all -> all.list().size())
                .description("Sources, operations and groups of which the rest is on hold after a breach of a budget")
                .register(registry);
    }

    @Bean
    HoldExpiryLoop holdExpiryLoop(
            Holds holds,
            Requests requests,
            LastChances chances,
            Audit audit,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            InstantSource clock,
            ObjectProvider<MeterRegistry> metrics,
            @Value("${offramp.node}") String node) {
        var owner = node + "/" + UUID.randomUUID();
        var journal = new LoggingHoldJournal(Optional.ofNullable(metrics.getIfUnique()));
        var expiry = new HoldExpiry(
                holds,
                requests,
                audit,
                new TransactionTemplate(transactions),
                new NamedLease(jdbc, "hold-expiry", owner, LEASE),
                clock,
                journal);
        var chanceJournal = new LoggingChanceJournal(Optional.ofNullable(metrics.getIfUnique()));
        var alerts = new LastChanceAlerts(
                chances,
                audit,
                new TransactionTemplate(transactions),
                new NamedLease(jdbc, "last-chance-alerts", owner, LEASE),
                clock,
                chanceJournal);
        return new HoldExpiryLoop(expiry, journal, alerts, chanceJournal, POLL_INTERVAL);
    }
}
