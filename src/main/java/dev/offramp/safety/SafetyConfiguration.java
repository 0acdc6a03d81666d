package dev.offramp.safety;

import dev.offramp.job.Jobs;
import dev.offramp.job.SourceBudgets;
import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Batches;
import dev.offramp.ledger.LastChances;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Requests;
import dev.offramp.offboarding.FreezeCalendar;
import dev.offramp.offboarding.PartnerTenantId;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires gate, brake, budgets and guards. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SafetyProperties.class)
class SafetyConfiguration {

    @Bean
    Brake brake(JdbcClient jdbc, PlatformTransactionManager transactions, Audit audit) {
        return new JdbcBrake(jdbc, new TransactionTemplate(transactions), audit);
    }

    @Bean
    TenantDoubt tenantDoubt(JdbcClient jdbc, PlatformTransactionManager transactions, Audit audit) {
        return new JdbcTenantDoubt(jdbc, new TransactionTemplate(transactions), audit);
    }

    @Bean
    BudgetBook budgetBook(
            SafetyProperties properties,
            Jobs jobs,
            ObjectProvider<SourceBudgets> sources,
            PlanBudgets plans,
            @Value("${offramp.retention.details:90d}") Duration details) {
        if (properties.budget().window().compareTo(details) > 0) {
            throw new IllegalArgumentException(
                    "offramp.safety.budget.window is %s, but what was done is known for %s only (offramp.retention.details); write no longer one."
                            .formatted(Words.duration(properties.budget().window()), Words.duration(details)));
        }
        return properties
                .book(jobs, sources.getIfAvailable(() -> SourceBudgets.NONE))
                .with(plans);
    }

    @Bean
    CustomerBase customerBase(JdbcClient jdbc, SafetyProperties properties, BudgetBook book) {
        return new JdbcCustomerBase(jdbc, properties.customerBase(), book.needsBase());
    }

    @Bean
    Bursts bursts(JdbcClient jdbc, PlatformTransactionManager transactions, Audit audit) {
        return new JdbcBursts(jdbc, new TransactionTemplate(transactions), audit);
    }

    @Bean
    Canaries canaries(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            SafetyProperties properties,
            Jobs jobs,
            Requests requests,
            Audit audit) {
        return new FirstCustomers(
                new JdbcCanaryRows(jdbc, transactions),
                new TransactionTemplate(transactions),
                properties.canaries(jobs),
                requests,
                audit);
    }

    @Bean
    Budgets budgets(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            BudgetBook book,
            CustomerBase base,
            Bursts bursts) {
        return new JdbcBudgets(jdbc, new TransactionTemplate(transactions), book, base, bursts);
    }

    @Bean
    FreezeCalendar freezeCalendar(SafetyProperties properties) {
        return properties.freezeCalendar();
    }

    @Bean
    ProtectedCustomers protectedCustomers(
            SafetyProperties properties, PartnerTenantId partner, ObjectProvider<MeterRegistry> metrics) {
        ProtectedList always = properties.protectedList();
        Path file = properties.protectedFile();
        if (file == null) {
            return new ProtectedCustomers(() -> always, partner);
        }
        var journal = new LoggingProtectionJournal(Optional.ofNullable(metrics.getIfUnique()));
        var more = new ProtectedFile(file, System::nanoTime, journal);
        return new ProtectedCustomers(() -> always.and(more.get()), partner);
    }

    @Bean
    Guards guards(
            SafetyProperties properties,
            ProtectedCustomers protectedCustomers,
            Bursts bursts,
            Canaries canaries,
            Budgets budgets,
            FreezeCalendar freezes,
            Jobs jobs,
            LastChances chances,
            Attempts attempts,
            PlanRule plans) {
        return new Guards(
                protectedCustomers,
                bursts,
                canaries,
                budgets,
                new Delays(properties.coolingOffs(), freezes, jobs, chances::of),
                attempts,
                plans);
    }

    @Bean
    DoubtDecisions doubtDecisions(
            Requests requests,
            Attempts attempts,
            Batches batches,
            Audit audit,
            PlatformTransactionManager transactions) {
        return new DoubtDecisions(requests, attempts, batches, audit, new TransactionTemplate(transactions));
    }

    @Bean
    Gate gate(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Requests requests,
            Attempts attempts,
            Batches batches,
            Brake brake,
            TenantDoubt tenantDoubt,
            InstantSource clock,
            Mode mode,
            @Value("${offramp.node}") String node,
            SafetyProperties properties,
            ProtectedCustomers protectedCustomers,
            ObjectProvider<GateJournal> journal) {
        return new Gate(
                new JdbcPermits(jdbc),
                new TransactionTemplate(transactions),
                requests,
                attempts,
                batches,
                brake,
                tenantDoubt,
                clock,
                System::nanoTime,
                protectedCustomers,
                new Gate.Terms(mode, node, properties.maxFactAge(), properties.sendWithin()),
                journal.getIfAvailable(() -> new GateJournal() {}));
    }
}
