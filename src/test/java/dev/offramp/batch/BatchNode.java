package dev.offramp.batch;

import static dev.offramp.testing.Definitions.NO_JOBS;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.job.Jobs;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Ledger;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Outcomes.Outcome;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.RequestKey;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.offboarding.Reason;
import dev.offramp.partnercenter.PartnerCenter;
import dev.offramp.partnercenter.pace.Pace;
import dev.offramp.partnercenter.pace.ResourceClass;
import dev.offramp.safety.Brake;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.SettableClock;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.batch.autoconfigure.BatchAutoConfiguration;
import org.springframework.boot.batch.jdbc.autoconfigure.BatchJdbcAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

/** A node with everything but Kafka and HTTP: real job repository, real ledger; the dispatcher is turned by hand. */
final class BatchNode implements AutoCloseable {

    final FakePartnerCenter partnerCenter;
    final SettableClock clock;
    final ConfigurableApplicationContext context;

    private final HikariDataSource pool;

    private BatchNode(
            ConfigurableApplicationContext context,
            HikariDataSource pool,
            FakePartnerCenter partnerCenter,
            SettableClock clock) {
        this.context = context;
        this.pool = pool;
        this.partnerCenter = partnerCenter;
        this.clock = clock;
    }

    static BatchNode over(HikariDataSource database, String... properties) {
        return over(database, new FakePartnerCenter(), new SettableClock(Admissions.START), properties);
    }

    static BatchNode over(
            HikariDataSource database, FakePartnerCenter partnerCenter, SettableClock clock, String... properties) {
        return over(NO_JOBS, database, partnerCenter, clock, properties);
    }

    /** A node with these job definitions. */
    static BatchNode over(Jobs jobs, HikariDataSource database, String... properties) {
        return over(jobs, database, new FakePartnerCenter(), new SettableClock(Admissions.START), properties);
    }

    /** A node that calls what is given instead of the fake. */
    static BatchNode over(
            HikariDataSource database, PartnerCenter partnerCenter, SettableClock clock, String... properties) {
        return over(NO_JOBS, database, new FakePartnerCenter(), partnerCenter, clock, properties);
    }

    static BatchNode over(
            Jobs jobs,
            HikariDataSource database,
            FakePartnerCenter partnerCenter,
            SettableClock clock,
            String... properties) {
        return over(jobs, database, partnerCenter, partnerCenter, clock, properties);
    }

    private static BatchNode over(
            Jobs jobs,
            HikariDataSource database,
            FakePartnerCenter fake,
            PartnerCenter partnerCenter,
            SettableClock clock,
            String... properties) {
        Map<String, Object> all = new TreeMap<>(Map.of(
                "offramp.node", "node",
                "offramp.mode", "live",
                "offramp.batch.enabled", "false",
                "offramp.batch.confirm.patience", "0s",
                "offramp.safety.budget.customers.cancel-subscription", "10000",
                "offramp.safety.cooling-off.remove-reseller-relationship", "0s",
                "spring.batch.job.enabled", "false",
                "spring.batch.jdbc.initialize-schema", "never",
                "spring.batch.jdbc.isolation-level-for-create", "read_committed"));
        for (String property : properties) {
            all.put(property.split("=", 2)[0], property.split("=", 2)[1]);
        }
        var context = new SpringApplicationBuilder(Parts.class)
                .web(WebApplicationType.NONE)
                .bannerMode(org.springframework.boot.Banner.Mode.OFF)
                .properties(all)
                .initializers(start -> {
                    var beans = (GenericApplicationContext) start;
                    beans.registerBean(DataSource.class, () -> lazy(database));
                    beans.registerBean(InstantSource.class, () -> clock);
                    beans.registerBean(Mode.class, () -> Mode.named(String.valueOf(all.get("offramp.mode"))));
                    beans.registerBean(PartnerTenantId.class, () -> Admissions.PARTNER);
                    beans.registerBean(PartnerCenter.class, () -> partnerCenter);
                    beans.registerBean(Jobs.class, () -> jobs);
                    beans.registerBean(SettablePace.class, SettablePace::new);
                    beans.registerBean(Told.class, Told::new);
                })
                .run();
        return new BatchNode(context, database, fake, clock);
    }

    /** As in production: a transaction that waits holds no connection. */
    private static DataSource lazy(HikariDataSource pool) {
        var lazy = new LazyConnectionDataSourceProxy();
        lazy.setTargetDataSource(pool);
        lazy.setDefaultAutoCommit(true);
        lazy.setDefaultTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        lazy.afterPropertiesSet();
        return lazy;
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        BatchAutoConfiguration.class,
        BatchJdbcAutoConfiguration.class,
        DataSourceTransactionManagerAutoConfiguration.class,
        JdbcClientAutoConfiguration.class,
        JdbcTemplateAutoConfiguration.class,
        TransactionAutoConfiguration.class
    })
    @ComponentScan({"dev.offramp.ledger", "dev.offramp.safety"})
    @Import({BatchConfiguration.class, JobConfiguration.class})
    static class Parts {}

    Ledger ledger() {
        return context.getBean(Ledger.class);
    }

    Brake brake() {
        return context.getBean(Brake.class);
    }

    JdbcClient jdbc() {
        return JdbcClient.create(pool);
    }

    /** Connections that somebody holds now. */
    int heldConnections() {
        return pool.getHikariPoolMXBean().getActiveConnections();
    }

    Watch watch() {
        return context.getBean(Watch.class);
    }

    SettablePace pace() {
        return context.getBean(SettablePace.class);
    }

    /** The numbers of the requests whose state was written, in the order of the writing. */
    List<Long> settled() {
        return context.getBean(Told.class).settled;
    }

    /** Done in the job's thread after each chunk. */
    void onceCommitted(Runnable action) {
        context.getBean(Told.class).onceCommitted = action;
    }

    /** Done in the chunk's transaction, after each change. */
    void whileSettling(Runnable action) {
        context.getBean(Told.class).whileSettling = action;
    }

    /** What the journal calls a bug. */
    List<Throwable> bugs() {
        return context.getBean(Told.class).bugs;
    }

    JobRepository repository() {
        return context.getBean(JobRepository.class);
    }

    /** Spring Batch's newest execution of a batch. */
    JobExecution execution(long batch) {
        return Objects.requireNonNull(repository()
                .getLastJobExecution(
                        batch(batch).job(),
                        new JobParametersBuilder()
                                .addLong(BatchJobs.BATCH, batch)
                                .toJobParameters()));
    }

    StepExecution step(long batch, String name) {
        return execution(batch).getStepExecutions().stream()
                .filter(each -> each.getStepName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Takes back the request with this id. */
    Request withdraw(String id) {
        return read(ledger().requests()
                .withdraw(
                        Admissions.withdraw(id).as("withdraw-" + id).build(),
                        clock.instant().plus(Duration.ofDays(30)),
                        clock.instant()));
    }

    /** The request with this id of the usual source. */
    Request byId(String id) {
        return ledger().requests().byKey(new RequestKey("/contoso/billing", id)).orElseThrow();
    }

    void pull(Brake.Scope scope, String name) {
        brake().pull(scope, name, "jane", "stop", clock.instant());
    }

    void release(Brake.Scope scope, String name) {
        brake().release(scope, name, "jane", "go on", clock.instant());
    }

    Dispatcher dispatcher() {
        return context.getBean(Dispatcher.class);
    }

    Request admit(Admissions admission) {
        long number = ledger().requests()
                .admit(List.of(admission.build()), clock.instant())
                .getFirst();
        return read(number);
    }

    Request read(long number) {
        return ledger().requests().byNumber(number).orElseThrow();
    }

    Request read(Request before) {
        return read(before.number());
    }

    /** The reasons of all outcomes of a request, in order. */
    List<Reason> told(Request request) {
        return ledger().outcomes().of(request.number()).stream()
                .map(Outcome::reason)
                .toList();
    }

    Outcome lastOutcome(Request request) {
        return ledger().outcomes().of(request.number()).getLast();
    }

    Batch batch(long number) {
        return ledger().batches().byNumber(number).orElseThrow();
    }

    /** Looks once and waits until every batch that was set running has ended. */
    int work() {
        int started = dispatcher().look();
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> dispatcher().running() == 0);
        return started;
    }

    @Override
    public void close() {
        context.close();
    }

    /** No limit at all, until a test sets a wait. */
    static final class SettablePace implements Pace {

        volatile Duration wait = Duration.ZERO;
        final List<Share> shares = new CopyOnWriteArrayList<>();
        final List<List<ResourceClass>> reserved = new CopyOnWriteArrayList<>();
        final AtomicInteger waiting = new AtomicInteger();
        final AtomicInteger givenBack = new AtomicInteger();

        @Override
        public Reservation reserve(CustomerId customer, List<ResourceClass> calls, Share share) {
            shares.add(share);
            reserved.add(List.copyOf(calls));
            return new Reservation() {
                @Override
                public Duration remaining() {
                    if (wait.isPositive()) {
                        waiting.incrementAndGet();
                    }
                    return wait;
                }

                @Override
                public void giveBack(List<ResourceClass> unused) {
                    givenBack.addAndGet(unused.size());
                }
            };
        }

        @Override
        public void hold(ResourceClass resource, Duration retryAfter) {}

        @Override
        public Duration held(ResourceClass resource) {
            return Duration.ZERO;
        }
    }

    /** A journal that a test can look into. */
    static final class Told implements BatchJournal {

        final List<Long> settled = new CopyOnWriteArrayList<>();
        final List<Throwable> bugs = new CopyOnWriteArrayList<>();
        volatile Runnable onceCommitted = () -> {};
        volatile Runnable whileSettling = () -> {};

        @Override
        public void chunkCommitted(long batch) {
            onceCommitted.run();
        }

        @Override
        public void settled(Request request, Resolution resolution) {
            whileSettling.run();
            settled.add(request.number());
        }

        @Override
        public void bug(String where, Throwable cause) {
            bugs.add(cause);
        }
    }
}
