package dev.offramp.deployment;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Offramp as a process with an environment of its own: the packaged jar where there is one that is as new as the classes,
 * else the classes that it would be made of. With {@code offramp.packaged} the jar must be there.
 */
final class Program implements AutoCloseable {

    private static final Path TARGET = Path.of("target").toAbsolutePath();

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private Program(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::listen);
    }

    static Program start(Path folder, Map<String, String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(program());
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return new Program(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> program() {
        Optional<Path> jar = freshJar();
        if (Boolean.getBoolean("offramp.packaged") && jar.isEmpty()) {
            throw new IllegalStateException("The jar was to be packaged by now, and there is none in " + TARGET);
        }
        return jar.map(each -> List.of("-jar", each.toString()))
                .orElseGet(() -> List.of(
                        "-cp",
                        Arrays.stream(System.getProperty(
                                                "surefire.test.class.path", System.getProperty("java.class.path"))
                                        .split(System.getProperty("path.separator")))
                                .filter(each -> !each.endsWith("test-classes"))
                                .collect(Collectors.joining(System.getProperty("path.separator"))),
                        "dev.offramp.Offramp"));
    }

    private static Optional<Path> freshJar() {
        try (var files = Files.list(TARGET);
                var classes = Files.walk(TARGET.resolve("classes"))) {
            long newest = classes.filter(Files::isRegularFile)
                    .mapToLong(each -> each.toFile().lastModified())
                    .max()
                    .orElse(0);
            return files.filter(each -> each.getFileName().toString().matches("offramp-[0-9.]+\\.jar"))
                    .filter(each -> each.toFile().lastModified() >= newest)
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void listen() {
        try (var reader = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            reader.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            lines.add("(its output ended: " + e.getMessage() + ")");
        }
    }

    boolean said(String words) {
        return lines.stream().anyMatch(each -> each.contains(words));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String newestLines() {
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }

    /** Asks it to end; whether it has in time. */
    boolean endsOnSigterm(Duration atMost) {
        process.destroy();
        try {
            return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts here", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
