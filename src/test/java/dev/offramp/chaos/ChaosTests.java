package dev.offramp.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.util.FileSystemUtils;

/**
 * Real processes, and everything that can happen to them. It is short in the build; {@code ./mvnw -Pchaos verify} goes on
 * with one seed after the other for {@code -Dchaos.minutes}, from {@code -Dchaos.seed} on.
 */
@Execution(ExecutionMode.CONCURRENT)
class ChaosTests {

    private static final int KILLS = Integer.getInteger("chaos.kills", 20);
    private static final int NODES = Integer.getInteger("chaos.nodes", 2);

    @Test
    void losesNothingAndRepeatsNothingWhateverHappensToTheProcesses() throws IOException {
        long seed = Long.getLong("chaos.seed", 20261121);
        long end = System.nanoTime()
                + Duration.ofMinutes(Integer.getInteger("chaos.minutes", 0)).toNanos();
        var all = new Tally();
        do {
            var plan = new Round.Plan(seed, KILLS, NODES);
            var folder = Path.of("target", "chaos", "seed-" + seed).toAbsolutePath();
            FileSystemUtils.deleteRecursively(folder);
            System.out.println("Chaos: " + plan);
            try {
                var tally = Round.run(plan, folder);
                System.out.println(tally.summary());
                all.add(tally);

                assertThat(tally.violations()).isEmpty();
                assertThat(tally.killsAtPoints()).isGreaterThanOrEqualTo(KILLS);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("%s failed; what its processes left is in %s".formatted(plan, folder), e);
            }
            FileSystemUtils.deleteRecursively(folder);
            seed++;
        } while (System.nanoTime() < end);
        System.out.println(all.summary());
    }
}
