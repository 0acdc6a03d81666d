package dev.offramp.run;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.job.JobDefinition;
import dev.offramp.job.Jobs;
import dev.offramp.ledger.Ledger;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Requests;
import dev.offramp.offboarding.Operation;
import dev.offramp.request.IntakeProperties;
import dev.offramp.request.RequestProperties;
import dev.offramp.request.RowScreening;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.SettableClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A node that loads files: real job repository, real ledger; the loader is turned by hand, and the node may die. */
final class RunNode implements AutoCloseable {

    static final String JOB = "cancel-subscriptions";

    final SettableClock clock;
    private final ConfigurableApplicationContext context;
    private final HikariDataSource database;
    private final Mortal mortal;
    private volatile Runnable beforeEachChunk = () -> {};

    private RunNode(HikariDataSource database, SettableClock clock, Map<String, Object> properties) {
        this.database = database;
        this.clock = clock;
        this.mortal = new Mortal(database);
        this.context = new SpringApplicationBuilder(Parts.class)
                .web(WebApplicationType.NONE)
                .bannerMode(org.springframework.boot.Banner.Mode.OFF)
                .logStartupInfo(false)
                .properties(properties)
                .initializers(start -> {
                    var beans = (GenericApplicationContext) start;
                    beans.registerBean(DataSource.class, () -> mortal);
                    beans.registerBean(InstantSource.class, () -> clock);
                    beans.registerBean(
                            "watchedRequests",
                            Requests.class,
                            () -> watched(beans.getBean(Ledger.class).requests()),
                            definition -> definition.setPrimary(true));
                    beans.registerBean(Jobs.class, () -> Jobs.of(List.of(definition())));
                    beans.registerBean(
                            IntakeProperties.class,
                            () -> new IntakeProperties(
                                    true,
                                    "offramp",
                                    1,
                                    Long.parseLong(properties
                                            .getOrDefault("max-open", "1000000")
                                            .toString()),
                                    Duration.ofSeconds(5),
                                    Duration.ofSeconds(5),
                                    false,
                                    Duration.ofSeconds(1),
                                    Duration.ofSeconds(1)));
                    beans.registerBean(RowScreening.class, RunNode::screening);
                })
                .run();
    }

    static RunNode over(HikariDataSource database, String... properties) {
        return over(database, new SettableClock(Admissions.START), properties);
    }

    static RunNode over(HikariDataSource database, SettableClock clock, String... properties) {
        Map<String, Object> all = new TreeMap<>(Map.of(
                "offramp.node", "node",
                "offramp.runs.enabled", "false",
                "offramp.runs.chunk-size", "10",
                "spring.batch.job.enabled", "false",
                "spring.batch.jdbc.initialize-schema", "never",
                "spring.batch.jdbc.isolation-level-for-create", "read_committed"));
        for (String property : properties) {
            all.put(property.split("=", 2)[0], property.split("=", 2)[1]);
        }
        return new RunNode(database, clock, all);
    }

    static RowScreening screening() {
        return RowScreening.of(
                Mode.LIVE,
                Admissions.PARTNER,
                new RequestProperties(
                        Duration.ofDays(30), org.springframework.util.unit.DataSize.ofKilobytes(256), true, List.of()));
    }

    static JobDefinition definition() {
        return new JobDefinition(
                JOB,
                "",
                Operation.CANCEL_SUBSCRIPTION,
                EnumSet.allOf(JobDefinition.Way.class),
                false,
                JobDefinition.Approval.RELEASE,
                JobDefinition.Limits.USUAL,
                JobDefinition.Guards.USUAL,
                null,
                null,
                JobDefinition.FileRules.USUAL);
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
    @ComponentScan("dev.offramp.ledger")
    @Import(RunConfiguration.class)
    static class Parts {}

    /** Each chunk of either step asks for the digests of its lines once. */
    private Requests watched(Requests requests) {
        return (Requests) Proxy.newProxyInstance(
                RunNode.class.getClassLoader(), new Class<?>[] {Requests.class}, (_, method, arguments) -> {
                    if (method.getName().equals("digests")) {
                        beforeEachChunk.run();
                    }
                    try {
                        return method.invoke(requests, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Done inside each chunk, before anything of it is written. */
    void beforeEachChunk(Runnable action) {
        beforeEachChunk = action;
    }

    /** As if the process had been killed: nothing that it does from now on reaches the database. */
    void die() {
        mortal.dead = true;
    }

    /** Lets it die as soon as so many more transactions have been committed. */
    void dieAfterCommits(int commits) {
        mortal.commitsLeft.set(commits);
        mortal.dead = false;
    }

    boolean isDead() {
        return mortal.dead;
    }

    Runs runs() {
        return context.getBean(Runs.class);
    }

    Loader loader() {
        return context.getBean(Loader.class);
    }

    JdbcClient jdbc() {
        return JdbcClient.create(database);
    }

    Ledger ledger() {
        return context.getBean(Ledger.class);
    }

    /** Announces and sends a file. */
    Run hand(String name, String text) {
        return hand(announcement(name, text, false), text.getBytes(StandardCharsets.UTF_8));
    }

    Run hand(Announcement announced, byte[] bytes) {
        var run = done(runs().announce(announced));
        return run.upload().received() == bytes.length
                ? run
                : done(runs().take(run.number(), run.upload().received(), bytes));
    }

    static Announcement announcement(String name, String text, boolean plan) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Announcement(
                JOB,
                name,
                plan,
                new Upload.File(name + ".csv", bytes.length, digest(bytes)),
                "jane",
                null,
                "contract ended");
    }

    static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static Run done(Answer answer) {
        if (answer instanceof Answer.Done(var run)) {
            return run;
        }
        throw new AssertionError("Not done: " + answer);
    }

    /** Hands a file over and loads it. */
    Run load(String name, String text) {
        var run = hand(name, text);
        loader().loadNext();
        return read(run);
    }

    Run read(Run before) {
        return runs().byNumber(before.number()).orElseThrow();
    }

    String rejects(Run run) {
        var out = new ByteArrayOutputStream();
        try {
            runs().rejectsOf(read(run)).writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** The lines that became requests, in ledger order. */
    List<Long> linesOf(Run run) {
        return jdbc().sql("select line_number from request where run_number = :run order by number")
                .param("run", run.number())
                .query(Long.class)
                .list();
    }

    @Override
    public void close() {
        context.close();
    }

    /** A way to the database that can be cut off. */
    private static final class Mortal extends DelegatingDataSource {

        private final AtomicInteger commitsLeft = new AtomicInteger(Integer.MAX_VALUE);
        private volatile boolean dead;

        private Mortal(DataSource target) {
            super(target);
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (dead) {
                throw new SQLException("This node is dead.");
            }
            var connection = super.getConnection();
            return (Connection) Proxy.newProxyInstance(
                    RunNode.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                        var ends = method.getName().equals("close")
                                || method.getName().equals("rollback");
                        if (dead && !ends) {
                            throw new SQLException("This node is dead.");
                        }
                        try {
                            var result = method.invoke(connection, arguments);
                            if (method.getName().equals("commit") && commitsLeft.decrementAndGet() == 0) {
                                dead = true;
                            }
                            return result;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }
}
