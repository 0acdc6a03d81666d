package dev.offramp.offboarding;

import static dev.offramp.offboarding.Given.LICENCE;
import static dev.offramp.offboarding.Given.OTHER;
import static dev.offramp.offboarding.Operation.CANCEL_SUBSCRIPTION;
import static dev.offramp.offboarding.Operation.REMOVE_RESELLER_RELATIONSHIP;
import static dev.offramp.offboarding.Operation.WITHDRAW;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Who waits for whom. */
class OrderTests {

    @Test
    void letsIndependentRequestsOvertake() {
        assertThat(waits(
                        cancel(2, LICENCE),
                        new Order.Standing(1, CANCEL_SUBSCRIPTION, OTHER, null, Status.STALLED, true)))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.class,
            names = {"ACCEPTED", "DEFERRED", "HELD", "STALLED"})
    void waitsForAnEarlierRequestForTheSameSubscription(Status status) {
        assertThat(waits(cancel(2, LICENCE), new Order.Standing(1, CANCEL_SUBSCRIPTION, LICENCE, null, status, false)))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.class,
            names = {"SUCCEEDED", "REJECTED", "WITHDRAWN", "PLANNED", "FAILED"})
    void waitsForNothingThatIsFinal(Status status) {
        assertThat(waits(unlink(2), new Order.Standing(1, REMOVE_RESELLER_RELATIONSHIP, null, null, status, true)))
                .isFalse();
    }

    @Test
    void makesAnUnlinkWaitForEveryEarlierRequest() {
        Order.Standing first = cancel(1, LICENCE);
        Order.Standing second = cancel(2, OTHER);
        Order.Standing third = unlink(3);
        Order.Standing later = cancel(9, OTHER);
        assertThat(Order.mustWaitFor(unlink(4), List.of(later, third, second, first, unlink(4))))
                .containsExactly(first, second, third);
    }

    @ParameterizedTest
    @CsvSource({
        "ACCEPTED, false, true",
        "STALLED, false, true",
        "STALLED, true, true",
        "HELD, false, false",
        "DEFERRED, false, false",
        "HELD, true, true",
        "DEFERRED, true, true",
    })
    void letsACancelOvertakeAnUnlinkThatStandsStill(Status status, boolean onTheWire, boolean waits) {
        Order.Standing unlink = new Order.Standing(1, REMOVE_RESELLER_RELATIONSHIP, null, null, status, onTheWire);
        assertThat(waits(cancel(2, LICENCE), unlink)).isEqualTo(waits);
        assertThat(waits(unlink(2), unlink)).isTrue();
    }

    @Test
    void keepsWithdrawalsOutOfTheOrder() {
        Order.Standing withdraw = new Order.Standing(1, WITHDRAW, null, null, Status.ACCEPTED, false);
        assertThat(waits(unlink(2), withdraw)).isFalse();
        assertThat(waits(new Order.Standing(2, WITHDRAW, null, null, Status.ACCEPTED, false), unlink(1)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "order-1, , order-1, , true",
        "order-1, , order-1, 0, true",
        "order-1, 1, order-1, , true",
        "order-1, 1, order-1, 1, true",
        "order-1, 1, order-1, 0, false",
        "order-1, , order-2, , false",
        "order-1, , Order-1, , false"
    })
    void waitsForAnEarlierRequestForTheSameLinesOfAnOrder(
            String order, @Nullable Integer line, String earlier, @Nullable Integer earlierLine, boolean waits) {
        assertThat(waits(order(2, order, line, false), order(1, earlier, earlierLine, false)))
                .isEqualTo(waits);
    }

    /** A subscription's order is not known before it was read. */
    @Test
    void waitsForACallThatMayBeAboutTheSameOrder() {
        Order.Standing calling = new Order.Standing(1, CANCEL_SUBSCRIPTION, LICENCE, null, Status.DEFERRED, true);
        assertThat(waits(order(2, "order-1", null, false), calling)).isTrue();
        assertThat(waits(order(2, "order-1", null, false), cancel(1, LICENCE))).isFalse();
        assertThat(waits(cancel(2, LICENCE), order(1, "order-1", null, true))).isTrue();
        assertThat(waits(cancel(2, LICENCE), order(1, "order-1", null, false))).isFalse();
    }

    private static Order.Standing order(long number, String order, @Nullable Integer line, boolean onTheWire) {
        return new Order.Standing(
                number, CANCEL_SUBSCRIPTION, null, new OrderTarget(order, line), Status.DEFERRED, onTheWire);
    }

    private static boolean waits(Order.Standing request, Order.Standing... others) {
        return !Order.mustWaitFor(request, List.of(others)).isEmpty();
    }

    private static Order.Standing cancel(long number, SubscriptionId subscription) {
        return new Order.Standing(number, CANCEL_SUBSCRIPTION, subscription, null, Status.ACCEPTED, false);
    }

    private static Order.Standing unlink(long number) {
        return new Order.Standing(number, REMOVE_RESELLER_RELATIONSHIP, null, null, Status.ACCEPTED, false);
    }
}
