package dev.offramp.recovery;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.testing.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;

/** A copy of a database that is in use, as its own tools take one: H2's SCRIPT, and what pg_dump does for its data. */
final class DatabaseCopy {

    private DatabaseCopy() {}

    static HikariDataSource of(HikariDataSource original) throws SQLException, IOException {
        boolean isH2 = original.getJdbcUrl().startsWith("jdbc:h2:");
        var target = isH2 ? TestDatabase.H2.empty() : TestDatabase.POSTGRESQL.fresh();
        try (var from = original.getConnection();
                var to = target.getConnection()) {
            if (isH2) {
                script(from, to);
            } else {
                rows(from, to);
            }
        }
        return target;
    }

    private static void script(Connection from, Connection to) throws SQLException {
        for (var statement : texts(from, "script")) {
            if (!statement.startsWith("CREATE USER")) {
                execute(to, statement);
            }
        }
    }

    /** All rows of one moment, beside whoever works on them. */
    private static void rows(Connection from, Connection to) throws SQLException, IOException {
        from.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        from.setAutoCommit(false);
        var tables = texts(
                from,
                "select tablename from pg_tables where schemaname = 'public' and tablename <> 'flyway_schema_history'");
        execute(to, "set session_replication_role = replica");
        execute(to, "truncate " + String.join(", ", tables));
        for (var table : tables) {
            var rows = new ByteArrayOutputStream();
            var unused = from.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("copy " + table + " to stdout (format binary)", rows);
            unused = to.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "copy " + table + " from stdin (format binary)",
                            new ByteArrayInputStream(rows.toByteArray()));
        }
        for (var set : texts(
                from,
                "select format('select setval(%L, %s)', sequencename, last_value) from pg_sequences where schemaname = 'public' and last_value is not null")) {
            execute(to, set);
        }
        execute(to, "set session_replication_role = default");
        from.rollback();
        from.setAutoCommit(true);
    }

    private static List<String> texts(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var found = statement.executeQuery(sql)) {
            var texts = new ArrayList<String>();
            while (found.next()) {
                texts.add(found.getString(1));
            }
            return texts;
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
