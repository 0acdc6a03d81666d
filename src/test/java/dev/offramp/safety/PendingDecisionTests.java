package dev.offramp.safety;

import static dev.offramp.testing.Admissions.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.offramp.safety.PendingDecision.State;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How long a decision waits for its second person. */
class PendingDecisionTests {

    private static final Instant EXPIRES = START.plus(Duration.ofHours(12));

    @ParameterizedTest(name = "{0}, {1} ms from its end: {2}")
    @CsvSource({
        "WAITING,     -1, WAITING",
        "WAITING,     0,  EXPIRED",
        "WAITING,     1,  EXPIRED",
        "CARRIED_OUT, 1,  CARRIED_OUT",
        "REJECTED,    1,  REJECTED",
        "EXPIRED,     -1, EXPIRED"
    })
    void waitsUntilItExpiresUnlessItIsDecided(State state, long millis, State then) {
        assertThat(decision(state).stateAt(EXPIRES.plusMillis(millis))).isEqualTo(then);
    }

    @Test
    void isOpenToTheSecondPersonOnlyWhileItWaits() {
        assertThat(decision(State.WAITING).refusal(START)).isEmpty();
        assertThat(decision(State.WAITING).refusal(EXPIRES))
                .contains(
                        "Decision 17 expired at 2026-11-20T20:15:30Z, as nobody had confirmed it. Look again, and ask anew.");
        assertThat(decision(State.CARRIED_OUT).refusal(START))
                .contains("Decision 17 was confirmed by bob at 2026-11-20T08:16:30Z.");
        assertThat(decision(State.REJECTED).refusal(START))
                .contains("Decision 17 was rejected by bob at 2026-11-20T08:16:30Z.");
    }

    @ParameterizedTest
    @EnumSource
    void findsAStateByItsWord(State state) {
        assertThat(State.named(state.word())).isEqualTo(state);
    }

    @Test
    void saysWhichWordIsNoState() {
        assertThat(State.CARRIED_OUT.word()).isEqualTo("carried-out");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> State.named("carried_out"))
                .withMessage("No state of a decision: carried_out");
    }

    private static PendingDecision decision(State state) {
        return new PendingDecision(
                17,
                PendingDecision.Kind.RELEASE,
                state,
                30,
                25,
                "ann",
                new Person.Known(Person.Kind.USER, "ann"),
                "checked",
                START,
                EXPIRES,
                "bob",
                START.plusSeconds(60),
                "checked, too",
                null);
    }
}
