package dev.offramp.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Nothing is lost and nothing done twice, whatever befalls the nodes: {@code -Dsimulation.seeds=1000000} plays more
 * schedules, from {@code -Dsimulation.first} on, and {@code -Dsimulation.seed=4711} one of them again, and tells it.
 */
class SimulationTests {

    private static final long FIRST = Long.getLong("simulation.first", 0);
    private static final long SEEDS = Long.getLong("simulation.seeds", 1_000);
    private static final long GUARDED_SEEDS = Long.getLong("simulation.guarded-seeds", 300);
    private static final int THREADS = Integer.getInteger("simulation.threads", 1);

    /** In so many schedules each breakage is found. */
    private static final long FEW = 1_000;

    @Test
    void nothingIsLostAndNothingIsDoneTwice() {
        holds(Setting.FREE, SEEDS);
    }

    /** Of the schedules with guards one has some ten requests. */
    @Test
    void nobodyIsTouchedWhoIsProtectedOrBlockedAndNoBudgetIsExceeded() {
        holds(Setting.GUARDED, GUARDED_SEEDS);
    }

    private static void holds(Setting setting, long seeds) {
        var one = Long.getLong("simulation.seed");
        if (one != null) {
            Simulation.trace(one, setting, Breakage.NONE).forEach(System.out::println);
        }
        var played =
                Simulation.play(one == null ? FIRST : one, one == null ? seeds : 1, setting, Breakage.NONE, THREADS);
        System.out.println("Simulation " + setting + ": " + played);
        played.firstViolated().ifPresent(seed -> fail(told(seed, setting)));
    }

    private static String told(long seed, Setting setting) {
        var trace = Simulation.trace(seed, setting, Breakage.NONE);
        return "Seed %d violates an invariant (%s); ./mvnw test -Dtest=SimulationTests -Dsimulation.seed=%d plays it again:%n%s"
                .formatted(seed, setting, seed, String.join(System.lineSeparator(), trace));
    }

    @Test
    void aSeedAlwaysTellsTheSameStory() {
        for (long seed = 0; seed < 5; seed++) {
            for (var setting : Setting.values()) {
                assertThat(Simulation.trace(seed, setting, Breakage.NONE))
                        .isEqualTo(Simulation.trace(seed, setting, Breakage.NONE));
            }
        }
    }

    @Test
    void aSeedTellsTheSameStoryHoweverManyArePlayedAtTheSameTime() {
        var alone = Simulation.play(0, 400, Setting.FREE, Breakage.NONE, 1);

        assertThat(Simulation.play(0, 400, Setting.FREE, Breakage.NONE, 2).digest())
                .isEqualTo(alone.digest());
        assertThat(Simulation.play(1, 400, Setting.FREE, Breakage.NONE, 1).digest())
                .isNotEqualTo(alone.digest());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void findsOutWhatIsBroken(Breakage breakage) {
        var played = Simulation.play(0, FEW, breakage.setting, breakage, THREADS);
        System.out.println("Simulation without " + breakage + ": " + played);

        assertThat(played.firstViolated()).isPresent();
    }
}
