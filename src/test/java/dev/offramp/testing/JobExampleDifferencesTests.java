package dev.offramp.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** An example notices what was told otherwise. */
class JobExampleDifferencesTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JobExample example = JobExample.named("cancel-subscriptions/done");

    @Test
    void findsNoDifferenceWhenTheLastOutcomeIsTheExpectedOne() {
        var told = List.of(told(1, "accepted", "admitted", "none"), told(2, "succeeded", "done", "cancelled"));

        assertThat(example.differences(told)).isEmpty();
        assertThat(example.isOver(told)).isTrue();
    }

    @Test
    void namesTheRequestAndBothOutcomesWhenItWasToldOtherwise() {
        var told = List.of(told(1, "accepted", "admitted", "none"), told(2, "rejected", "window-closed", "none"));

        assertThat(example.differences(told))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("cancel-done: expected succeeded: done (cancelled)")
                        .contains("rejected: window-closed (none)"));
        assertThat(example.isOver(told)).isTrue();
    }

    @Test
    void countsAnotherEffectAsADifference() {
        assertThat(example.differences(List.of(told(1, "succeeded", "done", "none"))))
                .hasSize(1);
    }

    @Test
    void saysWhenNothingWasTold() {
        assertThat(example.differences(List.of()))
                .singleElement()
                .satisfies(line -> assertThat(line).endsWith("actual nothing"));
        assertThat(example.isOver(List.of())).isFalse();
    }

    @Test
    void waitsForNothingMoreWhenARequestIsHeldUnexpectedly() {
        var told = List.of(told(1, "accepted", "admitted", "none"), told(2, "held", "budget-exceeded", "none"));

        assertThat(example.isOver(told)).isTrue();
        assertThat(example.differences(told)).hasSize(1);
    }

    private static ToldOutcome told(int sequence, String status, String reason, String effect) {
        return new ToldOutcome(JSON.readTree("""
                { "id": "x#%d", "data": { "request": { "id": "cancel-done" }, "sequence": %d, "status": "%s",
                  "reason": "%s", "effect": "%s", "final": %b, "confirmedBy": "response" } }
                """.formatted(
                sequence, sequence, status, reason, effect, !status.equals("accepted") && !status.equals("held"))));
    }
}
