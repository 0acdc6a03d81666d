package dev.offramp.offboarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LastChanceTests {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    /** Hours from now; the term's end, not 48 h before it. */
    @ParameterizedTest
    @CsvSource({
        "CANCEL_SUBSCRIPTION,          100,  50, true,  300, 50,  CANCELLATION_WINDOW",
        "CANCEL_SUBSCRIPTION,          40,   50, true,  300, 40,  NOT_AFTER",
        "CANCEL_SUBSCRIPTION,          100,  ,   true,  90,  42,  RENEWAL",
        "CANCEL_SUBSCRIPTION,          100,  50, true,  90,  42,  RENEWAL",
        "CANCEL_SUBSCRIPTION,          100,  50, false, 90,  50,  CANCELLATION_WINDOW",
        "CANCEL_SUBSCRIPTION,          100,  ,   ,      90,  100, NOT_AFTER",
        "CANCEL_SUBSCRIPTION,          100,  -5, true,  90,  42,  RENEWAL",
        "CANCEL_SUBSCRIPTION,          100,  -5, true,  40,  100, NOT_AFTER",
        "CANCEL_SUBSCRIPTION,          -1,   50, true,  90,  -1,  NOT_AFTER",
        "TURN_OFF_AUTO_RENEW,          100,  50, true,  90,  42,  RENEWAL",
        "TURN_OFF_AUTO_RENEW,          100,  50, false, 90,  100, NOT_AFTER",
        "SUSPEND_SUBSCRIPTION,         100,  50, true,  90,  100, NOT_AFTER",
        "REACTIVATE_SUBSCRIPTION,      100,  50, true,  90,  100, NOT_AFTER"
    })
    void isTheEarliestEndThatIsStillAhead(
            Operation operation,
            long notAfter,
            @Nullable Long window,
            @Nullable Boolean autoRenew,
            long termEnd,
            long expected,
            LastChance.End of) {
        var chance = LastChance.of(
                operation, until(notAfter), read(window == null ? null : in(window), autoRenew, in(termEnd)), NOW);

        assertThat(chance).isEqualTo(new LastChance(in(expected), of));
    }

    @ParameterizedTest
    @CsvSource({"REMOVE_RESELLER_RELATIONSHIP", "CANCEL_SUBSCRIPTION"})
    void isTheRequestsOwnEndWhereNothingWasRead(Operation operation) {
        assertThat(LastChance.of(operation, until(7), null, NOW))
                .isEqualTo(new LastChance(in(7), LastChance.End.NOT_AFTER));
    }

    @Property(tries = 2000)
    void isNeverAfterTheRequestsOwnEndNorOverUnlessThatIs(
            @ForAll("operations") Operation operation,
            @ForAll("hours") long notAfter,
            @ForAll("hours") long window,
            @ForAll("hours") long termEnd,
            @ForAll boolean autoRenew) {
        var chance = LastChance.of(operation, until(notAfter), read(in(window), autoRenew, in(termEnd)), NOW);

        assertThat(chance.at()).isBeforeOrEqualTo(in(notAfter));
        assertThat(chance.at().isAfter(NOW) || chance.of() == LastChance.End.NOT_AFTER)
                .isTrue();
        assertThat(chance.isMissedBy(chance.at())).isFalse();
        assertThat(chance.isMissedBy(chance.at().plusNanos(1))).isTrue();
        if (operation == Operation.CANCEL_SUBSCRIPTION && window > 0) {
            assertThat(chance.at()).isBeforeOrEqualTo(in(window));
        }
        if (operation != Operation.SUSPEND_SUBSCRIPTION && autoRenew && termEnd > 48) {
            assertThat(chance.at()).isBeforeOrEqualTo(in(termEnd - 48));
        }
    }

    @Provide
    Arbitrary<Operation> operations() {
        return Arbitraries.of(
                Operation.CANCEL_SUBSCRIPTION, Operation.TURN_OFF_AUTO_RENEW, Operation.SUSPEND_SUBSCRIPTION);
    }

    @Provide
    Arbitrary<Long> hours() {
        return Arbitraries.longs().between(-100, 1000);
    }

    private static Instant in(long hours) {
        return NOW.plus(Duration.ofHours(hours));
    }

    private static Terms until(long hours) {
        return Given.terms(null, in(hours), Expectation.NONE);
    }

    private static Subscription read(@Nullable Instant window, @Nullable Boolean autoRenew, Instant termEnd) {
        return new Subscription(
                null,
                "Business Basic",
                SubscriptionStatus.of("active"),
                Subscription.Kind.NEW_COMMERCE_LICENCE,
                null,
                25,
                autoRenew,
                window,
                null,
                termEnd,
                List.of(),
                null,
                null,
                null);
    }
}
