package dev.offramp.batch;

import dev.offramp.job.JobDefinition;
import dev.offramp.job.Jobs;
import dev.offramp.job.Launching;
import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Batches;
import dev.offramp.ledger.Customers;
import dev.offramp.ledger.Decisions;
import dev.offramp.ledger.Holds;
import dev.offramp.ledger.LastChances;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.NamedLease;
import dev.offramp.ledger.Readiness;
import dev.offramp.ledger.Recoveries;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Turns;
import dev.offramp.offboarding.BackOff;
import dev.offramp.offboarding.Confirming;
import dev.offramp.offboarding.InDoubt;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.partnercenter.PartnerCenter;
import dev.offramp.partnercenter.pace.Pace;
import dev.offramp.safety.Brake;
import dev.offramp.safety.CustomerBase;
import dev.offramp.safety.Gate;
import dev.offramp.safety.Guards;
import dev.offramp.safety.Plans;
import dev.offramp.safety.TenantDoubt;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.sql.DatabaseMetaData;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires dispatcher, watch, and the parts that work on one request. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BatchProperties.class)
class BatchConfiguration {

    /** Longer than a page of customers takes, with its repeats. */
    private static final Duration COUNT_LEASE = Duration.ofMinutes(10);

    /** Before any request can be admitted for a job, its name stands in the ledger. */
    @Bean
    @DependsOnDatabaseInitialization
    JobRules jobRules(Jobs jobs, Batches batches, BatchProperties properties) {
        batches.addJobs(jobs.all().stream().map(JobDefinition::name).toList());
        return new JobRules(jobs, properties);
    }

    @Bean
    Runs runs() {
        return new Runs();
    }

    @Bean
    @ConditionalOnMissingBean
    BatchJournal batchJournal() {
        return new LoggingBatchJournal();
    }

    @Bean
    Weather weather(PartnerCenter partnerCenter, BatchProperties properties) {
        var outage = properties.outage();
        CircuitBreakerConfig config = CircuitBreakerConfig.custom()
                .slidingWindowSize(outage.calls())
                .minimumNumberOfCalls(outage.calls())
                .failureRateThreshold(outage.failureRate())
                .waitDurationInOpenState(outage.retryAfter())
                .permittedNumberOfCallsInHalfOpenState(3)
                .automaticTransitionFromOpenToHalfOpenEnabled(true)
                .build();
        return new Weather(partnerCenter, CircuitBreaker.of("partner-center", config));
    }

    @Bean
    RequestWork requestWork(
            Requests requests,
            Attempts attempts,
            Customers customers,
            Decisions decisions,
            LastChances chances,
            Recoveries recoveries,
            PartnerCenter partnerCenter,
            Pace pace,
            Brake brake,
            Gate gate,
            TenantDoubt tenantDoubt,
            Guards guards,
            Weather weather,
            InstantSource clock,
            BatchJournal journal,
            JobRules rules,
            BatchProperties properties,
            @Value("${offramp.partner-center.deadline:60s}") Duration deadline) {
        var doubt = properties.doubt();
        var confirm = properties.confirm();
        var inDoubt = new InDoubt(
                deadline,
                doubt.settleCancel(),
                doubt.settleUnlink(),
                doubt.settleOrder(),
                doubt.betweenReads(),
                new BackOff(doubt.firstLook(), doubt.longestPause()),
                doubt.giveUpAfter());
        var confirming =
                new Confirming(new BackOff(confirm.firstLook(), confirm.longestPause()), confirm.giveUpAfter());
        var reads = new TargetReads(partnerCenter, customers, weather, clock);
        var calls = new StepCalls(partnerCenter, reads, weather, clock);
        var taken = new TakenSteps(attempts, calls);
        var procedures = procedures(partnerCenter, reads, customers, weather, clock, properties);
        var slots = new Slots(pace, rules, properties.maxWait());
        var detours = new Detours(weather, clock);
        var halts = new Halts(brake, weather);
        var openCall = new OpenCall(
                attempts,
                decisions,
                chances::note,
                calls,
                taken,
                inDoubt,
                confirming,
                confirm.patience(),
                slots,
                detours,
                clock);
        return new RequestWork(
                requests,
                attempts,
                procedures,
                halts,
                taken,
                openCall,
                new Execution(
                        slots,
                        calls,
                        taken,
                        halts,
                        new Lag(attempts, confirming, doubt.settleCancel()),
                        confirming,
                        guards,
                        gate,
                        tenantDoubt,
                        recoveries,
                        doubt.betweenReads(),
                        attempts,
                        decisions,
                        chances::note,
                        detours,
                        new AfterReply(openCall, calls, confirming, doubt.firstLook(), detours, clock),
                        new Json(),
                        clock,
                        journal),
                tenantDoubt,
                guards,
                clock);
    }

    private static Procedures procedures(
            PartnerCenter partnerCenter,
            TargetReads reads,
            Customers customers,
            Weather weather,
            InstantSource clock,
            BatchProperties properties) {
        Map<Operation, Procedure> byOperation = new EnumMap<>(Operation.class);
        Stream.of(
                        Operation.CANCEL_SUBSCRIPTION,
                        Operation.SUSPEND_SUBSCRIPTION,
                        Operation.REACTIVATE_SUBSCRIPTION,
                        Operation.TURN_OFF_AUTO_RENEW)
                .forEach(each -> byOperation.put(each, new SubscriptionProcedure(each, reads)));
        byOperation.put(
                Operation.REMOVE_RESELLER_RELATIONSHIP,
                new UnlinkProcedure(
                        partnerCenter, reads, customers, weather, clock, properties.suspendedNewCommerce()));
        return new Procedures(byOperation, new OrderProcedure(reads));
    }

    /** Reads and judges as the work does; it gets neither gate nor permits. */
    @Bean
    PlanMaking planMaking(
            Plans plans,
            Requests requests,
            Attempts attempts,
            Customers customers,
            PartnerCenter partnerCenter,
            Guards guards,
            TenantDoubt tenantDoubt,
            Pace pace,
            Weather weather,
            BatchProperties properties,
            JdbcClient jdbc,
            Owner owner,
            InstantSource clock) {
        var reads = new TargetReads(partnerCenter, customers, weather, clock);
        return new PlanMaking(
                plans,
                requests,
                attempts,
                procedures(partnerCenter, reads, customers, weather, clock, properties),
                new TakenSteps(attempts, new StepCalls(partnerCenter, reads, weather, clock)),
                partnerCenter,
                guards,
                tenantDoubt,
                pace,
                weather,
                new NamedLease(jdbc, "plan-making", owner.name(), Duration.ofSeconds(30)),
                clock);
    }

    @Bean
    @ConditionalOnProperty(name = "offramp.batch.enabled", havingValue = "true", matchIfMissing = true)
    PlanMakingLoop planMakingLoop(PlanMaking making, BatchJournal journal) {
        return new PlanMakingLoop(making, journal, Duration.ofSeconds(2));
    }

    @Bean
    ItemWork itemWork(
            Runs runs, Requests requests, Turns turns, RequestWork work, InstantSource clock, BatchJournal journal) {
        return new ItemWork(runs, requests, turns, work, clock, journal);
    }

    @Bean
    Dispatcher dispatcher(
            Batches batches,
            Requests requests,
            Runs runs,
            Brake brake,
            Weather weather,
            JobOperator operator,
            JobRepository repository,
            BatchJobs batchJobs,
            JobRules rules,
            InstantSource clock,
            Mode mode,
            BatchJournal journal,
            BatchProperties properties,
            Owner owner) {
        var launching = new Launching(operator, repository);
        var runner = new BatchRunner(
                runs,
                batch -> launching.launch(batchJobs.named(batch.job()), BatchJobs.parameters(batch)),
                batches,
                requests,
                rules,
                clock,
                journal);
        return new Dispatcher(
                batches,
                runner,
                runs,
                brake,
                weather,
                task -> Thread.ofVirtual().name("batch").start(task),
                clock,
                new Dispatcher.Terms(
                        owner.name(),
                        mode,
                        properties.lease(),
                        properties.maxRunning(),
                        properties.maxRequestsPerItem()),
                rules);
    }

    @Bean
    Owner owner(@Value("${offramp.node}") String node) {
        return new Owner(node + "/" + UUID.randomUUID());
    }

    /** This incarnation of this node: a restarted one is somebody else. */
    record Owner(String name) {}

    @Bean
    Watch watch(Runs runs, Batches batches, Brake brake, Owner owner, InstantSource clock, BatchProperties properties) {
        return new Watch(runs, batches, brake, owner.name(), properties.lease(), clock);
    }

    @Bean
    HandingOver handingOver(
            Batches batches,
            JobRepository repository,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            InstantSource clock) {
        return new HandingOver(batches, repository, jdbc, new TransactionTemplate(transactions), clock);
    }

    @Bean
    HeldReading heldReading(
            Holds holds,
            LastChances chances,
            Requests requests,
            PartnerCenter partnerCenter,
            Pace pace,
            Weather weather,
            JdbcClient jdbc,
            Owner owner,
            InstantSource clock) {
        return new HeldReading(
                holds,
                chances,
                requests,
                partnerCenter,
                pace,
                weather,
                new NamedLease(jdbc, "held-reading", owner.name(), Duration.ofSeconds(30)),
                clock);
    }

    @Bean
    @ConditionalOnProperty(name = "offramp.batch.enabled", havingValue = "true", matchIfMissing = true)
    HeldReadingLoop heldReadingLoop(HeldReading reading, BatchJournal journal) {
        return new HeldReadingLoop(reading, journal, Duration.ofSeconds(2));
    }

    @Bean
    @ConditionalOnProperty(name = "offramp.batch.enabled", havingValue = "true", matchIfMissing = true)
    DispatcherLifecycle dispatcherLifecycle(
            Dispatcher dispatcher,
            Watch watch,
            Runs runs,
            Batches batches,
            HandingOver handingOver,
            InstantSource clock,
            DataSource dataSource,
            ObjectProvider<Readiness> readiness,
            BatchProperties properties,
            @Value("${spring.lifecycle.timeout-per-shutdown-phase:30s}") Duration phase) {
        return new DispatcherLifecycle(
                dispatcher,
                watch,
                runs,
                batches,
                handingOver,
                clock,
                new DispatcherLifecycle.Times(
                        properties.pollInterval(), properties.watchInterval(), properties.graceWithin(phase)),
                isOurs(dataSource),
                () -> readiness.stream().allMatch(Readiness::mayWork));
    }

    @Bean
    @ConditionalOnProperty(name = "offramp.batch.enabled", havingValue = "true", matchIfMissing = true)
    CustomerCountLoop customerCountLoop(
            PartnerCenter partnerCenter,
            Pace pace,
            PartnerTenantId partner,
            CustomerBase base,
            JdbcClient jdbc,
            InstantSource clock,
            Owner owner) {
        var journal = new LoggingCountJournal();
        return CustomerCountLoop.over(
                pause -> new CustomerCount(
                        partnerCenter,
                        pace,
                        partner,
                        base,
                        new NamedLease(jdbc, "customer-count", owner.name(), COUNT_LEASE),
                        clock,
                        pause,
                        journal),
                journal);
    }

    /** An H2 that is not a server lets one process in: whoever held a lease before us is dead. */
    private static boolean isOurs(DataSource dataSource) {
        try {
            String url = JdbcUtils.extractDatabaseMetaData(dataSource, DatabaseMetaData::getURL);
            return url.startsWith("jdbc:h2:") && !url.startsWith("jdbc:h2:tcp:") && !url.startsWith("jdbc:h2:ssl:");
        } catch (MetaDataAccessException e) {
            throw new IllegalStateException("The database does not tell its address.", e);
        }
    }
}
