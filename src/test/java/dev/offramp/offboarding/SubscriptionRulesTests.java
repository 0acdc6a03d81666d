package dev.offramp.offboarding;

import static dev.offramp.offboarding.Given.LICENCE;
import static dev.offramp.offboarding.Given.NEXT_YEAR;
import static dev.offramp.offboarding.Given.NOW;
import static dev.offramp.offboarding.Given.OTHER;
import static dev.offramp.offboarding.Given.TOMORROW;
import static dev.offramp.offboarding.Given.YESTERDAY;
import static dev.offramp.offboarding.Given.licence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.offramp.offboarding.Subscription.Kind;
import dev.offramp.offboarding.Terms.IfWindowClosed;
import dev.offramp.offboarding.Terms.OnActiveAzureSubscriptions;
import dev.offramp.offboarding.Terms.OnActiveSubscriptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the four operations on one subscription say, and in which order. */
class SubscriptionRulesTests {

    private static final Set<Operation> OF_A_SUBSCRIPTION = Set.of(
            Operation.CANCEL_SUBSCRIPTION,
            Operation.SUSPEND_SUBSCRIPTION,
            Operation.REACTIVATE_SUBSCRIPTION,
            Operation.TURN_OFF_AUTO_RENEW);
    private static final SoftwareOrder.Line OWN = new SoftwareOrder.Line(0, "a:0001:b", LICENCE, 1);

    @Test
    void neverActsOnAnotherSubscriptionThanTheAskedOne() {
        for (Operation operation : OF_A_SUBSCRIPTION) {
            for (String status : List.of("active", "suspended", "deleted")) {
                assertThat(decide(operation, licence(status).id(OTHER).read()))
                        .as("%s %s", operation, status)
                        .satisfies(SubscriptionRulesTests::isUnknown);
                assertThat(decide(operation, licence(status).id(null).read()))
                        .satisfies(SubscriptionRulesTests::isUnknown);
            }
        }
    }

    @Test
    void givesEveryOtherAnswerItsReason() {
        for (Operation operation : OF_A_SUBSCRIPTION) {
            assertThat(reason(operation, new Facts.NoSubscription(NOW, "404/20003")))
                    .isEqualTo(Reason.SUBSCRIPTION_NOT_FOUND);
            assertThat(reason(operation, new Facts.NoCustomer(NOW, "404/60003")))
                    .isEqualTo(Reason.CUSTOMER_NOT_FOUND);
            assertThat(reason(operation, new Facts.NotOurCustomer(NOW, "403/20002", "it once was")))
                    .isEqualTo(Reason.NOT_OUR_CUSTOMER);
            assertThat(reason(operation, new Facts.Unreadable(NOW, "not JSON"))).isEqualTo(Reason.UNKNOWN_STATE);
            assertThat(reason(operation, Given.customer(List.of(), List.of()))).isEqualTo(Reason.UNKNOWN_STATE);
        }
    }

    @Test
    void knowsNoRulesForWhatNamesNoSubscription() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> decide(
                        Operation.REMOVE_RESELLER_RELATIONSHIP,
                        licence("active").read()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> decide(Operation.WITHDRAW, licence("active").read()));
    }

    @ParameterizedTest
    @CsvSource({
        "CANCEL_SUBSCRIPTION,     active",
        "SUSPEND_SUBSCRIPTION,    active",
        "REACTIVATE_SUBSCRIPTION, suspended",
        "TURN_OFF_AUTO_RENEW,     active"
    })
    void holdsWhatIsNotAsExpectedAndKeepsToItsTime(Operation operation, String status) {
        Facts facts = licence(status).read();
        Terms wrong = Given.expecting(new Expectation(null, 3, null, null));
        assertThat(CancelRulesTests.reason(decide(operation, wrong, facts))).isEqualTo(Reason.EXPECTATION_MISMATCH);
        var hold = (Verdict.Hold) decide(operation, wrong, facts);
        Releases released = Releases.NONE.and(hold.reason(), hold.message());
        assertThat(CancelRulesTests.reason(
                        SubscriptionRules.decide(operation, LICENCE, wrong, released, StepsDone.NONE, facts, NOW)))
                .isNull();
        Terms another = Given.expecting(new Expectation(null, 4, null, null));
        assertThat(CancelRulesTests.reason(
                        SubscriptionRules.decide(operation, LICENCE, another, released, StepsDone.NONE, facts, NOW)))
                .as("what was found is not what a person has looked at")
                .isEqualTo(Reason.EXPECTATION_MISMATCH);
        Terms tomorrow = Given.terms(TOMORROW, NEXT_YEAR, Expectation.NONE);
        assertThat(CancelRulesTests.reason(decide(operation, tomorrow, facts))).isEqualTo(Reason.NOT_BEFORE);
        Terms tooLate = Given.terms(null, YESTERDAY, Expectation.NONE);
        assertThat(CancelRulesTests.reason(decide(operation, tooLate, facts))).isEqualTo(Reason.EXPIRED);
    }

    @ParameterizedTest
    @CsvSource({
        "CANCEL_SUBSCRIPTION,     deleted",
        "SUSPEND_SUBSCRIPTION,    suspended",
        "REACTIVATE_SUBSCRIPTION, active",
        "TURN_OFF_AUTO_RENEW,     expired"
    })
    void saysAtAnyTimeThatItIsDoneAlready(Operation operation, String status) {
        Terms tooLate = Given.terms(null, YESTERDAY, Expectation.NONE);
        Terms tomorrow = Given.terms(TOMORROW, NEXT_YEAR, Expectation.NONE);
        assertThat(decide(operation, tooLate, licence(status).read())).isInstanceOf(Verdict.AlreadyDone.class);
        assertThat(decide(operation, tomorrow, licence(status).read())).isInstanceOf(Verdict.AlreadyDone.class);
    }

    /** What it was asked to begin has begun; looking whether the term is over begins nothing. */
    @Test
    void looksAtTheEndOfTheTermAlsoAfterTheLastTimeToBegin() {
        Terms tooLate = terms(IfWindowClosed.TURN_OFF_AUTO_RENEW, OnActiveAzureSubscriptions.FAIL, YESTERDAY);
        Facts runsOut = licence("active")
                .window(YESTERDAY, null)
                .renewing(false, NEXT_YEAR)
                .read();
        assertThat(CancelRulesTests.reason(decide(Operation.CANCEL_SUBSCRIPTION, tooLate, runsOut)))
                .isEqualTo(Reason.ENDS_AT_TERM);
        Facts renews = licence("active")
                .window(YESTERDAY, null)
                .renewing(true, NEXT_YEAR)
                .read();
        assertThat(CancelRulesTests.reason(decide(Operation.CANCEL_SUBSCRIPTION, tooLate, renews)))
                .isEqualTo(Reason.EXPIRED);
        assertThat(decide(
                        Operation.CANCEL_SUBSCRIPTION,
                        tooLate,
                        licence("expired").read()))
                .isInstanceOf(Verdict.Ended.class);
    }

    /** The same term is named with and without a time of day; that is no renewal. */
    @Test
    void takesTheSameTermInAnotherSpellingForNoRenewal() {
        Terms runOut = terms(IfWindowClosed.TURN_OFF_AUTO_RENEW, OnActiveAzureSubscriptions.FAIL, NEXT_YEAR);
        Facts facts = licence("active")
                .window(YESTERDAY, null)
                .renewing(false, NEXT_YEAR)
                .read();
        StepsDone turnedOff = new StepsDone(
                Set.of("auto-renew-off"),
                null,
                NEXT_YEAR.minus(Duration.ofHours(24)).plusMillis(1));
        assertThat(CancelRulesTests.reason(SubscriptionRules.decide(
                        Operation.CANCEL_SUBSCRIPTION, LICENCE, runOut, Releases.NONE, turnedOff, facts, NOW)))
                .isEqualTo(Reason.ENDS_AT_TERM);
    }

    @Test
    void neverCancelsARenewedSubscriptionThatItWasToLetRunOut() {
        Terms runOut = terms(IfWindowClosed.TURN_OFF_AUTO_RENEW, OnActiveAzureSubscriptions.FAIL, NEXT_YEAR);
        StepsDone turnedOff = new StepsDone(Set.of("auto-renew-off"), null, YESTERDAY);
        assertThat(SubscriptionRules.decide(
                        Operation.CANCEL_SUBSCRIPTION,
                        LICENCE,
                        runOut,
                        Releases.NONE,
                        turnedOff,
                        licence("active").read(),
                        NOW))
                .isInstanceOfSatisfying(Verdict.Blocked.class, no -> {
                    assertThat(no.reason()).isEqualTo(Reason.RENEWED);
                    assertThat(no.message()).contains(YESTERDAY.toString(), NEXT_YEAR.toString());
                });
    }

    /** A renewal is only against the request when the request had turned it off. */
    @Test
    void cancelsARenewedSubscriptionThatItNeverLetRunOut() {
        StepsDone nothing = new StepsDone(Set.of(), null, YESTERDAY);
        assertThat(SubscriptionRules.decide(
                        Operation.CANCEL_SUBSCRIPTION,
                        LICENCE,
                        Given.terms(),
                        Releases.NONE,
                        nothing,
                        licence("active").read(),
                        NOW))
                .isInstanceOf(Verdict.Go.class);
    }

    @Test
    void saysBeforeSuspendingWhatThatMeans() {
        assertThat(why(Operation.SUSPEND_SUBSCRIPTION, licence("active").read()))
                .contains("stays billed", "auto-renewal and scheduled changes are lost", "before its term ends");
        assertThat(why(
                        Operation.SUSPEND_SUBSCRIPTION,
                        licence("active").kind(Kind.LEGACY_LICENCE).read()))
                .contains("not billed", "90 days")
                .doesNotContain("stays billed");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void tellsForEveryKindThatIsNotMeantWhatToUseInstead(Kind kind) {
        assertThat(KindWords.of(kind)).isNotBlank();
        assertThat(KindWords.end(kind)).isNotBlank();
        for (Operation operation : OF_A_SUBSCRIPTION) {
            String status = operation == Operation.REACTIVATE_SUBSCRIPTION ? "suspended" : "active";
            Verdict decided = decide(operation, licence(status).kind(kind).read());
            if (decided instanceof Verdict.Blocked no && no.reason() == Reason.WRONG_KIND) {
                assertThat(no.message()).startsWith(KindWords.of(kind)).endsWith(".");
                assertThat(no.advice())
                        .startsWith("Use instead: ")
                        .endsWith(".")
                        .doesNotContain("look at it in Partner Center");
            }
        }
    }

    @Test
    void tellsHowATrialIsEnded() {
        Verdict decided = decide(
                Operation.CANCEL_SUBSCRIPTION,
                licence("active").kind(Kind.TRIAL).read());
        assertThat(((Verdict.Blocked) decided).advice()).contains("turn-off-auto-renew");
        assertThat(decide(
                        Operation.TURN_OFF_AUTO_RENEW,
                        licence("active").kind(Kind.TRIAL).read()))
                .isInstanceOf(Verdict.Go.class);
    }

    @Test
    void namesEveryAzureSubscriptionThatKeepsAPlan() {
        Facts plan = plan(
                new AzureSubscription("azure-1", "Production", "active"),
                new AzureSubscription("azure-2", "Old", "inactive"),
                new AzureSubscription("azure-3", "Test", "Active"));
        assertThat(decide(Operation.CANCEL_SUBSCRIPTION, plan)).isInstanceOfSatisfying(Verdict.Blocked.class, no -> {
            assertThat(no.reason()).isEqualTo(Reason.AZURE_SUBSCRIPTIONS_ACTIVE);
            assertThat(no.message()).contains("2 of the Azure subscriptions under it are active");
            assertThat(no.blockers()).extracting(Blocker::id).containsExactly("azure-1", "azure-3");
            assertThat(no.blockers()).extracting(Blocker::name).containsExactly("Production (active)", "Test (Active)");
            assertThat(no.advice()).contains("onActiveAzureSubscriptions: cancel");
        });
        assertThat(reason(Operation.SUSPEND_SUBSCRIPTION, plan)).isEqualTo(Reason.AZURE_SUBSCRIPTIONS_ACTIVE);
    }

    @Test
    void namesTheAzureSubscriptionThatItDoesNotUnderstand() {
        Facts plan = plan(
                new AzureSubscription("azure-1", "Production", "active"), new AzureSubscription("azure-2", "Odd", ""));
        Terms cancelThem = terms(IfWindowClosed.REJECT, OnActiveAzureSubscriptions.CANCEL, NEXT_YEAR);
        assertThat(decide(Operation.CANCEL_SUBSCRIPTION, cancelThem, plan))
                .isInstanceOfSatisfying(Verdict.Blocked.class, no -> {
                    assertThat(no.reason()).isEqualTo(Reason.UNKNOWN_STATE);
                    assertThat(no.blockers())
                            .singleElement()
                            .satisfies(odd -> assertThat(odd.id()).isEqualTo("azure-2"));
                    assertThat(no.blockers().getFirst().name()).contains("no status");
                });
    }

    @Test
    void cancelsOneAzureSubscriptionAfterTheOtherAndThenThePlan() {
        AzureSubscription one = new AzureSubscription("azure-1", "Production", "active");
        AzureSubscription two = new AzureSubscription("azure-2", "Test", "active");
        Terms cancelThem = terms(IfWindowClosed.REJECT, OnActiveAzureSubscriptions.CANCEL, NEXT_YEAR);
        assertThat(step(cancelThem, Set.of(), plan(one, two))).isEqualTo("cancel-azure:azure-1");
        assertThat(step(cancelThem, Set.of("cancel-azure:azure-1"), plan(one, two)))
                .isEqualTo("cancel-azure:azure-2");
        AzureSubscription gone = new AzureSubscription("azure-1", "Production", "inactive");
        AzureSubscription goneToo = new AzureSubscription("azure-2", "Test", "inactive");
        assertThat(step(cancelThem, Set.of("cancel-azure:azure-1", "cancel-azure:azure-2"), plan(gone, goneToo)))
                .isEqualTo("cancel");
    }

    @Test
    void cancelsOnlyTheOrderThatIsTheSoftwaresOwn() {
        assertThat(software(new SoftwareOrder("order-1", "completed", List.of(OWN))))
                .isEqualTo("go");
        assertThat(software(new SoftwareOrder("ORDER-1", "Completed", List.of(OWN))))
                .isEqualTo("go");
        assertThat(software(new SoftwareOrder("order-2", "completed", List.of(OWN))))
                .isEqualTo("no");
        assertThat(software(new SoftwareOrder("order-1", "completed", List.of())))
                .isEqualTo("no");
        assertThat(software(new SoftwareOrder("order-1", "", List.of(OWN)))).isEqualTo("no");
        assertThat(software(order(new SoftwareOrder.Line(null, "a:0001:b", LICENCE, 1))))
                .isEqualTo("no");
        assertThat(software(new SoftwareOrder("order-2", "cancelled", List.of(OWN))))
                .isEqualTo("no");
    }

    @Test
    void findsItsLineByTheOfferWhereTheOrderNamesNoSubscription() {
        assertThat(software(order(new SoftwareOrder.Line(0, "A:0001:B", null, 1))))
                .isEqualTo("go");
        assertThat(software(order(new SoftwareOrder.Line(0, "A:0001:C", null, 1))))
                .isEqualTo("no");
        assertThat(software(order(new SoftwareOrder.Line(0, null, null, 1)))).isEqualTo("no");
        assertThat(software(order(new SoftwareOrder.Line(0, "a:0001:b", OTHER, 1))))
                .isEqualTo("no");
    }

    @Test
    void leavesAnOrderAloneThatHoldsSomethingElse() {
        SoftwareOrder.Line other = new SoftwareOrder.Line(1, "c:0001:d", OTHER, null);
        assertThat(decide(Operation.CANCEL_SUBSCRIPTION, perpetual(order(OWN, other))))
                .isInstanceOfSatisfying(Verdict.Blocked.class, no -> {
                    assertThat(no.reason()).isEqualTo(Reason.SOFTWARE);
                    assertThat(no.blockers()).singleElement().satisfies(line -> {
                        assertThat(line.id()).isEqualTo("order-1/1");
                        assertThat(line.name()).isEqualTo("c:0001:d");
                    });
                });
        SoftwareOrder.Line cancelled = new SoftwareOrder.Line(1, "c:0001:d", OTHER, 0);
        assertThat(software(order(OWN, cancelled))).isEqualTo("go");
    }

    @Test
    void isDoneWhenItsOwnLineIsCancelled() {
        SoftwareOrder.Line cancelled = new SoftwareOrder.Line(0, "a:0001:b", LICENCE, 0);
        SoftwareOrder.Line other = new SoftwareOrder.Line(1, "c:0001:d", OTHER, 1);
        assertThat(software(order(cancelled, other))).isEqualTo("done");
        assertThat(software(new SoftwareOrder("order-1", "Canceled", List.of())))
                .isEqualTo("done");
    }

    /** A read that comes late shows the state of before; the step is known to be done. */
    @ParameterizedTest
    @CsvSource({
        "CANCEL_SUBSCRIPTION,     active,    cancel",
        "SUSPEND_SUBSCRIPTION,    active,    suspend",
        "REACTIVATE_SUBSCRIPTION, suspended, reactivate",
        "TURN_OFF_AUTO_RENEW,     active,    auto-renew-off"
    })
    void takesNoStepTwice(Operation operation, String status, String word) {
        StepsDone done = new StepsDone(Set.of(word), null, null);
        assertThat(SubscriptionRules.decide(
                        operation,
                        LICENCE,
                        Given.terms(),
                        Releases.NONE,
                        done,
                        licence(status).read(),
                        NOW))
                .isInstanceOfSatisfying(Verdict.WaitUntil.class, wait -> {
                    assertThat(wait.reason()).isEqualTo(Reason.PENDING_OPERATION);
                    assertThat(wait.message()).contains(word);
                });
    }

    @Test
    void saysWhyItDoesNotWaitForAWindowThatOpensTooLate() {
        Terms wait = terms(IfWindowClosed.WAIT, OnActiveAzureSubscriptions.FAIL, TOMORROW);
        Facts closed = licence("active")
                .window(YESTERDAY, null)
                .renewing(true, NEXT_YEAR)
                .read();
        assertThat(decide(Operation.CANCEL_SUBSCRIPTION, wait, closed))
                .isInstanceOfSatisfying(Verdict.Blocked.class, no -> {
                    assertThat(no.nextWindowAt()).isEqualTo(NEXT_YEAR);
                    assertThat(no.message()).contains("not to be begun after " + TOMORROW);
                });
    }

    private static SoftwareOrder order(SoftwareOrder.Line... lines) {
        return new SoftwareOrder("order-1", "completed", List.of(lines));
    }

    private static String software(SoftwareOrder order) {
        return CancelRulesTests.word(decide(Operation.CANCEL_SUBSCRIPTION, perpetual(order)));
    }

    private static Facts perpetual(SoftwareOrder order) {
        Subscription software = licence("active")
                .kind(Kind.PERPETUAL_SOFTWARE)
                .offer("a:0001:b", 1)
                .order("order-1")
                .build();
        return new Facts.OfSubscription(NOW, software, List.of(), order, true);
    }

    private static Facts plan(AzureSubscription... under) {
        Subscription plan = licence("active").kind(Kind.AZURE_PLAN).build();
        return new Facts.OfSubscription(NOW, plan, List.of(under), null, true);
    }

    private static String step(Terms terms, Set<String> done, Facts facts) {
        Verdict decided = SubscriptionRules.decide(
                Operation.CANCEL_SUBSCRIPTION,
                LICENCE,
                terms,
                Releases.NONE,
                new StepsDone(done, null, null),
                facts,
                NOW);
        return ((Verdict.Go) decided).step().word();
    }

    private static Terms terms(IfWindowClosed ifClosed, OnActiveAzureSubscriptions azure, Instant notAfter) {
        return new Terms(false, null, notAfter, ifClosed, OnActiveSubscriptions.FAIL, azure, Expectation.NONE);
    }

    private static String why(Operation operation, Facts facts) {
        return ((Verdict.Go) decide(operation, facts)).why();
    }

    private static Reason reason(Operation operation, Facts facts) {
        return ((Verdict.Blocked) decide(operation, facts)).reason();
    }

    private static void isUnknown(Verdict decided) {
        assertThat(CancelRulesTests.reason(decided)).isEqualTo(Reason.UNKNOWN_STATE);
    }

    private static Verdict decide(Operation operation, Facts facts) {
        return decide(operation, Given.terms(), facts);
    }

    private static Verdict decide(Operation operation, Terms terms, Facts facts) {
        return SubscriptionRules.decide(operation, LICENCE, terms, Releases.NONE, StepsDone.NONE, facts, NOW);
    }
}
