package dev.offramp.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.offramp.testing.TestDatabase;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The short form of {@code bin/bench load}: the packaged service with a heap of 256 MB, killed while it loads. */
@Isolated("What is measured has the machine for itself.")
class LoadBenchmarkTests {

    private static final int LINES = 4000;

    @TempDir
    private Path folder;

    @Test
    void loadsAFileOnceThoughTheServiceIsKilledInTheMiddleAndNothingTheSecondTime() throws IOException {
        assumeTrue(Boolean.getBoolean("offramp.packaged"), "runs over the packaged jar, after it is packaged");

        var result = new LoadBenchmark(jar(), folder, LINES, TestDatabase.H2, new PrintStream(System.out)).run();

        assertThat(result.restartedAtLine()).isBetween(1L, LINES - 1L);
        assertThat(result.firstRunNew()).isEqualTo(LINES);
        assertThat(result.secondRunNew()).isZero();
        assertThat(result.secondRunKnown()).isEqualTo(LINES);
    }

    private static Path jar() throws IOException {
        try (var files = Files.list(Path.of("target"))) {
            return files.filter(each -> each.getFileName().toString().matches("offramp-[0-9.]+(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
