package dev.offramp.testing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The two databases that Offramp runs on, both real, each with Offramp's own migrations. */
public enum TestDatabase {

    /** H2 in memory. */
    H2 {
        @Override
        public HikariDataSource empty() {
            return pool("jdbc:h2:mem:test-" + NUMBER.incrementAndGet() + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=30000", "sa");
        }

        @Override
        public HikariDataSource fresh() {
            var database = empty();
            execute(database, Script.MIGRATED);
            return database;
        }
    },

    /** PostgreSQL as a process of its own: one server for all tests of this JVM. */
    POSTGRESQL {
        @Override
        public HikariDataSource empty() {
            return Server.createDatabase("template1");
        }

        @Override
        public HikariDataSource fresh() {
            return Server.createDatabase(Server.MIGRATED);
        }
    };

    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** A database of its own without any table; its address is {@link HikariDataSource#getJdbcUrl()}. */
    public abstract HikariDataSource empty();

    /** A database of its own with all tables and no rows; its address is {@link HikariDataSource#getJdbcUrl()}. */
    public abstract HikariDataSource fresh();

    private static HikariDataSource pool(String url, String username) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(username);
        config.setPassword("");
        config.setMaximumPoolSize(16);
        // Hundreds of tests leave their pools behind: an unused one holds no connection.
        config.setMinimumIdle(0);
        config.setIdleTimeout(Duration.ofSeconds(10).toMillis());
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    private static void migrate(HikariDataSource database, String vendor) {
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration/common", "classpath:db/migration/" + vendor)
                .load()
                .migrate();
    }

    private static void execute(DataSource database, Collection<String> statements) {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The database refused: " + statements, e);
        }
    }

    /** What makes an empty H2 database a migrated one, in a fraction of the time that the migrations take. */
    private static final class Script {

        private static final List<String> MIGRATED = migratedOnce();

        private static List<String> migratedOnce() {
            try (var database = H2.empty()) {
                migrate(database, "h2");
                List<String> statements = JdbcClient.create(database)
                        .sql("script")
                        .query(String.class)
                        .list();
                // The user is there already.
                return statements.stream()
                        .filter(each -> !each.startsWith("CREATE USER"))
                        .toList();
            }
        }
    }

    /** Holds the one PostgreSQL server of this JVM; the class loader sees to it that it is started once. */
    private static final class Server {

        /** Migrated once; every fresh database is a copy of it, which takes a tenth of the time. */
        private static final String MIGRATED = "offramp_migrated";

        private static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                // The server is stopped by a shutdown hook of its own.
                var postgres = EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "300")
                        .start();
                execute(postgres.getPostgresDatabase(), List.of("create database " + MIGRATED));
                try (var template = pool(postgres.getJdbcUrl("postgres", MIGRATED), "postgres")) {
                    migrate(template, "postgresql");
                }
                return postgres;
            } catch (IOException e) {
                throw new UncheckedIOException("PostgreSQL did not start", e);
            }
        }

        private static HikariDataSource createDatabase(String template) {
            var name = "test_" + NUMBER.incrementAndGet();
            execute(
                    POSTGRES.getPostgresDatabase(),
                    List.of("create database " + name + " template " + template + " strategy file_copy"));
            return pool(POSTGRES.getJdbcUrl("postgres", name), "postgres");
        }
    }
}
