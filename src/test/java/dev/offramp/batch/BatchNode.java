package dev.offramp.batch;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Ledger;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Outcomes.Outcome;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.offboarding.Reason;
import dev.offramp.partnercenter.PartnerCenter;
import dev.offramp.partnercenter.pace.Pace;
import dev.offramp.partnercenter.pace.ResourceClass;
import dev.offramp.safety.Brake;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.SettableClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
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

/** A node with everything but Kafka and HTTP: real job repository, real ledger; the dispatcher is turned by hand. */
final class BatchNode implements AutoCloseable {

    final FakePartnerCenter partnerCenter;
    final SettableClock clock;
    final ConfigurableApplicationContext context;

    private BatchNode(ConfigurableApplicationContext context, FakePartnerCenter partnerCenter, SettableClock clock) {
        this.context = context;
        this.partnerCenter = partnerCenter;
        this.clock = clock;
    }

    static BatchNode over(HikariDataSource database, String... properties) {
        return over(database, new FakePartnerCenter(), new SettableClock(Admissions.START), properties);
    }

    static BatchNode over(
            HikariDataSource database, FakePartnerCenter partnerCenter, SettableClock clock, String... properties) {
        Map<String, Object> all = new TreeMap<>(Map.of(
                "offramp.node", "node",
                "offramp.batch.enabled", "false",
                "offramp.safety.budget.customers.cancel-subscription", "10000",
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
                    beans.registerBean(DataSource.class, () -> database, each -> each.setDestroyMethodName(null));
                    beans.registerBean(InstantSource.class, () -> clock);
                    beans.registerBean(Mode.class, () -> Mode.LIVE);
                    beans.registerBean(PartnerTenantId.class, () -> Admissions.PARTNER);
                    beans.registerBean(PartnerCenter.class, () -> partnerCenter);
                    beans.registerBean(Pace.class, FreePace::new);
                })
                .run();
        return new BatchNode(context, partnerCenter, clock);
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

    /** No limit at all. */
    private static final class FreePace implements Pace {
        @Override
        public Reservation reserve(CustomerId customer, List<ResourceClass> calls) {
            return new Reservation() {
                @Override
                public Duration remaining() {
                    return Duration.ZERO;
                }

                @Override
                public void giveBack(List<ResourceClass> unused) {}
            };
        }

        @Override
        public void hold(ResourceClass resource, Duration retryAfter) {}

        @Override
        public Duration held(ResourceClass resource) {
            return Duration.ZERO;
        }
    }
}
