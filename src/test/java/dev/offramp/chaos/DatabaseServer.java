package dev.offramp.chaos;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.stream.Stream;
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

    /** SIGKILL for all its processes at once; it comes up over what is on the disk. */
    void killAndRestart() {
        var first = ProcessHandle.of(firstPid()).orElseThrow();
        signal("STOP", first.pid()); // It starts no others while it is looked at.
        var all = Stream.concat(Stream.of(first), first.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
        close();
        postgres = run();
    }

    /** SIGKILL for one that serves somebody or writes; the first process ends all others then and recovers. */
    boolean killOneProcess(Random random) {
        try (var connection = postgres.getPostgresDatabase().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        select pid from pg_stat_activity
                         where pid <> pg_backend_pid()
                           and backend_type in ('client backend', 'walwriter', 'checkpointer', 'background writer')
                         order by pid
                        """)) {
            var pids = new ArrayList<Long>();
            while (rows.next()) {
                pids.add(rows.getLong(1));
            }
            return ProcessHandle.of(pids.get(random.nextInt(pids.size())))
                    .map(ProcessHandle::destroyForcibly)
                    .orElse(false);
        } catch (SQLException e) {
            return false; // It recovers from the last one.
        }
    }

    private long firstPid() {
        try {
            return Long.parseLong(
                    Files.readAllLines(folder.resolve("postmaster.pid")).getFirst());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void signal(String name, long pid) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts here", e);
        }
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
