package dev.offramp.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batch.State;
import dev.offramp.testing.Admissions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchVerbsTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            RUNNING   | no  | yes | no
            STOPPED   | yes | no  | yes
            FAILED    | yes | no  | yes
            COMPLETED | no  | no  | no
            ABANDONED | no  | no  | no
            """)
    void areAllowedByTheState(State state, String restart, String stop, String abandon) {
        var batch = batch(state, null, null);

        assertThat(BatchVerbs.of(batch))
                .extracting(Action::action, Action::allowed)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("restart", restart.equals("yes")),
                        org.assertj.core.groups.Tuple.tuple("stop", stop.equals("yes")),
                        org.assertj.core.groups.Tuple.tuple("abandon", abandon.equals("yes")));
        assertThat(BatchVerbs.of(batch))
                .filteredOn(each -> !each.allowed())
                .allSatisfy(each -> assertThat(each.why()).startsWith("B-7 ").endsWith("."));
    }

    @Test
    void stopsNothingTwice() {
        assertThat(BatchVerbs.stop(batch(State.RUNNING, "jane stopped it: wrong list", null)))
                .isEqualTo(Ruling.refused("B-7 is being stopped already: jane stopped it: wrong list"));
    }

    @Test
    void saysHowToKeepAFailedBatchFromGoingOn() {
        assertThat(BatchVerbs.stop(batch(State.FAILED, null, Admissions.START)))
                .isEqualTo(
                        Ruling.refused(
                                "B-7 is failed; only a running batch can be stopped. It is restarted at 2026-11-20T08:15:30Z; abandon it if it is not to go on."));
    }

    private static Batch batch(State state, @Nullable String stopAsked, @Nullable Instant restartAt) {
        return new Batch(
                7,
                "offboarding",
                "billing, 1 customer",
                state,
                Admissions.START,
                null,
                null,
                1,
                null,
                null,
                null,
                0,
                restartAt,
                stopAsked,
                null,
                1,
                1,
                null);
    }
}
