package dev.offramp.operations.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the script is for bash and zsh")
class CompletionTests {

    @TempDir
    private Path folder;

    static Stream<String> shells() {
        return Stream.of("bash", "zsh").filter(CompletionTests::isInstalled);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void isAcceptedByTheShell(String shell) throws Exception {
        assertThat(run(shell, "-n", script().toString())).isEmpty();
        assertThat(run(shell, "-c", ". " + script() + " && echo fine")).isEqualTo("fine\n");
    }

    @Test
    void completesVerbsAndOptionsInBash() throws Exception {
        assertThat(completed("offramp batch ''", 2)).contains("list", "show", "restart", "stop", "abandon");
        assertThat(completed("offramp run --pl", 2)).contains("--plan");
    }

    private String[] completed(String line, int word) throws Exception {
        return run(
                        "bash",
                        "-c",
                        ". %s; compopt() { :; }; COMP_WORDS=(%s); COMP_CWORD=%d; _complete_offramp; echo \"${COMPREPLY[@]}\""
                                .formatted(script(), line, word))
                .strip()
                .split(" ");
    }

    private Path script() throws IOException {
        return Files.writeString(
                folder.resolve("completion"), new Typed().run("completion").out());
    }

    private static boolean isInstalled(String shell) {
        try {
            run(shell, "-c", "true");
            return true;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return printed;
    }
}
