package dev.offramp.offboarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReleasesTests {

    private static final String SEVEN = "quantity is 25, expected was 7";

    @Test
    void coverWhatWasFoundAndNothingElse() {
        var released = Releases.NONE.and(Reason.EXPECTATION_MISMATCH, SEVEN);

        assertThat(released.covers(Reason.EXPECTATION_MISMATCH, SEVEN)).isTrue();
        assertThat(released.covers(Reason.EXPECTATION_MISMATCH, SEVEN + "0")).isFalse();
        assertThat(released.covers(Reason.EXPECTATION_UNREADABLE, SEVEN)).isFalse();
        assertThat(released.contains(Reason.BUDGET_EXCEEDED)).isFalse();
    }

    @Test
    void keepTheNewestOfAGuard() {
        var released = Releases.NONE
                .and(Reason.EXPECTATION_MISMATCH, SEVEN)
                .and(Reason.BUDGET_EXCEEDED, "used up")
                .and(Reason.EXPECTATION_MISMATCH, "another");

        assertThat(released.covers(Reason.EXPECTATION_MISMATCH, SEVEN)).isFalse();
        assertThat(released.covers(Reason.EXPECTATION_MISMATCH, "another")).isTrue();
        assertThat(released.reasons()).containsExactlyInAnyOrder(Reason.EXPECTATION_MISMATCH, Reason.BUDGET_EXCEEDED);
    }

    @Test
    void coverNothingThatDependsOnWhatWasFoundWhenThatWasNotKept() {
        var old = new Releases(java.util.Map.of(Reason.EXPECTATION_MISMATCH, ""));

        assertThat(old.covers(Reason.EXPECTATION_MISMATCH, SEVEN)).isFalse();
    }

    @Test
    void areNeverFromProtection() {
        assertThat(Releases.NONE.and(Reason.PROTECTED_CUSTOMER, "protected")).isEqualTo(Releases.NONE);
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void areFromGuardsOnly(Reason reason) {
        if (reason.status() != Status.HELD) {
            assertThatIllegalArgumentException().isThrownBy(() -> Releases.NONE.and(reason, "x"));
        }
    }
}
