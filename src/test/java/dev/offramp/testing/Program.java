package dev.offramp.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Offramp, or another main class, as a process of its own, with what it printed. */
public final class Program implements AutoCloseable {

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread listener;

    private Program(Process process) {
        this.process = process;
        this.listener = Thread.ofVirtual().start(this::listen);
    }

    /** Starts a main class of ours, main or test, with options of Java and arguments of its own. */
    public static Program start(Class<?> main, List<String> options, List<String> arguments) {
        var files = ProgramFiles.here();
        var command = java(files.options());
        command.addAll(options);
        command.addAll(List.of("-cp", files.classPath(), main.getName()));
        command.addAll(arguments);
        return start(new ProcessBuilder(command));
    }

    /** Starts a main class of the tests' own libraries. */
    public static Program startTest(String main, List<String> arguments) {
        var command = java(List.of());
        command.addAll(List.of("-cp", ProgramFiles.ownClassPath(), main));
        command.addAll(arguments);
        return start(new ProcessBuilder(command));
    }

    /** Starts Offramp as an image does, in a folder, with nothing in its environment but what is given. */
    public static Program startAlone(Path folder, Map<String, String> environment, List<String> arguments) {
        var command = java(List.of());
        command.addAll(ProgramFiles.whole());
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return start(builder);
    }

    /** The start of every command line of a child. */
    static List<String> java(List<String> options) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(options);
        return command;
    }

    static Program start(ProcessBuilder builder) {
        try {
            var process = builder.redirectErrorStream(true).start();
            // A child does not outlive tests that are ended from outside.
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new Program(process);
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

    /** Whether it printed these words by now. */
    public boolean said(String words) {
        return lines.stream().anyMatch(each -> each.contains(words));
    }

    /** Everything that it printed by now. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** Writes a line to its standard input. */
    public void tell(String line) {
        try {
            var in = process.getOutputStream();
            in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** @throws AssertionError with what it printed last, when it has ended */
    public void mustLive() {
        if (!isAlive()) {
            throw new AssertionError("The process ended by itself:\n" + newestLines());
        }
    }

    public long pid() {
        return process.pid();
    }

    /** How it ended by itself. */
    public int exitCode() {
        mustEnd(Duration.ofSeconds(120));
        try {
            listener.join(5000);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts here", e);
        }
        return process.exitValue();
    }

    /** SIGKILL; returns when it is dead. */
    public void kill() {
        process.destroyForcibly();
        mustEnd(Duration.ofSeconds(60));
    }

    /** SIGSTOP: it stands still until it is woken. */
    public void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void wake() {
        signal("CONT");
    }

    /** Whether it stands still, by {@link #freeze()} or by itself. */
    public boolean isStopped() {
        return run("ps", "-o", "state=", "-p", String.valueOf(pid())).startsWith("T");
    }

    private void signal(String name) {
        run("kill", "-" + name, String.valueOf(pid()));
    }

    private static String run(String... command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts here", e);
        }
    }

    /** Asks it to end; whether it has in time. */
    public boolean endsOnSigterm(Duration atMost) {
        process.toHandle().destroy(); // Process.destroy() would close its output, too, to which it has more to say.
        return ends(atMost);
    }

    private void mustEnd(Duration atMost) {
        if (!ends(atMost)) {
            throw new IllegalStateException("The process does not end:\n" + newestLines());
        }
    }

    private boolean ends(Duration atMost) {
        try {
            return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts here", e);
        }
    }

    /** The newest lines, to explain a failure. */
    public String newestLines() {
        var all = lines();
        return String.join("\n", all.subList(Math.max(0, all.size() - 60), all.size()));
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
