package dev.offramp.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Dockerfile and the scripts in the image, as far as they can be held to account without a container. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the scripts are for a POSIX shell")
class ImageTests {

    private static final Path SCRIPTS = Path.of("bin", "container").toAbsolutePath();

    @TempDir
    Path folder;

    private final List<String> instructions = instructions();

    @Test
    void runsOnTheJavaThatItWasTrainedOn() {
        assertThat(all("FROM"))
                .as("both stages, so that the AOT cache fits the JVM")
                .containsExactly("${JAVA_IMAGE} AS layers", "${JAVA_IMAGE}");
        assertThat(instructions.getFirst()).startsWith("ARG JAVA_IMAGE=").contains(":25");
    }

    @Test
    void runsAsTheUserThatTheChartNames() {
        var chart = Chart.of("one-node")
                .render()
                .deployment()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getSecurityContext();

        assertThat(all("USER")).containsExactly(chart.getRunAsUser() + ":" + chart.getRunAsGroup());
        assertThat(all("RUN").getLast()).contains("chown 10001:10001 /var/lib/offramp");
    }

    @Test
    void takesOnlyWhatTheIgnoreFileLetsThrough() throws IOException {
        var letThrough = Files.readAllLines(Path.of(".dockerignore")).stream()
                .filter(each -> each.startsWith("!"))
                .map(each -> each.substring(1))
                .toList();
        var taken = all("COPY").stream()
                .filter(each -> !each.startsWith("--from="))
                .map(each -> each.split(" ")[0].replaceAll("/$", ""))
                .toList();

        assertThat(Files.readAllLines(Path.of(".dockerignore"))).contains("*");
        assertThat(taken).containsExactlyInAnyOrderElementsOf(letThrough);
    }

    @Test
    void isBuiltByTheClassicBuilderToo() {
        assertThat(instructions).noneMatch(each -> each.contains("--mount") || each.contains("<<"));
    }

    @Test
    void startsWithTheCacheThatTheBuildHasWritten() throws Exception {
        var written = Pattern.compile("/opt/offramp/bin/train (\\S+)")
                .matcher(all("RUN").getLast())
                .results()
                .map(each -> each.group(1))
                .findFirst()
                .orElseThrow();

        assertThat(all("ENTRYPOINT")).containsExactly("[\"/opt/offramp/bin/offramp\"]");
        assertThat(started(Map.of())).startsWith("-XX:AOTCache=" + written);
    }

    @Test
    void isTrainedWithTheOptionsWithWhichItRuns() throws Exception {
        var running = started(Map.of());
        var training = started(Map.of("AOT_OPTION", "-XX:AOTCacheOutput=/x.aot"));

        assertThat(training.getFirst()).isEqualTo("-XX:AOTCacheOutput=/x.aot");
        assertThat(training.subList(1, training.size())).isEqualTo(running.subList(1, running.size()));
        assertThat(Files.readString(SCRIPTS.resolve("train"))).contains("AOT_OPTION=\"-XX:AOTCacheOutput=$1\"");
    }

    @Test
    void handsAllArgumentsAndFurtherOptionsOn() throws Exception {
        assertThat(started(Map.of("OFFRAMP_JAVA_OPTS", "-Xmx1g -Dx=y"), "run", "a job", "--file", ""))
                .containsSubsequence(
                        "-Xmx1g", "-Dx=y", "-jar", "/opt/offramp/offramp.jar", "run", "a job", "--file", "");
    }

    @ParameterizedTest
    @CsvSource({"200, true", "503, false", "401, false"})
    void isHealthyWhenTheServiceIsReady(int status, boolean healthy) throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            boolean asked = exchange.getRequestURI().getPath().equals("/actuator/health/readiness");
            exchange.sendResponseHeaders(asked ? status : 404, -1);
            exchange.close();
        });
        server.start();
        try {
            assertThat(healthy(server.getAddress().getPort()) == 0).isEqualTo(healthy);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void isNotHealthyWhenNobodyAnswers() throws Exception {
        assertThat(healthy(1)).isNotZero();
        assertThat(all("HEALTHCHECK").getFirst()).endsWith("CMD [\"/opt/offramp/bin/healthy\"]");
    }

    private static int healthy(int port) throws IOException, InterruptedException {
        var process = new ProcessBuilder(SCRIPTS.resolve("healthy").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        process.environment().put("SERVER_PORT", String.valueOf(port));
        return ended(process.start());
    }

    /** The arguments with which the image's launcher starts java. */
    private List<String> started(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        var java = Files.writeString(folder.resolve("java"), """
                #!/bin/sh
                for argument in "$@"; do printf '%s\\n' "$argument"; done
                """);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        var process = new ProcessBuilder(
                Stream.concat(Stream.of(SCRIPTS.resolve("offramp").toString()), Stream.of(arguments))
                        .toList());
        process.environment().clear();
        process.environment().put("PATH", folder + ":/usr/bin:/bin");
        process.environment().putAll(environment);
        var running = process.start();
        var printed = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(ended(running)).isZero();
        return List.of(printed.split("\n", -1)).subList(0, printed.split("\n", -1).length - 1);
    }

    private static int ended(Process process) throws InterruptedException {
        try {
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private List<String> all(String instruction) {
        return instructions.stream()
                .filter(each -> each.startsWith(instruction + " "))
                .map(each -> each.substring(instruction.length() + 1))
                .toList();
    }

    /** One line each, comments left out. */
    private static List<String> instructions() {
        try {
            return Stream.of(Files.readString(Path.of("Dockerfile"))
                            .replaceAll("(?m)^#.*\n", "")
                            .replaceAll("\\\\\n\\s*", "")
                            .split("\n"))
                    .filter(each -> !each.isBlank())
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
