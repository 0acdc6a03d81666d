package dev.offramp.offboarding;

import static dev.offramp.offboarding.Given.NEXT_YEAR;
import static dev.offramp.offboarding.Given.NOW;
import static dev.offramp.offboarding.Given.TOMORROW;
import static dev.offramp.offboarding.Given.licence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.Terms.IfWindowClosed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Where one moment ends and the next begins. */
class WaitingTests {

    private static final BackOff LOOKS = new BackOff(Duration.ofSeconds(10), Duration.ofSeconds(70));

    @ParameterizedTest
    @CsvSource({"0, 10", "1, 20", "2, 40", "3, 70", "4, 70"})
    void waitsTwiceAsLongEachTimeAndNeverLongerThanTheLongest(int earlier, long seconds) {
        assertThat(LOOKS.after(earlier)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({"0, 10", "9, 10", "10, 10", "11, 11", "69, 69", "71, 70", "500, 70"})
    void looksAgainAfterAsLongAsItHasLasted(long lasted, long seconds) {
        assertThat(LOOKS.nextLook(NOW.minusSeconds(lasted), NOW)).isEqualTo(NOW.plusSeconds(seconds));
    }

    @ParameterizedTest(name = "accepted {0} min and asked {1} min before: {2}")
    @CsvSource({"1440, 60, true", "1440, 1440, false", "60, 1440, true", "1441, 1439, true"})
    void looksForAnEffectForADayFromWhenAPersonWantsItAgain(long accepted, long since, boolean looks) {
        var next = Confirming.DEFAULT.next(
                NOW.minus(Duration.ofMinutes(accepted)), NOW.minus(Duration.ofMinutes(since)), Seen.NO_EFFECT, NOW);

        assertThat(next instanceof Confirming.Next.LookAgainAt).isEqualTo(looks);
    }

    @ParameterizedTest(name = "a term that ended {0} h ago and renews: {1}")
    @CsvSource({"0, RENEWAL_RUNNING", "47, RENEWAL_RUNNING", "48, UNKNOWN_STATE"})
    void takesATermForOneThatIsBeingRenewedForTwoDays(long hours, Reason reason) {
        var read = licence("active")
                .window(NOW.minusSeconds(1), null)
                .renewing(true, NOW.minus(Duration.ofHours(hours)))
                .read();

        assertThat(reasonOf(cancel(IfWindowClosed.TURN_OFF_AUTO_RENEW, StepsDone.NONE, read)))
                .isEqualTo(reason);
    }

    @ParameterizedTest(name = "{0} h later: another term {1}")
    @CsvSource({"47, false", "48, true"})
    void takesATermForAnotherOneWhenItEndsTwoDaysLater(long hours, boolean renewed) {
        var done = new StepsDone(Set.of("auto-renew-off"), null, TOMORROW);
        var read = licence("active")
                .renewing(false, TOMORROW.plus(Duration.ofHours(hours)))
                .read();

        assertThat(reasonOf(cancel(IfWindowClosed.TURN_OFF_AUTO_RENEW, done, read)) == Reason.RENEWED)
                .isEqualTo(renewed);
    }

    @ParameterizedTest(name = "{0}, renewing {1}, window closed: {2}")
    @CsvSource({
        "active,    true,  go",
        "active,    false, ENDS_AT_TERM",
        "active,    ,      UNKNOWN_STATE",
        "suspended, true,  go",
        "suspended, false, ENDS_AT_TERM"
    })
    void letsATermRunOutWhoseWindowIsClosed(String status, @Nullable Boolean renews, String expected) {
        var verdict = cancel(
                IfWindowClosed.TURN_OFF_AUTO_RENEW,
                StepsDone.NONE,
                licence(status)
                        .window(NOW.minusSeconds(1), null)
                        .renewing(renews, TOMORROW)
                        .read());

        assertThat(verdict instanceof Verdict.Go ? "go" : String.valueOf(reasonOf(verdict)))
                .isEqualTo(expected);
    }

    @Test
    void waitsForTheRenewalThatOpensTheWindowAgain() {
        var closed = licence("active").window(NOW.minusSeconds(1), null);

        assertThat(cancel(
                        IfWindowClosed.WAIT,
                        StepsDone.NONE,
                        closed.renewing(true, TOMORROW).read()))
                .isInstanceOfSatisfying(Verdict.WaitUntil.class, wait -> {
                    assertThat(wait.reason()).isEqualTo(Reason.WAITING_FOR_WINDOW);
                    assertThat(wait.until()).isEqualTo(TOMORROW);
                });
        assertThat(reasonOf(cancel(
                        IfWindowClosed.WAIT,
                        StepsDone.NONE,
                        closed.renewing(true, NOW.minusSeconds(60)).read())))
                .as("it is being renewed")
                .isEqualTo(Reason.RENEWAL_RUNNING);
        assertThat(reasonOf(cancel(
                        IfWindowClosed.WAIT,
                        StepsDone.NONE,
                        closed.renewing(true, NEXT_YEAR.plusSeconds(1)).read())))
                .as("later than the request may be begun")
                .isEqualTo(Reason.WINDOW_CLOSED);
        assertThat(cancel(
                        IfWindowClosed.WAIT,
                        StepsDone.NONE,
                        closed.renewing(true, NEXT_YEAR).read()))
                .as("just in time")
                .isInstanceOf(Verdict.WaitUntil.class);
    }

    @ParameterizedTest
    @CsvSource({"expired, suspend-subscription", "disabled, suspend-subscription", "deleted, reactivate-subscription"})
    void isTooLateForWhatIsOver(String status, String operation) {
        assertThat(decide(
                        Operation.named(operation),
                        StepsDone.NONE,
                        licence(status).read()))
                .isInstanceOfSatisfying(Verdict.Blocked.class, no -> {
                    assertThat(no.reason()).isEqualTo(Reason.TOO_LATE);
                    assertThat(no.message()).startsWith("The subscription is " + status + ",");
                });
    }

    @ParameterizedTest(name = "renewed before: {0}, renews now: {1}, turned on already: {2}: {3}")
    @CsvSource({
        "true,  false, false, true",
        "false, false, false, false",
        ",      false, false, false",
        "true,  true,  false, false",
        "true,  ,      false, false",
        "true,  false, true,  false"
    })
    void givesBackTheAutoRenewalThatItsSuspensionTook(
            @Nullable Boolean before, @Nullable Boolean now, boolean turnedOn, boolean gives) {
        var words = turnedOn ? Set.of("reactivate", "auto-renew-on") : Set.of("reactivate");
        var read = licence("active").renewing(now, NEXT_YEAR).read();

        var verdict = decide(Operation.REACTIVATE_SUBSCRIPTION, new StepsDone(words, before, null), read);

        assertThat(verdict instanceof Verdict.Go(var _, Step step) ? step.word() : null)
                .isEqualTo(gives ? "auto-renew-on" : null);
        assertThat(decide(Operation.REACTIVATE_SUBSCRIPTION, new StepsDone(Set.of(), before, null), read))
                .as("it did not reactivate it")
                .isInstanceOf(Verdict.AlreadyDone.class);
    }

    @Test
    void turnsOffNoAutoRenewalWhileTheTermIsBeingRenewedOrWhereNothingIsSaidOfIt() {
        var over = NOW.minusSeconds(60);

        assertThat(reasonOf(decide(
                        Operation.TURN_OFF_AUTO_RENEW,
                        StepsDone.NONE,
                        licence("active").renewing(true, over).read())))
                .isEqualTo(Reason.RENEWAL_RUNNING);
        assertThat(reasonOf(decide(
                        Operation.TURN_OFF_AUTO_RENEW,
                        StepsDone.NONE,
                        licence("active").renewing(null, NEXT_YEAR).read())))
                .isEqualTo(Reason.UNKNOWN_STATE);
        assertThat(decide(
                        Operation.TURN_OFF_AUTO_RENEW,
                        StepsDone.NONE,
                        licence("active")
                                .kind(Subscription.Kind.LEGACY_LICENCE)
                                .renewing(true, over)
                                .read()))
                .as("legacy knows no such time")
                .isInstanceOf(Verdict.Go.class);
    }

    @ParameterizedTest
    @EnumSource
    void onlyWhatClearsTheWayMayOvertakeAnUnlink(Operation operation) {
        assertThat(Order.mayOvertakeAnUnlink(operation))
                .isEqualTo(Set.of(
                                Operation.CANCEL_SUBSCRIPTION,
                                Operation.SUSPEND_SUBSCRIPTION,
                                Operation.TURN_OFF_AUTO_RENEW)
                        .contains(operation));
    }

    @Test
    void settlesACallByTheTimeThatItsKindTakes() {
        assertThat(countsFrom(new Step.CancelOrder("order-1"))).isEqualTo(NOW.plus(Duration.ofMinutes(21)));
        assertThat(countsFrom(new Step.CancelAzureSubscription(Given.LICENCE, "one")))
                .isEqualTo(NOW.plus(Duration.ofMinutes(21)));
        assertThat(countsFrom(new Step.RemoveRelationship())).isEqualTo(NOW.plus(Duration.ofMinutes(6)));
        assertThat(countsFrom(new Step.ChangeSubscription(Given.LICENCE, Change.SUSPEND, true)))
                .isEqualTo(NOW.plus(Duration.ofMinutes(3)));
    }

    @Test
    void remembersWhatWasReleasedByItsSentence() {
        var released = Releases.from(Map.of(Reason.LAST_CHANCE, "Frozen until May. By then it is over."));

        assertThat(released.mentions(Reason.LAST_CHANCE, "Frozen until May.")).isTrue();
        assertThat(released.mentions(Reason.LAST_CHANCE, "Frozen until June.")).isFalse();
        assertThat(released.mentions(Reason.CANARY, "Frozen until May.")).isFalse();
        assertThat(Releases.from(Map.of())).isSameAs(Releases.NONE);
    }

    @Test
    void keepsTheOtherTimesWhereSomeAreSaidAnew() {
        var all = CoolingOff.USUAL.with(Map.of(Operation.CANCEL_SUBSCRIPTION, Duration.ofMinutes(5)));

        assertThat(all.of(Operation.REMOVE_RESELLER_RELATIONSHIP)).isEqualTo(Duration.ofHours(1));
        assertThat(all.of(Operation.CANCEL_SUBSCRIPTION)).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void aWindowThatPartnerCenterClosedNamesNeitherAnEndNorACancel() {
        var open = licence("active").build();
        var closed = open.withWindowClosed();

        assertThat(closed).isEqualTo(licence("active").window(null, List.of()).build());
        assertThat(reasonOf(cancel(IfWindowClosed.REJECT, StepsDone.NONE, new Facts.OfSubscription(NOW, closed))))
                .isEqualTo(Reason.WINDOW_CLOSED);
    }

    private static Instant countsFrom(Step step) {
        return InDoubt.DEFAULT.countsFrom(new InDoubt.Doubt(step, NOW, NOW, 0));
    }

    private static @Nullable Reason reasonOf(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Blocked no -> no.reason();
            case Verdict.WaitUntil wait -> wait.reason();
            case Verdict.Hold hold -> hold.reason();
            case Verdict other -> null;
        };
    }

    private static Verdict cancel(IfWindowClosed ifClosed, StepsDone done, Facts facts) {
        var terms = new Terms(
                false,
                null,
                NEXT_YEAR,
                ifClosed,
                Terms.OnActiveSubscriptions.FAIL,
                Terms.OnActiveAzureSubscriptions.FAIL,
                Expectation.NONE);
        return SubscriptionRules.decide(
                Operation.CANCEL_SUBSCRIPTION, Given.LICENCE, terms, Releases.NONE, done, facts, NOW);
    }

    private static Verdict decide(Operation operation, StepsDone done, Facts facts) {
        return SubscriptionRules.decide(operation, Given.LICENCE, Given.terms(), Releases.NONE, done, facts, NOW);
    }
}
