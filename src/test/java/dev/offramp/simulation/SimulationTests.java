package dev.offramp.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Nothing is lost and nothing done twice, whatever befalls the nodes: {@code -Dsimulation.seeds=1000000} plays more
 * schedules, {@code -Dsimulation.seed=4711} one of them again, and tells it.
 */
class SimulationTests {

    private static final long SEEDS = Long.getLong("simulation.seeds", 120);

    /** In so many schedules each breakage is found. */
    private static final long FEW = 1_000;

    @Test
    void nothingIsLostAndNothingIsDoneTwice() {
        var one = Long.getLong("simulation.seed");
        if (one != null) {
            Simulation.trace(one, Breakage.NONE).forEach(System.out::println);
        }
        var played = Simulation.play(one == null ? 0 : one, one == null ? SEEDS : 1, Breakage.NONE);
        System.out.println("Simulation: " + played);
        played.firstViolated().ifPresent(seed -> fail(told(seed)));
    }

    private static String told(long seed) {
        var trace = Simulation.trace(seed, Breakage.NONE);
        return "Seed %d violates an invariant; it is played again with -Dsimulation.seed=%d:%n%s"
                .formatted(seed, seed, String.join(System.lineSeparator(), trace));
    }

    @Test
    void aSeedAlwaysTellsTheSameStory() {
        for (long seed = 0; seed < 5; seed++) {
            assertThat(Simulation.trace(seed, Breakage.NONE)).isEqualTo(Simulation.trace(seed, Breakage.NONE));
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NONE", "NO_FENCING", "ONE_READ_IS_ENOUGH", "BRAKE_IS_NOT_ASKED_AT_THE_GATE"})
    void findsOutWhatIsBroken(Breakage breakage) {
        var played = Simulation.play(0, FEW, breakage);
        System.out.println("Simulation without " + breakage + ": " + played);

        assertThat(played.firstViolated()).isPresent();
    }
}
