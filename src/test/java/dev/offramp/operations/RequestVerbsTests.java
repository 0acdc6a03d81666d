package dev.offramp.operations;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.withdraw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Releases;
import dev.offramp.safety.DoubtDecisions.Decision;
import dev.offramp.testing.Admissions;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestVerbsTests {

    private static final Map<Decision, String> NOT_IN_DOUBT =
            Arrays.stream(Decision.values()).collect(Collectors.toMap(each -> each, _ -> "It is not in doubt."));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ADMITTED               | withdraw
            BUSY                   | withdraw
            BUDGET_EXCEEDED        | withdraw release reject
            EXPECTATION_MISMATCH   | withdraw release reject
            EXPECTATION_UNREADABLE | withdraw release reject
            PROTECTED_CUSTOMER     | withdraw reject
            STOPPED_BY_OPERATOR    | withdraw give-up
            IN_DOUBT               | withdraw give-up
            DONE                   |
            ALREADY_DONE           |
            WINDOW_CLOSED          | resubmit
            REJECTED_BY_OPERATOR   | resubmit
            UNKNOWN_SOURCE         | resubmit
            INVALID_MESSAGE        |
            UNSUPPORTED_VERSION    |
            BY_SOURCE              | resubmit
            OBSERVE_MODE           | resubmit
            GIVEN_UP_BY_OPERATOR   | resubmit
            """)
    void areAllowedByTheState(Reason reason, @Nullable String allowed) {
        assertThat(allowed(request(cancel(), reason), false, null)).isEqualTo(words(allowed));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CONFIRMING          |
            IN_DOUBT            | give-up
            STOPPED_BY_OPERATOR | give-up
            """)
    void takeNothingBackThatHasLeft(Reason reason, @Nullable String allowed) {
        assertThat(allowed(request(cancel(), reason), true, null)).isEqualTo(words(allowed));
    }

    @ParameterizedTest
    @CsvSource({"GIVEN_UP_BY_OPERATOR", "BY_SOURCE", "WINDOW_CLOSED"})
    void askForNothingAgainOfWhichACallMayStillTakeEffect(Reason reason) {
        assertThat(RequestVerbs.resubmit(
                        new RequestVerbs.Standing(request(cancel(), reason), true, null, null, NOT_IN_DOUBT)))
                .isEqualTo(
                        Ruling.refused(
                                "A call of request 12 has left and nobody knows whether it took effect, so that asking again could do it twice. Look at Partner Center; if it was not done, send a new request."));
    }

    @Test
    void giveNothingUpThatABatchWorksOn() {
        var request = request(cancel(), Reason.RETRIES_EXHAUSTED);

        assertThat(RequestVerbs.giveUp(new RequestVerbs.Standing(request, true, "B-7", null, NOT_IN_DOUBT)))
                .isEqualTo(Ruling.refused("B-7 works on request 12 right now; stop it first, or wait for its end."));
    }

    @ParameterizedTest
    @CsvSource({"ADMITTED", "UNKNOWN_REQUEST", "TOO_LATE"})
    void doNothingToAWithdraw(Reason reason) {
        assertThat(allowed(request(withdraw("x"), reason), false, null)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ADMITTED, false", "BUSY, false", "DONE, false", "WINDOW_CLOSED, true"})
    void askAgainOnlyOnceAtATime(Reason again, boolean allowed) {
        var standing = new RequestVerbs.Standing(
                request(cancel(), Reason.WINDOW_CLOSED), false, null, request(cancel(), again), NOT_IN_DOUBT);

        assertThat(RequestVerbs.resubmit(standing) instanceof Ruling.Allowed).isEqualTo(allowed);
    }

    @Test
    void sayWhyNot() {
        var held = request(cancel(), Reason.BUDGET_EXCEEDED);

        assertThat(RequestVerbs.of(new RequestVerbs.Standing(held, false, null, null, NOT_IN_DOUBT)))
                .filteredOn(each -> !each.allowed())
                .extracting(Action::why)
                .containsExactly(
                        "Request 12 is open (held: budget-exceeded); only a final request can be asked for again.",
                        "Request 12 is held: budget-exceeded; only a stalled request can be given up. Release or reject it.",
                        "It is not in doubt.",
                        "It is not in doubt.",
                        "It is not in doubt.");
    }

    private static Set<String> words(@Nullable String words) {
        return words == null ? Set.of() : Set.of(words.split(" "));
    }

    private static Set<String> allowed(Request request, boolean onTheWire, @Nullable String running) {
        return RequestVerbs.of(new RequestVerbs.Standing(request, onTheWire, running, null, NOT_IN_DOUBT)).stream()
                .filter(Action::allowed)
                .map(Action::action)
                .collect(Collectors.toSet());
    }

    private static Request request(Admissions asked, Reason reason) {
        return new Request(
                12,
                asked.build(),
                Admissions.START,
                reason.status(),
                reason,
                Effect.NONE,
                "It is " + reason.word(),
                1,
                1,
                null,
                null,
                null,
                null,
                null,
                null,
                0,
                0,
                null,
                null,
                Releases.NONE);
    }
}
