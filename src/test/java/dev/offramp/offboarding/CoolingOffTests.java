package dev.offramp.offboarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoolingOffTests {

    private static final Instant ADMITTED = Instant.parse("2026-11-20T12:00:00Z");

    /** Seconds from admission. */
    @ParameterizedTest
    @CsvSource({
        "REMOVE_RESELLER_RELATIONSHIP, 0,    true",
        "REMOVE_RESELLER_RELATIONSHIP, 3599, true",
        "REMOVE_RESELLER_RELATIONSHIP, 3600, false",
        "CANCEL_SUBSCRIPTION,          0,    false",
        "WITHDRAW,                     0,    false"
    })
    void keepsAnUnlinkBackForAnHourAndNothingElse(Operation operation, long passed, boolean cools) {
        var until = CoolingOff.USUAL.until(operation, ADMITTED, ADMITTED.plusSeconds(passed));

        assertThat(until.isPresent()).isEqualTo(cools);
        until.ifPresent(end -> assertThat(end).isEqualTo(ADMITTED.plus(Duration.ofHours(1))));
    }

    @Test
    void isWhatWasSaidInsteadOfWhatIsUsual() {
        var said = CoolingOff.USUAL.with(Map.of(
                Operation.REMOVE_RESELLER_RELATIONSHIP,
                Duration.ZERO,
                Operation.CANCEL_SUBSCRIPTION,
                Duration.ofMinutes(15)));

        assertThat(said.until(Operation.REMOVE_RESELLER_RELATIONSHIP, ADMITTED, ADMITTED))
                .isEmpty();
        assertThat(said.until(Operation.CANCEL_SUBSCRIPTION, ADMITTED, ADMITTED))
                .contains(ADMITTED.plus(Duration.ofMinutes(15)));
        assertThat(CoolingOff.NONE.of(Operation.REMOVE_RESELLER_RELATIONSHIP)).isZero();
    }

    @Test
    void cannotBeNegativeNorOfAWithdraw() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CoolingOff(Map.of(Operation.CANCEL_SUBSCRIPTION, Duration.ofSeconds(-1))))
                .withMessageContaining("write 0 or more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CoolingOff(Map.of(Operation.WITHDRAW, Duration.ofSeconds(1))));
    }
}
