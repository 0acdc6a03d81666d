package dev.offramp.chaos;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.awaitility.Awaitility;

/** A real PostgreSQL that loses nothing it has committed, whatever happens to its processes. */
final class DatabaseServer implements AutoCloseable {

    private final Path folder;
    private final int port;
    private EmbeddedPostgres postgres;

    private DatabaseServer(Path folder, int port) {
        this.folder = folder;
        this.port = port;
        this.postgres = run();
    }

    static DatabaseServer start(Path folder) {
        return new DatabaseServer(folder.resolve("postgres"), FreePort.any());
    }

    private EmbeddedPostgres run() {
        try {
            return EmbeddedPostgres.builder()
                    .setDataDirectory(folder)
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    // The defaults of the embedding give durability up for speed.
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("fsync", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    DataSource database(String name) {
        return postgres.getDatabase("postgres", name);
    }

    void create(String name) {
        try (var connection = postgres.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All its processes end at once, without a word to anybody; it comes up over what is on the disk. */
    void crashAndRestart() {
        try {
            var pid = Files.readAllLines(folder.resolve("postmaster.pid")).getFirst();
            new ProcessBuilder("kill", "-QUIT", pid).start().waitFor();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> !Files.exists(folder.resolve("postmaster.pid")));
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts here", e);
        }
        postgres = run();
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
