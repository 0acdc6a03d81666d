package dev.offramp.operations.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.operations.access.Guesses.Look;
import dev.offramp.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GuessesTests {

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final Guesses guesses = new Guesses(clock);

    @Test
    void looksAtNoneForAWhileAfterTheFifthWrongOne() {
        IntStream.range(0, 5).forEach(_ -> guess("jane", false));

        assertThat(guess("jane", true)).isEqualTo(new Look.TooSoon(Duration.ofSeconds(1)));
        assertThat(guess("joe", true)).isEqualTo(new Look.Right());
        clock.pass(Duration.ofSeconds(1));
        assertThat(guess("jane", false)).isEqualTo(new Look.Wrong(6));
        assertThat(guess("jane", true)).isEqualTo(new Look.TooSoon(Duration.ofSeconds(2)));
        clock.pass(Duration.ofSeconds(2));
        assertThat(guess("jane", true)).isEqualTo(new Look.Right());
        assertThat(guess("jane", false)).isEqualTo(new Look.Wrong(1));
    }

    @Test
    void neverWaitsLongerThanAMinute() {
        IntStream.range(0, 50).forEach(_ -> {
            guess("jane", false);
            clock.pass(Duration.ofMinutes(1));
        });

        assertThat(guess("jane", true)).isEqualTo(new Look.Right());
    }

    @Test
    void forgetsAfterAnHour() {
        IntStream.range(0, 5).forEach(_ -> guess("jane", false));
        clock.pass(Duration.ofMinutes(61));

        assertThat(guess("jane", false)).isEqualTo(new Look.Wrong(1));
    }

    @Test
    void remembersOnlySoManyNames() {
        IntStream.range(0, 20_000).forEach(i -> guess("name " + i, false));

        assertThat(guesses.remembered()).isEqualTo(10_000);
    }

    private Look guess(String name, boolean right) {
        return guesses.at(name, () -> right);
    }
}
