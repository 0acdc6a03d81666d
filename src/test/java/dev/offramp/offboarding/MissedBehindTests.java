package dev.offramp.offboarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MissedBehindTests {

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"EXPIRED", "WINDOW_CLOSED"})
    void namesWhatKeptItUntilItWasTooLate(Reason end) {
        assertThat(MissedBehind.sentence(end, Reason.OUTSIDE_RUN_WINDOW, "It opens at 8.", Releases.NONE))
                .isEqualTo(" It was missed behind outside-run-window: It opens at 8.");
        assertThat(MissedBehind.sentence(end, Reason.BRAKE_ON, "Jane pulled it.", Releases.NONE))
                .isEqualTo(" It was missed behind brake-on: Jane pulled it.");
    }

    @Test
    void namesWhatHeldItUntilAPersonReleasedIt() {
        var released = new Releases(Map.of(Reason.BUDGET_EXCEEDED, "used up", Reason.EXPECTATION_MISMATCH, "other"));

        assertThat(MissedBehind.sentence(Reason.EXPIRED, Reason.ADMITTED, "Released.", released))
                .isEqualTo(
                        " It was missed behind budget-exceeded and expectation-mismatch, until a person released it.");
    }

    @Test
    void saysNothingOfWhatStoodBehindNothing() {
        assertThat(MissedBehind.sentence(Reason.EXPIRED, Reason.ADMITTED, "Admitted.", Releases.NONE))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"EXPIRED", "WINDOW_CLOSED"})
    void saysNothingOfWhatDidNotEndByTime(Reason end) {
        assertThat(MissedBehind.sentence(end, Reason.OUTSIDE_RUN_WINDOW, "It opens at 8.", Releases.NONE))
                .isEmpty();
    }
}
