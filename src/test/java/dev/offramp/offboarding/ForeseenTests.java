package dev.offramp.offboarding;

import static dev.offramp.offboarding.Given.CONTOSO;
import static dev.offramp.offboarding.Given.LICENCE;
import static dev.offramp.offboarding.Given.NEXT_YEAR;
import static dev.offramp.offboarding.Given.NOW;
import static dev.offramp.offboarding.Given.OTHER;
import static dev.offramp.offboarding.Given.YESTERDAY;
import static dev.offramp.offboarding.Given.licence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.Subscription.Kind;
import dev.offramp.offboarding.Terms.IfWindowClosed;
import dev.offramp.offboarding.Terms.OnActiveAzureSubscriptions;
import dev.offramp.offboarding.Terms.OnActiveSubscriptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which steps a request would take one after the other, and what each of them would leave. */
class ForeseenTests {

    private static final SoftwareOrder ORDER = new SoftwareOrder(
            "order-1",
            "completed",
            "one_time",
            List.of(
                    new SoftwareOrder.Line(0, "DG7GMGF0D5RK:0002", LICENCE, 3),
                    new SoftwareOrder.Line(1, "DG7GMGF0D7FX:0001", null, 5)));

    @ParameterizedTest
    @CsvSource({
        "CANCEL_SUBSCRIPTION,     active,    cancel",
        "SUSPEND_SUBSCRIPTION,    active,    suspend",
        "REACTIVATE_SUBSCRIPTION, suspended, reactivate",
        "TURN_OFF_AUTO_RENEW,     active,    auto-renew-off"
    })
    void takesItsOneStepAndThenHasNothingLeftToDo(Operation operation, String status, String step) {
        var foreseen = foresee(operation, terms(), licence(status).read());

        assertThat(words(foreseen)).containsExactly(step);
        assertThat(foreseen.first()).isInstanceOf(Verdict.Go.class);
        assertThat(foreseen.last()).isInstanceOf(Verdict.AlreadyDone.class);
    }

    @Test
    void takesNoStepWhereNothingIsCalled() {
        var foreseen = foresee(
                Operation.CANCEL_SUBSCRIPTION,
                terms(),
                licence("active").window(YESTERDAY, null).read());

        assertThat(foreseen.steps()).isEmpty();
        assertThat(foreseen.first()).isInstanceOf(Verdict.Blocked.class).isEqualTo(foreseen.last());
    }

    @Test
    void endsWithAWaitForTheTermWhereOnlyTheRenewalCanBeTurnedOff() {
        var foreseen = foresee(
                Operation.CANCEL_SUBSCRIPTION,
                terms(IfWindowClosed.TURN_OFF_AUTO_RENEW, OnActiveSubscriptions.FAIL),
                licence("active").window(YESTERDAY, null).read());

        assertThat(words(foreseen)).containsExactly("auto-renew-off");
        assertThat(foreseen.last())
                .isEqualTo(new Verdict.WaitUntil(
                        Reason.ENDS_AT_TERM,
                        NEXT_YEAR,
                        "The subscription does not renew; its term ends on " + NEXT_YEAR + "."));
    }

    @Test
    void cancelsWhatIsUnderAnAzurePlanBeforeThePlan() {
        var plan = licence("active").kind(Kind.AZURE_PLAN).build();
        var foreseen = foresee(
                Operation.CANCEL_SUBSCRIPTION,
                terms(),
                new Facts.OfSubscription(
                        NOW,
                        plan,
                        List.of(
                                new AzureSubscription("one", "One", "active"),
                                new AzureSubscription("over", "Over", "inactive"),
                                new AzureSubscription("two", "Two", "active")),
                        null,
                        true));

        assertThat(words(foreseen)).containsExactly("cancel-azure:one", "cancel-azure:two", "cancel");
        assertThat(foreseen.last()).isInstanceOf(Verdict.AlreadyDone.class);
    }

    @Test
    void cancelsSoftwareByItsOrder() {
        var software =
                licence("active").kind(Kind.PERPETUAL_SOFTWARE).order("order-1").build();
        var alone = new SoftwareOrder(
                "order-1", "completed", List.of(new SoftwareOrder.Line(0, software.offerId(), null, 3)));

        var foreseen = foresee(
                Operation.CANCEL_SUBSCRIPTION,
                terms(),
                new Facts.OfSubscription(NOW, software, List.of(), alone, true));

        assertThat(words(foreseen)).containsExactly("cancel-order:order-1");
        assertThat(foreseen.last()).isInstanceOf(Verdict.AlreadyDone.class);
    }

    @ParameterizedTest
    @CsvSource({", cancel-order:order-1", "1, cancel-order-line:1:order-1"})
    void cancelsTheLinesThatARequestMeans(@Nullable Integer line, String step) {
        var target = new OrderTarget("order-1", line);
        var order = new SoftwareOrder("order-1", "completed", "one_time", List.of(line(0, 3), line(1, 5)));

        var foreseen = Foreseen.of(
                (done, facts) -> OrderRules.decide(target, terms(), Releases.NONE, done, facts, NOW),
                StepsDone.NONE,
                new Facts.OfOrder(NOW, order));

        assertThat(words(foreseen)).containsExactly(step);
        assertThat(foreseen.last()).isInstanceOf(Verdict.AlreadyDone.class);
    }

    @Test
    void removesWhatStandsInTheWayOfAnUnlinkAndThenTheRelationship() {
        var facts = Given.customer(
                List.of(licence("active").build(), licence("active").id(OTHER).build()), List.of());

        var foreseen = unlink(terms(IfWindowClosed.REJECT, OnActiveSubscriptions.CANCEL), StepsDone.NONE, facts);

        assertThat(words(foreseen)).containsExactly("cancel:" + LICENCE, "cancel:" + OTHER, "unlink");
        assertThat(foreseen.last())
                .isInstanceOfSatisfying(
                        Verdict.AlreadyDone.class,
                        done -> assertThat(done.message()).contains("the plan foresees its own call"));
    }

    @Test
    void takesNoStepAgainThatIsDone() {
        var facts = Given.customer(List.of(licence("deleted").build()), List.of());
        var done = new StepsDone(Set.of("unlink"), null, null);

        var foreseen = unlink(terms(), done, facts);

        assertThat(foreseen.steps()).isEmpty();
        assertThat(foreseen.last())
                .isInstanceOfSatisfying(
                        Verdict.WaitUntil.class,
                        wait -> assertThat(wait.reason()).isEqualTo(Reason.PENDING_OPERATION));
    }

    @Test
    void keepsWhatWasRecordedBeforeTheFirstStep() {
        List<StepsDone> asked = new ArrayList<>();
        var done = new StepsDone(Set.of("suspend"), true, NEXT_YEAR);

        Foreseen.of(
                (each, _) -> {
                    asked.add(each);
                    return asked.size() == 1
                            ? new Verdict.Go("One.", change(Change.REACTIVATE))
                            : new Verdict.AlreadyDone("Done.");
                },
                done,
                licence("suspended").read());

        assertThat(asked).containsExactly(done, new StepsDone(Set.of("suspend", "reactivate"), true, NEXT_YEAR));
    }

    @Test
    void endsWithRulesThatGoRoundInCircles() {
        var same = Foreseen.of(
                (_, _) -> new Verdict.Go("Again.", change(Change.CANCEL)),
                StepsDone.NONE,
                licence("active").read());
        var another = Foreseen.of(
                (done, _) -> new Verdict.Go(
                        "Another.", new Step.CancelOrder("order-" + done.words().size())),
                StepsDone.NONE,
                licence("active").read());

        assertThat(words(same)).containsExactly("cancel");
        assertThat(another.steps()).hasSize(2000);
    }

    @ParameterizedTest
    @CsvSource({
        "CANCEL,         true,  deleted,   true",
        "SUSPEND,        true,  suspended, false",
        "REACTIVATE,     false, active,    false",
        "AUTO_RENEW_OFF, true,  warned,    false",
        "AUTO_RENEW_ON,  false, warned,    true"
    })
    void aChangeLeavesTheRestOfTheSubscriptionAsItIs(Change change, boolean before, String status, boolean renews) {
        var read = full().status("warned").renewing(before, NEXT_YEAR);
        var left = full().status(status).renewing(renews, NEXT_YEAR);

        assertThat(after(change(change), new Facts.OfSubscription(NOW, read.build(), List.of(), ORDER, true)))
                .isEqualTo(new Facts.OfSubscription(NOW, left.build(), List.of(), ORDER, true));
        assertThat(after(
                        change(change),
                        Given.customer(
                                List.of(
                                        full().id(OTHER).build(),
                                        read.build(),
                                        full().id(null).build()),
                                List.of(Given.reservation("reservedinstance", "")))))
                .isEqualTo(Given.customer(
                        List.of(
                                full().id(OTHER).build(),
                                left.build(),
                                full().id(null).build()),
                        List.of(Given.reservation("reservedinstance", ""))));
    }

    @Test
    void aStepLeavesAloneWhatItDoesNotConcern() {
        var another = full().id(OTHER).read();
        var order = new Facts.OfOrder(NOW, ORDER);

        assertThat(after(change(Change.CANCEL), another)).isEqualTo(another);
        assertThat(after(change(Change.CANCEL), order)).isEqualTo(order);
        assertThat(after(new Step.CancelAzureSubscription(LICENCE, "one"), order))
                .isEqualTo(order);
        assertThat(after(new Step.CancelOrder("order-1"), another)).isEqualTo(another);
        assertThat(after(new Step.CancelOrder("order-1"), Given.customer(List.of(), List.of())))
                .isEqualTo(Given.customer(List.of(), List.of()));
        assertThat(after(new Step.RemoveRelationship(), another)).isEqualTo(another);
    }

    @Test
    void aCancelledOrderHasNoQuantitiesAndACancelledLineNoneOfItsOwn() {
        assertThat(after(new Step.CancelOrder("order-1"), new Facts.OfOrder(NOW, ORDER)))
                .isEqualTo(new Facts.OfOrder(NOW, order("cancelled", 0, 0)));
        assertThat(after(new Step.CancelOrder("order-1", 1), new Facts.OfOrder(NOW, ORDER)))
                .isEqualTo(new Facts.OfOrder(NOW, order("completed", 3, 0)));
        assertThat(after(
                        new Step.CancelOrder("order-1"),
                        new Facts.OfSubscription(NOW, full().build(), List.of(), ORDER, true)))
                .isEqualTo(new Facts.OfSubscription(
                        NOW, full().status("deleted").build(), List.of(), order("cancelled", 0, 0), true));
    }

    @Test
    void aCancelledAzureSubscriptionIsInactiveAndTheOthersAreNot() {
        var one = new AzureSubscription("one", "One", "active");
        var two = new AzureSubscription("two", "Two", "active");
        var plan = full().kind(Kind.AZURE_PLAN).build();

        assertThat(after(
                        new Step.CancelAzureSubscription(LICENCE, "one"),
                        new Facts.OfSubscription(NOW, plan, List.of(one, two), null, true)))
                .isEqualTo(new Facts.OfSubscription(
                        NOW, plan, List.of(new AzureSubscription("one", "One", "inactive"), two), null, true));
    }

    private static Given.A full() {
        return licence("active")
                .refunds(new Subscription.Refund("full", NEXT_YEAR))
                .refundable(4, NEXT_YEAR)
                .order("order-1");
    }

    private static SoftwareOrder.Line line(int number, int quantity) {
        return new SoftwareOrder.Line(number, "DG7GMGF0D5RK:0002", null, quantity);
    }

    private static SoftwareOrder order(String status, int first, int second) {
        return new SoftwareOrder(
                "order-1",
                status,
                "one_time",
                List.of(
                        new SoftwareOrder.Line(0, "DG7GMGF0D5RK:0002", LICENCE, first),
                        new SoftwareOrder.Line(1, "DG7GMGF0D7FX:0001", null, second)));
    }

    private static Step change(Change change) {
        return new Step.ChangeSubscription(LICENCE, change, true);
    }

    /** The facts that the rules see after a step. */
    private static Facts after(Step step, Facts facts) {
        List<Facts> seen = new ArrayList<>();
        Foreseen.of(
                (_, now) -> {
                    seen.add(now);
                    return seen.size() == 1 ? new Verdict.Go("One.", step) : new Verdict.AlreadyDone("Done.");
                },
                StepsDone.NONE,
                facts);
        return seen.getLast();
    }

    private static Foreseen foresee(Operation operation, Terms terms, Facts facts) {
        BiFunction<StepsDone, Facts, Verdict> rules =
                (done, read) -> SubscriptionRules.decide(operation, LICENCE, terms, Releases.NONE, done, read, NOW);
        return Foreseen.of(rules, StepsDone.NONE, facts);
    }

    private static Foreseen unlink(Terms terms, StepsDone done, Facts facts) {
        return Foreseen.of(
                (each, read) ->
                        UnlinkRules.decide(CONTOSO, terms, Releases.NONE, each, SuspendedNewCommerce.BLOCKS, read, NOW),
                done,
                facts);
    }

    private static List<String> words(Foreseen foreseen) {
        return foreseen.steps().stream().map(Step::word).toList();
    }

    private static Terms terms() {
        return terms(IfWindowClosed.REJECT, OnActiveSubscriptions.FAIL);
    }

    private static Terms terms(IfWindowClosed ifWindowClosed, OnActiveSubscriptions onActiveSubscriptions) {
        return new Terms(
                false,
                null,
                NEXT_YEAR,
                ifWindowClosed,
                onActiveSubscriptions,
                OnActiveAzureSubscriptions.CANCEL,
                Expectation.NONE);
    }
}
