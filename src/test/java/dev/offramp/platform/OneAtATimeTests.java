package dev.offramp.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

@Execution(ExecutionMode.CONCURRENT)
class OneAtATimeTests {

    private final HikariDataSource pool = TestDatabase.H2.empty();

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void leavesNoPartOfATransactionInTheFileOfAKilledProcess(@TempDir Path folder) throws Exception {
        var seed = Long.getLong("kill.seed", System.nanoTime());
        var random = new Random(seed);
        for (var kill = 0; kill < Integer.getInteger("kills", 5); kill++) {
            var file = folder.resolve("killed-" + kill).toString();

            var written = writeAndDie(file, 700 + random.nextInt(1300));

            assertThat(written).as("-Dkill.seed=" + seed).isNotEqualTo("0 0 0").satisfies(counts -> {
                var each = counts.split(" ");
                assertThat(each[0]).isEqualTo(each[1]).isEqualTo(each[2]);
                assertThat(Long.parseLong(each[0]) % KilledWriter.ROWS).isZero();
            });
        }
    }

    /** @return the rows of both tables and of an index, after all rows could be changed */
    private static String writeAndDie(String file, long milliseconds) throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        KilledWriter.class.getName(),
                        file,
                        Long.toString(milliseconds))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(9);
        var jdbc = new JdbcTemplate(new DriverManagerDataSource(KilledWriter.address(file)));
        jdbc.update("update small set counted = counted + 1");
        jdbc.update("update large set b = a");
        return "%d %d %d"
                .formatted(
                        jdbc.queryForObject("select count(*) from large", Long.class),
                        jdbc.queryForObject("select count(*) from more", Long.class),
                        jdbc.queryForObject("select count(*) from large where b >= ''", Long.class));
    }

    @Test
    void letsTheSecondThreadInWhenTheFirstHasGivenItsConnectionBack() throws Exception {
        var connections = new OneAtATime(pool, Duration.ofSeconds(30));
        CompletableFuture<Boolean> second;
        try (var first = connections.getConnection()) {
            second = inAnotherThread(connections);
            assertThat(first.isValid(1)).isTrue();
            assertThat(second).isNotDone();
        }

        assertThat(second.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void letsOneThreadHaveSeveral() throws SQLException {
        var connections = new OneAtATime(pool, Duration.ofSeconds(30));
        try (var outer = connections.getConnection();
                var inner = connections.getConnection()) {
            assertThat(outer).isNotEqualTo(inner).isEqualTo(outer);
            assertThat(inner.isValid(1)).isTrue();
        }
    }

    @Test
    void givesTheTurnBackOnceHoweverOftenAConnectionIsClosed() throws Exception {
        var connections = new OneAtATime(pool, Duration.ofSeconds(30));
        try (var outer = connections.getConnection()) {
            var inner = connections.getConnection();
            inner.close();
            inner.close();
            var other = inAnotherThread(connections);

            assertThat(outer.isValid(1)).isTrue();
            assertThat(other).isNotDone();
        }
    }

    @Test
    void givesTheTurnBackWhenThereIsNoConnection() throws Exception {
        var connections = new OneAtATime(pool, Duration.ofMillis(1));
        pool.close();

        assertThatThrownBy(connections::getConnection).isInstanceOf(SQLException.class);
        assertThat(catchThrowable(() -> inAnotherThread(connections).get(30, TimeUnit.SECONDS)))
                .rootCause()
                .hasMessageContaining("has been closed");
    }

    @Test
    void saysThatTheDatabaseIsBusyWhenTheTurnDoesNotCome() throws Exception {
        var connections = new OneAtATime(pool, Duration.ofMillis(1));
        try (Connection _ = connections.getConnection()) {
            assertThat(catchThrowable(() -> inAnotherThread(connections).get(30, TimeUnit.SECONDS)))
                    .rootCause()
                    .hasMessage("The database is busy: one transaction has kept all others waiting for PT0.001S.");
        }
    }

    @Test
    void passesOnWhatTheDatabaseObjectsTo() throws SQLException {
        var connections = new OneAtATime(pool, Duration.ofSeconds(30));
        try (var connection = connections.getConnection()) {
            assertThatThrownBy(() -> connection.prepareStatement("no sql")).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void concernsDatabasesInThisProcessOnly() {
        assertThat(OneAtATime.concerns("jdbc:h2:file:/x")).isTrue();
        assertThat(OneAtATime.concerns("jdbc:h2:mem:x")).isTrue();
        assertThat(OneAtATime.concerns("jdbc:h2:tcp://host/x")).isFalse();
        assertThat(OneAtATime.concerns("jdbc:postgresql://host/x")).isFalse();
    }

    private static CompletableFuture<Boolean> inAnotherThread(OneAtATime connections) {
        return CompletableFuture.supplyAsync(() -> {
            try (var connection = connections.getConnection()) {
                return connection.isValid(1);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
