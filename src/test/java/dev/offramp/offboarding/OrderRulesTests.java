package dev.offramp.offboarding;

import static dev.offramp.offboarding.Given.NOW;
import static dev.offramp.offboarding.Given.TOMORROW;
import static dev.offramp.offboarding.Given.YESTERDAY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Software that a request names by its order. */
class OrderRulesTests {

    private static final OrderTarget ALL = new OrderTarget("order-1", null);

    @ParameterizedTest(name = "{0}, billed {1}, with {2} and {3}: {4}")
    @CsvSource({
        "completed, one_time, 3, 5, go",
        "completed, one_time, 0, 5, go",
        "completed, one_time, 0, 0, done",
        "cancelled, one_time, 3, 5, done",
        "pending,   one_time, 3, 5, PENDING_OPERATION",
        "strange,   one_time, 3, 5, UNKNOWN_STATE",
        "completed, one_time, 3, ,  UNKNOWN_STATE",
        "completed, Annual,   3, 5, WRONG_KIND",
        "completed, '',       3, 5, UNKNOWN_STATE"
    })
    void goesByStatusBillingAndQuantities(
            String status, String billing, @Nullable Integer first, @Nullable Integer second, String expected) {
        var order = new SoftwareOrder("order-1", status, billing, List.of(line(0, first), line(1, second)));

        assertThat(said(decide(ALL, Given.terms(), Releases.NONE, StepsDone.NONE, order)))
                .isEqualTo(expected);
    }

    @Test
    void cancelsNothingThatItCannotTellApart() {
        assertThat(said(decide(ALL, order(line(0, 3), line(0, 5))))).isEqualTo("UNKNOWN_STATE");
        assertThat(said(decide(ALL, order(line(null, 3))))).isEqualTo("UNKNOWN_STATE");
        assertThat(said(decide(ALL, order()))).isEqualTo("UNKNOWN_STATE");
        assertThat(said(decide(new OrderTarget("order-2", null), order(line(0, 3)))))
                .isEqualTo("UNKNOWN_STATE");
        assertThat(said(decide(new OrderTarget("order-1", 7), order(line(0, 3)))))
                .isEqualTo("SUBSCRIPTION_NOT_FOUND");
    }

    @Test
    void namesTheSubscriptionsThatAreNotCancelledByTheirOrder() {
        var verdict = decide(ALL, order(line(0, 3), new SoftwareOrder.Line(1, "CFQ7TTC0LH18:0001", Given.LICENCE, 5)));

        assertThat(verdict).isInstanceOfSatisfying(Verdict.Blocked.class, no -> {
            assertThat(no.reason()).isEqualTo(Reason.WRONG_KIND);
            assertThat(no.blockers())
                    .singleElement()
                    .satisfies(each -> assertThat(each.id()).isEqualTo(Given.LICENCE.value()));
        });
        assertThat(said(decide(
                        new OrderTarget("order-1", 0),
                        order(line(0, 3), new SoftwareOrder.Line(1, "CFQ7TTC0LH18:0001", Given.LICENCE, 5)))))
                .as("the other line is software")
                .isEqualTo("go");
    }

    @Test
    void comparesEveryLineThatIsMeantWithWhatIsExpected() {
        var order = order(line(0, 3), line(1, 5));

        assertThat(held(order, new Expectation("DG7GMGF0D5RK:0002", null, null, null)))
                .isNull();
        assertThat(held(order, new Expectation("another", null, null, null))).isEqualTo(Reason.EXPECTATION_MISMATCH);
        assertThat(held(order, new Expectation(null, 3, null, null)))
                .as("the second line has 5")
                .isEqualTo(Reason.EXPECTATION_MISMATCH);
        assertThat(held(order, new Expectation(null, null, "contoso.example", null)))
                .isEqualTo(Reason.EXPECTATION_UNREADABLE);
        assertThat(held(order, new Expectation(null, null, null, "Contoso"))).isEqualTo(Reason.EXPECTATION_UNREADABLE);
        assertThat(new Expectation(null, null, "contoso.example", null).namesTheCustomer())
                .isTrue();
        assertThat(new Expectation(null, null, null, "Contoso").namesTheCustomer())
                .isTrue();
        assertThat(new Expectation("another", 3, null, null).namesTheCustomer()).isFalse();
    }

    @Test
    void passesAMismatchThatAPersonHasSeenAndNoOther() {
        var order = order(line(0, 3));
        var expect = Given.expecting(new Expectation("another", null, null, null));
        var held = (Verdict.Hold) decide(ALL, expect, Releases.NONE, StepsDone.NONE, order);
        var released = Releases.NONE.and(held.reason(), held.message());

        assertThat(said(decide(ALL, expect, released, StepsDone.NONE, order))).isEqualTo("go");
        assertThat(said(decide(
                        ALL, expect, Releases.NONE.and(held.reason(), "Something else."), StepsDone.NONE, order)))
                .isEqualTo("EXPECTATION_MISMATCH");
    }

    @Test
    void cancelsNothingTwice() {
        assertThat(said(decide(
                        ALL,
                        Given.terms(),
                        Releases.NONE,
                        new StepsDone(Set.of("cancel-order:order-1"), null, null),
                        order(line(0, 3)))))
                .isEqualTo("PENDING_OPERATION");
    }

    @Test
    void isInTimeUnlessNothingIsLeftToDo() {
        var late = Given.terms(null, YESTERDAY, Expectation.NONE);
        var early = Given.terms(TOMORROW, Given.NEXT_YEAR, Expectation.NONE);

        assertThat(said(decide(ALL, late, Releases.NONE, StepsDone.NONE, order(line(0, 3)))))
                .isEqualTo("EXPIRED");
        assertThat(said(decide(ALL, early, Releases.NONE, StepsDone.NONE, order(line(0, 3)))))
                .isEqualTo("NOT_BEFORE");
        assertThat(said(decide(ALL, late, Releases.NONE, StepsDone.NONE, order(line(0, 0)))))
                .isEqualTo("done");
    }

    @Test
    void goesByNothingButTheOrder() {
        assertThat(List.of(
                        new Facts.NoSubscription(NOW, "404"),
                        new Facts.NoCustomer(NOW, "404"),
                        new Facts.NotOurCustomer(NOW, "403", ""),
                        new Facts.Unreadable(NOW, "no JSON"),
                        Given.licence("active").read(),
                        Given.customer(List.of(), List.of())))
                .extracting(
                        each -> said(OrderRules.decide(ALL, Given.terms(), Releases.NONE, StepsDone.NONE, each, NOW)))
                .containsExactly(
                        "SUBSCRIPTION_NOT_FOUND",
                        "CUSTOMER_NOT_FOUND",
                        "NOT_OUR_CUSTOMER",
                        "UNKNOWN_STATE",
                        "UNKNOWN_STATE",
                        "UNKNOWN_STATE");
    }

    private static @Nullable Reason held(SoftwareOrder order, Expectation expect) {
        return decide(ALL, Given.expecting(expect), Releases.NONE, StepsDone.NONE, order) instanceof Verdict.Hold hold
                ? hold.reason()
                : null;
    }

    private static Verdict decide(OrderTarget target, SoftwareOrder order) {
        return decide(target, Given.terms(), Releases.NONE, StepsDone.NONE, order);
    }

    private static Verdict decide(
            OrderTarget target, Terms terms, Releases released, StepsDone done, SoftwareOrder order) {
        return OrderRules.decide(target, terms, released, done, new Facts.OfOrder(NOW, order), NOW);
    }

    private static SoftwareOrder order(SoftwareOrder.Line... lines) {
        return new SoftwareOrder("order-1", "completed", "one_time", List.of(lines));
    }

    private static SoftwareOrder.Line line(@Nullable Integer number, @Nullable Integer quantity) {
        return new SoftwareOrder.Line(number, "DG7GMGF0D5RK:0002", null, quantity);
    }

    private static String said(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Go _ -> "go";
            case Verdict.AlreadyDone _ -> "done";
            case Verdict.Ended _ -> "ended";
            case Verdict.WaitUntil wait -> wait.reason().name();
            case Verdict.Blocked no -> no.reason().name();
            case Verdict.Hold hold -> hold.reason().name();
        };
    }
}
