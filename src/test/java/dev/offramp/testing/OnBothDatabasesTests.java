package dev.offramp.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class OnBothDatabasesTests {

    private final TestDatabase database;
    private final DataSource fresh;

    OnBothDatabasesTests(TestDatabase database) {
        this.database = database;
        this.fresh = database.fresh();
    }

    @Test
    void isTheDatabaseThatItIsCalled() throws SQLException {
        try (var connection = fresh.getConnection()) {
            var product = connection.getMetaData().getDatabaseProductName();
            assertThat(product).isEqualToIgnoringCase(database.name());
        }
    }

    @Test
    void hasTheTablesOfOfframpAndOfSpringBatch() throws SQLException {
        assertThat(tablesOf(fresh)).contains("request", "batch_job_instance");
    }

    @Test
    void hasNoTableUnlessAskedFor() throws SQLException {
        try (var empty = database.empty()) {
            assertThat(tablesOf(empty)).isEmpty();
        }
    }

    @Test
    void sharesNothingWithAnotherDatabase() throws SQLException {
        try (var other = database.fresh();
                var here = fresh.getConnection();
                var statement = here.createStatement()) {
            statement.execute("create table only_here (id int)");
            assertThat(tablesOf(fresh)).contains("only_here");
            assertThat(tablesOf(other)).doesNotContain("only_here");
        }
    }

    /** Races that H2 decides one way are decided another way by PostgreSQL, on which several nodes run. */
    @Test
    void testsThatRaceRunOnPostgreSql() throws IOException {
        var makesThreads =
                Pattern.compile("Executors\\.new|Thread\\.of|Thread\\.start|CyclicBarrier\\(|CountDownLatch\\(");
        var hasDatabase = Pattern.compile("TestDatabase|LedgerFixture|BatchNode|HikariDataSource");
        var runsOnPostgreSql = Pattern.compile("@OnBothDatabases|TestDatabase\\.POSTGRESQL");
        try (var files = Files.walk(Path.of("src", "test", "java"))) {
            var racing = files.filter(each -> each.toString().endsWith("Tests.java"))
                    .filter(each -> finds(makesThreads, each) && finds(hasDatabase, each))
                    .toList();

            assertThat(racing).hasSizeGreaterThan(5).allMatch(each -> finds(runsOnPostgreSql, each));
        }
    }

    private static boolean finds(Pattern pattern, Path file) {
        try {
            return pattern.matcher(Files.readString(file)).find();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> tablesOf(DataSource database) throws SQLException {
        try (var connection = database.getConnection();
                var tables =
                        connection.getMetaData().getTables(null, null, "%", new String[] {"TABLE", "BASE TABLE"})) {
            var names = new HashSet<String>();
            while (tables.next()) {
                if (!"information_schema".equalsIgnoreCase(tables.getString("TABLE_SCHEM"))) {
                    names.add(tables.getString("TABLE_NAME").toLowerCase(java.util.Locale.ROOT));
                }
            }
            return names;
        }
    }
}
