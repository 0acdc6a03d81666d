package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.ledger.Batch.State;
import dev.offramp.testing.CountingDataSource;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the database is asked for when a batch is launched, after few and after many others. */
@OnBothDatabases
class LaunchCostTests {

    private static final int PAST = 100_000;

    private final TestDatabase kind;
    private final HikariDataSource database;
    private final CountingDataSource counting;
    private final HikariDataSource pool;
    private final BatchNode node;

    LaunchCostTests(TestDatabase kind) {
        this.kind = kind;
        database = kind.fresh();
        counting = new CountingDataSource(database);
        var config = new HikariConfig();
        config.setDataSource(counting);
        // Half of what lies below it: the test itself needs a connection too.
        config.setMaximumPoolSize(8);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        pool = new HikariDataSource(config);
        node = BatchNode.over(pool);
    }

    @AfterEach
    void close() {
        node.close();
        pool.close();
        database.close();
    }

    @Test
    void isTheSameAfterAHundredThousandOtherExecutions() {
        launch("first of all, which makes the job");
        var afterNone = launch("a");

        addPastExecutions();

        assertThat(launch("b")).hasSameSizeAs(afterNone).containsExactlyInAnyOrderElementsOf(afterNone);
    }

    /** A stricter one makes starts of different jobs fail on PostgreSQL, a looser one there is not. */
    @Test
    void asksForNoOtherIsolationThanReadCommitted() {
        launch("a");

        assertThat(counting.isolations()).isNotNull().allMatch(each -> each == Connection.TRANSACTION_READ_COMMITTED);
    }

    /** The statements, without what differs from batch to batch. */
    private List<String> launch(String id) {
        var request = node.admit(cancel(id));
        var batch = node.jdbc()
                        .sql("select coalesce(max(number), 0) from batch")
                        .query(Long.class)
                        .single()
                + 1;
        counting.executed();

        node.work();

        var executed = counting.executed();
        assertThat(node.batch(batch).state()).isEqualTo(State.COMPLETED);
        assertThat(node.read(request).isFinal()).isTrue();
        return executed;
    }

    private void addPastExecutions() {
        var jdbc = JdbcClient.create(database);
        var series = kind == TestDatabase.H2 ? "system_range(1, %d) n(i)" : "generate_series(1, %d) n(i)";
        var numbers = series.formatted(PAST);
        jdbc.sql("""
                insert into batch_job_instance (job_instance_id, version, job_name, job_key)
                select -i, 0, 'offboarding', concat('past-', i) from %s
                """.formatted(numbers)).update();
        jdbc.sql("""
                insert into batch_job_execution
                    (job_execution_id, version, job_instance_id, create_time, start_time, end_time, status, exit_code)
                select -i, 2, -i, timestamp '2025-01-01 00:00:00', timestamp '2025-01-01 00:00:00',
                       timestamp '2025-01-01 00:01:00', 'COMPLETED', 'COMPLETED'
                from %s
                """.formatted(numbers)).update();
        jdbc.sql("""
                insert into batch_job_execution_params
                    (job_execution_id, parameter_name, parameter_type, parameter_value, identifying)
                select -i, 'batch', 'java.lang.Long', concat('-', i), 'Y' from %s
                """.formatted(numbers)).update();
        jdbc.sql("""
                insert into batch_step_execution
                    (step_execution_id, version, step_name, job_execution_id, create_time, status)
                select -i, 2, 'process', -i, timestamp '2025-01-01 00:00:00', 'COMPLETED' from %s
                """.formatted(numbers)).update();
    }
}
