package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.subscription;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.WorkArrived;
import dev.offramp.offboarding.Reason;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The traps of Spring Batch that docs/adr/README.md lists, each walked into on purpose. */
@OnBothDatabases
class TrapTests {

    private static final String ONE_EACH = "offramp.batch.max-requests=1";
    /** Many unreadable targets are no outage here. */
    private static final String PATIENT = "offramp.batch.outage.calls=1000";

    private final HikariDataSource database;
    private final List<BatchNode> nodes = new ArrayList<>();

    TrapTests(TestDatabase database) {
        this.database = database.fresh();
    }

    @AfterEach
    void close() {
        nodes.forEach(BatchNode::close);
    }

    @Test
    void neverEndsAnInterruptedJobAsCompletedWithItemsMissing() {
        BatchNode node = node("offramp.batch.chunk-size=10");
        List<Request> requests = admit(node, 30);
        interruptTheJobOnceAfterAChunk(node);

        node.work();

        assertThat(execution(node, 1).getStatus()).isEqualTo(BatchStatus.STOPPED);
        assertThat(node.batch(1).state()).isEqualTo(State.STOPPED);
        assertThat(node.partnerCenter.calls).hasSize(10);

        node.work();

        assertThat(node.batch(1).state()).isEqualTo(State.COMPLETED);
        assertThat(node.partnerCenter.calls).hasSize(30);
        assertThat(whatWasToldLast(node, requests)).containsOnly(Reason.DONE);
    }

    @Test
    void letsOneOfTwoNodesRestartEachFailedBatch() throws InterruptedException {
        BatchNode one = node(ONE_EACH, "offramp.batch.max-running=20", PATIENT);
        BatchNode other = nodeBeside(one, ONE_EACH, "offramp.batch.max-running=20", PATIENT);
        List<Request> requests = IntStream.range(0, 12)
                .mapToObj(each -> {
                    one.partnerCenter.unreadable.add(subscription("r" + each));
                    return one.admit(cancel("r" + each));
                })
                .toList();
        one.work();
        assertThat(whatWasToldLast(one, requests)).containsOnly(Reason.RETRIES_EXHAUSTED);
        one.partnerCenter.unreadable.clear();
        one.clock.pass(Duration.ofMinutes(1));

        var both = new CountDownLatch(2);
        List<Thread> looking = List.of(one, other).stream()
                .map(node -> Thread.ofPlatform().start(() -> {
                    both.countDown();
                    awaitQuietly(both);
                    node.work();
                }))
                .toList();
        for (Thread each : looking) {
            each.join();
        }

        assertThat(one.partnerCenter.calls).hasSize(12);
        assertThat(whatWasToldLast(one, requests)).containsOnly(Reason.DONE);
        assertThat(count("select count(*) from batch_job_execution")).isEqualTo(24);
    }

    @Test
    void startsManyDifferentBatchesAtOnce() {
        BatchNode node = node(ONE_EACH, "offramp.batch.max-running=14");
        List<Request> requests = admit(node, 56);

        while (node.work() > 0) {
            assertThat(node.dispatcher().running()).isZero();
        }

        assertThat(whatWasToldLast(node, requests)).containsOnly(Reason.DONE);
        assertThat(count("select count(*) from batch_job_execution where status = 'COMPLETED'"))
                .isEqualTo(56);
        assertThat(count("select count(*) from batch_job_execution")).isEqualTo(56);
    }

    @Test
    void leadsAnExecutionOutOfTheStatusUnknown() {
        BatchNode node = node();
        Request request = node.admit(cancel("a"));
        node.partnerCenter.unreadable.add(subscription("a"));
        node.work();
        JobExecution left = execution(node, 1);
        left.setStatus(BatchStatus.UNKNOWN);
        node.context.getBean(JobRepository.class).update(left);
        node.partnerCenter.unreadable.clear();
        node.clock.pass(Duration.ofMinutes(1));

        node.work();

        assertThat(node.told(request)).endsWith(Reason.DONE);
    }

    @Test
    void letsRunningBatchesSettleAtShutdownAndHandsThemBack() throws InterruptedException {
        BatchNode next = node();
        List<Request> requests = admit(next, 30);
        var called = new CountDownLatch(1);
        var runs = new CompletableFuture<Runs>();
        next.partnerCenter.whileCalled = _ -> {
            called.countDown();
            await().atMost(Duration.ofSeconds(20)).until(runs.join()::isDraining);
        };
        BatchNode ending = nodeBeside(
                next, "offramp.batch.enabled=true", "offramp.batch.chunk-size=5", "offramp.batch.concurrency=5");
        runs.complete(ending.context.getBean(Runs.class));
        called.await();

        ending.close();

        assertThat(execution(next, 1).getStatus()).isEqualTo(BatchStatus.STOPPED);
        assertThat(next.batch(1).state()).isEqualTo(State.STOPPED);
        assertThat(next.batch(1).stopReason()).isEqualTo(StopReason.DRAIN);
        assertThat(next.partnerCenter.calls).hasSizeLessThan(30);

        next.partnerCenter.whileCalled = _ -> {};
        next.work();

        assertThat(next.partnerCenter.calls).hasSize(30);
        assertThat(whatWasToldLast(next, requests)).containsOnly(Reason.DONE);
    }

    @Test
    void findsJobsByIndexHoweverManyThereWere() throws SQLException {
        assertThat(leadingColumns("batch_job_execution")).contains("job_instance_id");
        assertThat(leadingColumns("batch_step_execution")).contains("job_execution_id");
        assertThat(leadingColumns("batch_job_execution_params")).contains("job_execution_id");
    }

    @Test
    void keepsContextsAsJson() {
        BatchNode node = node();
        node.admit(cancel("a"));

        node.work();

        assertThat(JdbcClient.create(database)
                        .sql("select short_context from batch_job_execution_context")
                        .query(String.class)
                        .list())
                .isNotEmpty()
                .allMatch(context -> context.startsWith("{"));
    }

    /** On the job's own thread, just where Spring Batch looks whether to go on. */
    private static void interruptTheJobOnceAfterAChunk(BatchNode node) {
        var once = new AtomicBoolean();
        node.context.addApplicationListener(event -> {
            if (event instanceof PayloadApplicationEvent<?> told
                    && told.getPayload() instanceof WorkArrived
                    && Thread.currentThread().getName().equals("batch")
                    && once.compareAndSet(false, true)) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private BatchNode node(String... properties) {
        BatchNode node = BatchNode.over(database, properties);
        nodes.add(node);
        return node;
    }

    private BatchNode nodeBeside(BatchNode other, String... properties) {
        BatchNode node = BatchNode.over(poolOfItsOwn(), other.partnerCenter, other.clock, properties);
        nodes.add(node);
        return node;
    }

    /** A node closes its pool when it ends; the database stays. */
    private HikariDataSource poolOfItsOwn() {
        var config = new HikariConfig();
        database.copyStateTo(config);
        return new HikariDataSource(config);
    }

    private static List<Reason> whatWasToldLast(BatchNode node, List<Request> requests) {
        return requests.stream().map(request -> node.told(request).getLast()).toList();
    }

    private static List<Request> admit(BatchNode node, int count) {
        return IntStream.range(0, count)
                .mapToObj(each -> node.admit(cancel(String.valueOf(each))))
                .toList();
    }

    private static JobExecution execution(BatchNode node, long batch) {
        JobExecution execution = node.context
                .getBean(JobRepository.class)
                .getLastJobExecution(
                        Admission.OTHER_JOB,
                        new JobParametersBuilder()
                                .addLong(BatchJobs.BATCH, batch)
                                .toJobParameters());
        assertThat(execution).isNotNull();
        return execution;
    }

    private long count(String sql) {
        return JdbcClient.create(database).sql(sql).query(Long.class).single();
    }

    private List<String> leadingColumns(String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (var connection = database.getConnection()) {
            var metaData = connection.getMetaData();
            String stored = metaData.storesUpperCaseIdentifiers() ? table.toUpperCase(Locale.ROOT) : table;
            try (var rows = metaData.getIndexInfo(null, null, stored, false, true)) {
                while (rows.next()) {
                    if (rows.getInt("ORDINAL_POSITION") == 1 && rows.getString("COLUMN_NAME") != null) {
                        columns.add(rows.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
                    }
                }
            }
        }
        return columns;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
