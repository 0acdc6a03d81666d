package dev.offramp.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
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
