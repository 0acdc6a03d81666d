package dev.offramp.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The service, or a command, as a child process, with what it printed. */
final class ServiceProcess implements AutoCloseable {

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread listener;

    private ServiceProcess(Process process) {
        this.process = process;
        this.listener = Thread.ofVirtual().start(this::listen);
    }

    /** Starts it; {@code properties} are {@code key=value}. */
    static ServiceProcess start(Class<?> main, HaltingOfframp.Point haltAt, int visit, List<String> properties) {
        return start(
                main,
                List.of("-Dcrash.at=" + haltAt, "-Dcrash.visit=" + visit),
                properties.stream().map(each -> "--" + each).toList());
    }

    /** Starts a main class with options of Java and arguments of its own. */
    static ServiceProcess start(Class<?> main, List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(options);
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(arguments);
        try {
            return new ServiceProcess(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
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

    /** @throws AssertionError with what it printed last, when it has ended */
    void mustLive() {
        if (!isAlive()) {
            throw new AssertionError("The process ended by itself:\n" + newestLines());
        }
    }

    long pid() {
        return process.pid();
    }

    /** How it ended by itself. */
    int exitCode() {
        try {
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The process does not end:\n" + newestLines());
            }
            listener.join(5000);
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts here", e);
        }
    }

    /** SIGKILL; returns when it is dead. */
    void kill() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The process does not die");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts here", e);
        }
    }

    /** The newest lines, to explain a failure. */
    String newestLines() {
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
