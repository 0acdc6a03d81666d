package dev.offramp.reconcile;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.NamedLease;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.partnercenter.AuditRecords;
import dev.offramp.partnercenter.Denial;
import dev.offramp.partnercenter.PartnerCenter;
import dev.offramp.partnercenter.pace.Pace;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires the comparison with Partner Center's audit records. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ReconcileProperties.class)
class ReconcileConfiguration {

    @Bean
    Reconciliations reconciliations(JdbcClient jdbc, PlatformTransactionManager transactions, Audit audit) {
        return new Reconciliations(jdbc, new TransactionTemplate(transactions), audit);
    }

    @Bean
    ReconcileLoop reconcileLoop(
            Reconciliations all,
            JdbcClient jdbc,
            AuditRecords records,
            PartnerCenter partnerCenter,
            Pace pace,
            PartnerTenantId partner,
            Mode mode,
            ReconcileProperties properties,
            InstantSource clock,
            ObjectProvider<MeterRegistry> metrics,
            @Value("${offramp.node}") String node) {
        var journal = new LoggingReconcileJournal(Optional.ofNullable(metrics.getIfUnique()));
        return ReconcileLoop.over(
                pause -> new Reconciler(
                        all,
                        new JdbcCalls(jdbc),
                        new RecordReading(records, pace, partner, pause),
                        new NamedLease(jdbc, "reconcile", node + "/" + UUID.randomUUID(), properties.lease()),
                        properties,
                        () -> mode == Mode.LIVE && partnerCenter.canSignIn(Denial.APP_SIGN_IN),
                        clock,
                        journal),
                journal,
                properties.pollInterval());
    }
}
