package dev.offramp.benchmark;

import dev.offramp.testing.TestDatabase;
import dev.offramp.testing.TestKafka;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Loads a long file into a service with a heap of 256 MB, kills it in the middle, starts it again, and then loads the same
 * lines once more: {@code bin/bench load [--lines N]}. The last line that it prints is JSON.
 */
public final class LoadBenchmark {

    private static final int HEAP_MB = 256;
    /** A phase that takes longer has hung; a million lines take about a quarter of it. */
    private static final Duration AT_MOST = Duration.ofMinutes(45);

    private final Path jar;
    private final Path folder;
    private final int lines;
    private final TestDatabase database;
    private final PrintStream out;
    private final Map<String, @Nullable Object> properties = new LinkedHashMap<>();

    LoadBenchmark(Path jar, Path folder, int lines, TestDatabase database, PrintStream out) {
        this.jar = jar;
        this.folder = folder;
        this.lines = lines;
        this.database = database;
        this.out = out;
    }

    /** What was measured. */
    record Result(
            String database,
            int lines,
            double seconds,
            long linesPerSecond,
            long restartedAtLine,
            long firstRunNew,
            double secondRunSeconds,
            long secondRunNew,
            long secondRunKnown,
            int maxHeapMb,
            long maxResidentMb) {}

    /** Ends the process in any case: the broker's threads would keep it. */
    public static void main(String... arguments) {
        try {
            System.exit(measure(arguments));
        } catch (IOException | RuntimeException e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static int measure(String... arguments) throws IOException {
        var lines = 1_000_000;
        Path jar = null;
        var database = TestDatabase.H2;
        for (var at = 0; at < arguments.length; at++) {
            switch (arguments[at]) {
                case "--lines" -> lines = Integer.parseInt(value(arguments, ++at));
                case "--database" ->
                    database = TestDatabase.valueOf(value(arguments, ++at).toUpperCase(Locale.ROOT));
                case "--jar" -> jar = Path.of(value(arguments, ++at));
                default -> {
                    System.err.println(
                            "bin/bench load: '%s' is not known. Write: bin/bench load [--lines N] [--database h2|postgresql]"
                                    .formatted(arguments[at]));
                    System.exit(2);
                }
            }
        }
        if (jar == null) {
            throw new IllegalArgumentException("--jar is missing");
        }
        var folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "bench")), "load");
        var result = new LoadBenchmark(jar, folder, lines, database, System.out).run();
        System.out.println(JsonMapper.shared().writeValueAsString(result));
        // The last line: what the broker says when it ends belongs to nobody.
        System.out.flush();
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        return result.secondRunNew() == 0 && result.firstRunNew() == lines ? 0 : 1;
    }

    private static String value(String[] arguments, int at) {
        if (at == arguments.length) {
            System.err.println("bin/bench load: %s needs a value.".formatted(arguments[at - 1]));
            System.exit(2);
        }
        return arguments[at];
    }

    Result run() throws IOException {
        var first = GeneratedFile.write(folder.resolve("first.csv"), lines, ',');
        // The same lines as another file: the digest of the first would be known without reading a line.
        var second = GeneratedFile.write(folder.resolve("second.csv"), lines, ';');
        say("%,d lines, %,d bytes; %,d MB of heap.", lines, first.size(), HEAP_MB);
        LoadedService service = start();
        try {
            var began = System.nanoTime();
            var run = service.hand("bench", first);
            say("Sent after %.1f s.", since(began));
            var restartedAt = service.untilLoading(run, lines / 2, AT_MOST, this::say);
            service.kill();
            var resident = service.maxResidentMb();
            say("Killed when %,d lines were loaded.", restartedAt);
            service = start();
            var loaded = service.untilEnded(run, AT_MOST, this::say);
            var seconds = since(began);
            say("After %.1f s: %s", seconds, loaded.path("message").asString());

            var beganAgain = System.nanoTime();
            var again = service.untilEnded(service.hand("bench", second), AT_MOST, this::say);
            var secondsAgain = since(beganAgain);
            say(
                    "The same lines again, after %.1f s: %s",
                    secondsAgain, again.path("message").asString());
            return new Result(
                    database.name().toLowerCase(Locale.ROOT),
                    lines,
                    rounded(seconds),
                    Math.round(lines / seconds),
                    restartedAt,
                    loaded.at("/lines/new").asLong(),
                    rounded(secondsAgain),
                    again.at("/lines/new").asLong(),
                    again.at("/lines/known").asLong(),
                    HEAP_MB,
                    Math.max(resident, service.maxResidentMb()));
        } finally {
            service.close();
        }
    }

    private LoadedService start() {
        properties.put("spring.kafka.bootstrap-servers", TestKafka.bootstrapServers());
        // Of its own: another installation that finds these outcomes takes its database for one that lost them.
        for (String topic : List.of("requests", "outcomes", "refused")) {
            properties.computeIfAbsent("offramp.topics." + topic, _ -> TestKafka.uniqueName(topic));
        }
        // Killed, it stays a member of its group for Kafka's session timeout, and whoever else is in it waits for that.
        properties.computeIfAbsent("offramp.intake.group", _ -> TestKafka.uniqueName("offramp"));
        properties.put("server.port", 0);
        properties.put("offramp.home", folder.resolve("home"));
        properties.put("offramp.partner-center.tenant-id", "1f0c9d3e-7a44-4d0e-9a57-0b6f3c1f2a10");
        properties.put("offramp.batch.enabled", false);
        if (database == TestDatabase.POSTGRESQL) {
            properties.computeIfAbsent(
                    "spring.datasource.url", _ -> database.fresh().getJdbcUrl());
            properties.put("spring.datasource.username", "postgres");
        }
        return LoadedService.start(jar, HEAP_MB, folder, properties);
    }

    private static double since(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 10) / 10.0;
    }

    private void say(String sentence, Object... values) {
        out.println(sentence.formatted(values));
    }
}
