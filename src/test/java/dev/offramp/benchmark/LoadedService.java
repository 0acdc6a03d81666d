package dev.offramp.benchmark;

import dev.offramp.operations.LoginFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The packaged service as a process of its own, and what the command line would ask of it. */
final class LoadedService implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int PIECE = 4 * 1024 * 1024;
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Process process;
    private final Path log;
    private final Path home;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private LoginFile.@Nullable Login login;
    private long maxResidentMb;

    private LoadedService(Process process, Path log, Path home) {
        this.process = process;
        this.log = log;
        this.home = home;
    }

    /** Tells how it goes on. */
    interface Progress {
        void say(String sentence, Object... values);
    }

    static LoadedService start(Path jar, int heapMb, Path folder, Map<String, @Nullable Object> properties) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx%dm".formatted(heapMb),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                jar.toString()));
        properties.forEach((key, value) -> command.add("--%s=%s".formatted(key, value)));
        try {
            var home = folder.resolve("home");
            Files.createDirectories(home);
            var log = folder.resolve("service.log");
            var before = modified(home);
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            var service = new LoadedService(process, log, home);
            service.untilAnswering(before);
            return service;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long modified(Path home) throws IOException {
        var file = home.resolve("login");
        return Files.exists(file) ? Files.getLastModifiedTime(file).toMillis() : 0;
    }

    private void untilAnswering(long before) throws IOException {
        var end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while (System.nanoTime() < end) {
            if (modified(home) > before) {
                login = LoginFile.in(home).read().orElseThrow();
                if (answers()) {
                    return;
                }
            }
            if (!process.isAlive()) {
                throw new IllegalStateException("The service ended: " + Files.readString(log));
            }
            pause(Duration.ofMillis(100));
        }
        throw new IllegalStateException("The service does not answer: " + Files.readString(log));
    }

    private boolean answers() {
        try {
            return ask("GET", "/runs", BodyPublishers.noBody(), "application/json")
                            .statusCode()
                    == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** Announces a file and sends it. */
    long hand(String name, GeneratedFile file) throws IOException {
        var run = json("POST", "/runs", """
                {"job":"cancel-subscriptions","name":"%s","plan":false,"reason":"a benchmark",
                 "file":{"name":"%s","size":%d,"digest":"%s"}}
                """.formatted(name, file.path().getFileName(), file.size(), file.digest()));
        var number = run.path("number").asLong();
        long offset = 0;
        try (var in = Files.newInputStream(file.path())) {
            for (var piece = in.readNBytes(PIECE); piece.length > 0; piece = in.readNBytes(PIECE)) {
                var answer = ask(
                        "PUT",
                        "/runs/%d/content?offset=%d".formatted(number, offset),
                        BodyPublishers.ofByteArray(piece),
                        "application/octet-stream");
                if (answer.statusCode() != 200) {
                    throw new IllegalStateException(answer.body());
                }
                offset += piece.length;
            }
        }
        return number;
    }

    /** @return how many lines are loaded by then */
    long untilLoading(long run, long lines, Duration atMost, Progress progress) {
        return until(
                        run,
                        view -> view.path("state").asString().equals("loading")
                                        && view.at("/lines/read").asLong() >= lines
                                || view.has("endedAt"),
                        atMost,
                        progress)
                .at("/lines/read")
                .asLong();
    }

    JsonNode untilEnded(long run, Duration atMost, Progress progress) {
        return until(run, view -> view.has("endedAt"), atMost, progress);
    }

    private JsonNode until(long run, Predicate<JsonNode> end, Duration atMost, Progress progress) {
        var last = System.nanoTime() + atMost.toNanos();
        var told = System.nanoTime();
        while (System.nanoTime() < last) {
            var view = json("GET", "/runs/" + run, null);
            if (end.test(view)) {
                return view;
            }
            if (System.nanoTime() - told > 5_000_000_000L) {
                told = System.nanoTime();
                progress.say(
                        "  %s: %,d lines",
                        view.path("state").asString(), view.at("/lines/read").asLong());
            }
            pause(LOOK);
        }
        throw new IllegalStateException("Run %d does not come to an end in %s".formatted(run, atMost));
    }

    private JsonNode json(String method, String path, @Nullable String body) {
        var answer = ask(
                method,
                path,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body),
                "application/json");
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("%s %s: %s".formatted(method, path, answer.body()));
        }
        return JSON.readTree(answer.body());
    }

    private java.net.http.HttpResponse<String> ask(
            String method, String path, HttpRequest.BodyPublisher body, String type) {
        var known = login;
        if (known == null) {
            throw new IllegalStateException("The service has not answered yet");
        }
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(known.server() + "/api/v1" + path))
                            .header("Authorization", "Bearer " + known.token())
                            .header("Content-Type", type)
                            .timeout(Duration.ofMinutes(2))
                            .method(method, body)
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The largest amount of memory that the process ever had; 0 where the system does not tell. */
    long maxResidentMb() throws IOException {
        lookAtMemory();
        return maxResidentMb;
    }

    private void lookAtMemory() throws IOException {
        var status = Path.of("/proc", String.valueOf(process.pid()), "status");
        if (process.isAlive() && Files.exists(status)) {
            for (var line : Files.readAllLines(status)) {
                if (line.startsWith("VmHWM:")) {
                    maxResidentMb = Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
                }
            }
        }
    }

    /** SIGKILL; returns when it is dead. */
    void kill() throws IOException {
        lookAtMemory();
        process.destroyForcibly();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The process does not die");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause(Duration duration) {
        java.util.concurrent.locks.LockSupport.parkNanos(duration.toNanos());
    }

    @Override
    public void close() throws IOException {
        if (process.isAlive()) {
            kill();
        }
    }
}
