package dev.offramp.breakage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.breakage.Breakage.NamedTest;
import dev.offramp.breakage.Child.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Takes each safeguard out of the source, one at a time, and sees that the test named for it fails: by an assertion, not
 * because it cannot run. All variants run in one child process, each over classes of its own.
 */
@Execution(ExecutionMode.CONCURRENT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BreakageTests {

    private static final int MINUTES = 15;

    private Map<String, Result> results = Map.of();

    @BeforeAll
    void run(@TempDir Path folder) throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> orders = new ArrayList<>();
        for (NamedTest test : tests().toList()) {
            orders.add(String.join(Child.TAB, test.toString(), "", test.toString()));
        }
        try (var build = new BrokenBuild(classPath)) {
            for (Breakage each : Breakages.ALL) {
                Path changed = Files.createDirectory(folder.resolve(String.valueOf(orders.size())));
                build.compile(each, changed);
                orders.add(String.join(
                        Child.TAB,
                        each.what(),
                        changed.toString(),
                        each.caughtBy().toString()));
            }
        }
        Path ordered = Files.write(folder.resolve("orders"), orders);
        Path told = folder.resolve("results");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx1g",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dlogback.configurationFile=src/test/logback.xml",
                        "-cp",
                        classPath,
                        Child.class.getName(),
                        ordered.toString(),
                        told.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        if (!child.waitFor(MINUTES, TimeUnit.MINUTES)) {
            child.destroyForcibly().waitFor();
        }
        results = (Files.exists(told) ? Files.readAllLines(told) : List.<String>of())
                .stream().map(Result::of).collect(Collectors.toMap(Result::order, Function.identity()));
        assertThat(results)
                .as("what the child process said last: %s", end(folder.resolve("log")))
                .hasSameSizeAs(orders);
    }

    static Stream<NamedTest> tests() {
        return Breakages.ALL.stream().map(Breakage::caughtBy).distinct();
    }

    static Stream<Breakage> breakages() {
        return Breakages.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("tests")
    void passesOverTheSourceAsItIs(NamedTest test) {
        assertThat(result(test.toString()))
                .extracting(Result::verdict, Result::words)
                .containsExactly("passed", "-");
    }

    @ParameterizedTest
    @MethodSource("breakages")
    void failsWithout(Breakage breakage) {
        assertThat(result(breakage.what()))
                .as("%s over a source without '%s'", breakage.caughtBy(), breakage.what())
                .satisfies(result ->
                        assertThat(result.verdict()).as(result.words()).isEqualTo("failed"));
    }

    private Result result(String order) {
        return results.getOrDefault(order, new Result(order, "missing", "It was not run."));
    }

    private static String end(Path log) throws IOException {
        var lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }
}
