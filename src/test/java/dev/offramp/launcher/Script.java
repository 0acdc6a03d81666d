package dev.offramp.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command of the repository that a test runs, with nothing of the test's own environment but what is handed in. */
final class Script {

    private final List<String> command;
    private final Map<String, String> environment = new HashMap<>(Map.of("PATH", "/usr/bin:/bin"));

    private Script(List<String> command) {
        this.command = command;
    }

    static Script of(String... command) {
        return new Script(List.of(command));
    }

    Script with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Runs it to its end; whatever is not over after a minute is ended and a failure. */
    Ended run() throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command)
                .directory(Path.of("").toAbsolutePath().toFile())
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        var process = builder.start();
        process.getOutputStream().close();
        try {
            var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException(command + " does not end");
            }
            return new Ended(process.exitValue(), printed, process.pid());
        } finally {
            process.destroyForcibly();
        }
    }

    /** How it ended. */
    record Ended(int code, String printed, long pid) {}
}
