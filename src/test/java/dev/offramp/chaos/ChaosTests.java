package dev.offramp.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Real processes, and everything that can happen to them: {@code ./mvnw -Pchaos verify} goes on with one seed after the
 * other for {@code -Dchaos.minutes}, from {@code -Dchaos.seed} on; without a time it is one round.
 */
@Execution(ExecutionMode.CONCURRENT)
class ChaosTests {

    private static final int KILLS = Integer.getInteger("chaos.kills", 20);

    @TempDir
    private Path folder;

    @Test
    void losesNothingAndRepeatsNothingWhateverHappensToTheProcesses() {
        long seed = Long.getLong("chaos.seed", 20261121);
        long end = System.nanoTime()
                + Duration.ofMinutes(Integer.getInteger("chaos.minutes", 0)).toNanos();
        int kills = 0;
        do {
            System.out.println("Chaos: -Dchaos.seed=%d -Dchaos.kills=%d".formatted(seed, KILLS));
            var result = Round.run(seed, KILLS, folder.resolve("round-" + seed));
            kills += result.atPoints() + result.elsewhere();
            System.out.println("Chaos: %s; %d kills in all".formatted(result, kills));

            assertThat(result.violations()).as("-Dchaos.seed=" + seed).isEmpty();
            assertThat(result.atPoints()).as("kills at named points").isGreaterThanOrEqualTo(KILLS);
            seed++;
        } while (System.nanoTime() < end);
    }
}
