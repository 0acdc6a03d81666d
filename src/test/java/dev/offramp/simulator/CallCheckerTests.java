package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CallCheckerTests {

    private static final String CUSTOMER = "c0000000-0000-4000-8000-000000000001";
    private static final String SUBSCRIPTION = "50000000-0000-4000-8000-000000000001";

    @Test
    void findsACallAfterOneThatTookEffectAlthoughItsAnswerWasLost() {
        List<String> found = CallChecker.repeatedAfterEffect(List.of(
                call(1, Operation.CANCEL, SUBSCRIPTION, "cut-off", true),
                call(2, Operation.CANCEL, SUBSCRIPTION, "given", false)));

        assertThat(found)
                .singleElement()
                .asString()
                .contains("Call 2")
                .contains("call 1")
                .contains("answer cut-off");
    }

    @Test
    void acceptsCallsThatAreRepeatedAfterNothingHappened() {
        assertThat(CallChecker.repeatedAfterEffect(List.of(
                        call(1, Operation.CANCEL, SUBSCRIPTION, "cut-off", false),
                        call(2, Operation.CANCEL, SUBSCRIPTION, "given", true),
                        call(3, Operation.UNLINK, null, "given", true))))
                .isEmpty();
    }

    @Test
    void findsAnyCallForACustomerThatIsGone() {
        assertThat(CallChecker.repeatedAfterEffect(List.of(
                        call(1, Operation.UNLINK, null, "given", true),
                        call(2, Operation.CANCEL, SUBSCRIPTION, "given", false),
                        call(3, Operation.UNLINK, null, "given", false))))
                .hasSize(2);
    }

    @Test
    void acceptsAReactivationAfterASuspension() {
        assertThat(CallChecker.repeatedAfterEffect(List.of(
                        call(1, Operation.SUSPEND, SUBSCRIPTION, "given", true),
                        call(2, Operation.REACTIVATE, SUBSCRIPTION, "given", true),
                        call(3, Operation.SUSPEND, SUBSCRIPTION, "given", true),
                        call(4, Operation.CANCEL, SUBSCRIPTION, "given", true))))
                .isEmpty();
    }

    private static Call call(
            int number, Operation operation, @Nullable String subscription, String reply, boolean changed) {
        return new Call(
                number,
                Instant.parse("2026-11-20T10:00:00Z").plusSeconds(number),
                operation,
                CUSTOMER,
                subscription,
                null,
                null,
                null,
                null,
                reply,
                200,
                null,
                changed,
                false,
                null,
                "");
    }
}
