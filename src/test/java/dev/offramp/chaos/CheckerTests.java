package dev.offramp.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.chaos.Evidence.Call;
import dev.offramp.chaos.Evidence.Place;
import dev.offramp.chaos.Evidence.Row;
import dev.offramp.chaos.Evidence.Sent;
import dev.offramp.chaos.Evidence.Told;
import dev.offramp.chaos.Evidence.Try;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The checker finds each kind of violation, planted alone into evidence that is otherwise whole. */
class CheckerTests {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final String DONE = "succeeded done cancelled";

    private final Evidence evidence = new Evidence(
            new ArrayList<>(List.of(new Sent(new Place(0, 0), "a"), new Sent(new Place(0, 1), null))),
            new ArrayList<>(List.of(
                    new Told("a", "a-1", 1, false, "accepted admitted none"),
                    new Told("a", "a-2", 2, true, DONE),
                    new Told("a", "a-2", 2, true, DONE))),
            new ArrayList<>(List.of(new Row(1, "a", Wish.CANCEL, "subscription s", 1, DONE))),
            new HashSet<>(List.of(new Place(0, 1))),
            new ArrayList<>(List.of(new Try(1, "one", NOON), new Try(1, "two", NOON))),
            new ArrayList<>(List.of(
                    new Call(1, NOON, "cancel", "subscription s", "one", false),
                    new Call(2, NOON.plusSeconds(9), "cancel", "subscription s", "two", true))),
            new HashMap<>(java.util.Map.of("subscription s", "deleted")));

    @Test
    void findsNothingInWholeEvidence() {
        assertThat(Checker.violations(evidence)).isEmpty();
    }

    @Test
    void findsARecordThatBecameNothing() {
        evidence.records().add(new Sent(new Place(0, 2), "b"));

        assertThat(Checker.violations(evidence)).singleElement().asString().contains("I1", "neither in the ledger");
    }

    @Test
    void findsGarbageThatNobodyRefused() {
        evidence.refused().clear();

        assertThat(Checker.violations(evidence)).singleElement().asString().contains("I1", "nor refused");
    }

    @Test
    void findsARequestWhoseEndWasNeverTold() {
        evidence.told().removeIf(Told::isFinal);

        assertThat(Checker.violations(evidence)).singleElement().asString().contains("I1", "0 final outcomes on");
    }

    @Test
    void findsASecondEnd() {
        evidence.told().add(new Told("a", "a-3", 3, true, DONE));

        assertThat(Checker.violations(evidence)).singleElement().asString().contains("I1", "2 final outcomes on");
    }

    @Test
    void findsASecondEndInTheLedger() {
        evidence.ledger().set(0, new Row(1, "a", Wish.CANCEL, "subscription s", 2, DONE));

        assertThat(Checker.violations(evidence)).singleElement().asString().contains("I1", "2 final outcomes in");
    }

    @Test
    void findsAnEndThatWasToldOtherwise() {
        evidence.told().removeIf(Told::isFinal);
        evidence.told().add(new Told("a", "a-2", 2, true, "rejected expired none"));

        assertThat(Checker.violations(evidence)).singleElement().asString().contains("I1", "was told as");
    }

    @Test
    void findsACallAfterAnEffect() {
        evidence.tries().add(new Try(1, "three", NOON));
        evidence.calls().add(new Call(3, NOON.plusSeconds(10), "cancel", "subscription s", "three", false));

        assertThat(Checker.violations(evidence)).singleElement().asString().contains("I2", "call 3", "after call 2");
    }

    @Test
    void findsACallWithoutATry() {
        evidence.tries().removeIf(each -> each.correlationId().equals("two"));

        assertThat(Checker.violations(evidence)).singleElement().asString().contains("I3", "has no try");
    }

    @Test
    void findsACallThatWasWrittenDownTooLate() {
        evidence.tries().set(1, new Try(1, "two", NOON.plusSeconds(10)));

        assertThat(Checker.violations(evidence)).singleElement().asString().contains("I3", "was written down at");
    }

    @Test
    void findsATryThatTwoCallsUsed() {
        evidence.calls().addFirst(new Call(0, NOON, "cancel", "subscription s", "one", false));

        assertThat(Checker.violations(evidence)).singleElement().asString().contains("I3", "of another call");
    }

    @Test
    void findsASuccessThatIsNotTrue() {
        evidence.states().put("subscription s", "active");

        assertThat(Checker.violations(evidence)).singleElement().asString().contains("I9", "is active");
    }

    @Test
    void findsADeedOfOursThatWasToldAsDoneByOthers() {
        var words = "succeeded already-done none";
        evidence.ledger().set(0, new Row(1, "a", Wish.CANCEL, "subscription s", 1, words));
        evidence.told().removeIf(Told::isFinal);
        evidence.told().add(new Told("a", "a-2", 2, true, words));

        assertThat(Checker.violations(evidence)).singleElement().asString().contains("I9", "a call of ours did it");
    }

    @Test
    void findsASuccessThatNoCallBrought() {
        evidence.calls().removeLast();

        assertThat(Checker.violations(evidence)).singleElement().asString().contains("I9", "by 0 calls");
    }
}
