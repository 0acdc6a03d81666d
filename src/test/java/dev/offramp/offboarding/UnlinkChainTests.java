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
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** An unlink that removes what stands in its way: one step at a time, and none in vain. */
class UnlinkChainTests {

    private static final SubscriptionId THIRD = SubscriptionId.of("0b8f8f0e-2c1d-4a67-9d6c-1f6d0b8a3a11");
    private static final Subscription ACTIVE = licence("active").build();
    private static final Subscription ANOTHER = licence("active").id(OTHER).build();

    @Test
    void cancelsOneSubscriptionAfterTheOtherAndThenUnlinks() {
        assertThat(said(OnActiveSubscriptions.CANCEL, Set.of(), ACTIVE, ANOTHER))
                .isEqualTo("cancel:" + LICENCE);
        assertThat(said(
                        OnActiveSubscriptions.CANCEL,
                        Set.of("cancel:" + LICENCE),
                        licence("deleted").build(),
                        ANOTHER))
                .isEqualTo("cancel:" + OTHER);
        assertThat(said(
                        OnActiveSubscriptions.CANCEL,
                        Set.of("cancel:" + LICENCE, "cancel:" + OTHER),
                        licence("deleted").build(),
                        licence("deleted").id(OTHER).build()))
                .isEqualTo("unlink");
    }

    @Test
    void waitsUntilPartnerCenterShowsWhatIsDone() {
        Set<String> done = Set.of("cancel:" + LICENCE, "cancel:" + OTHER);
        assertThat(decide(OnActiveSubscriptions.CANCEL, done, ACTIVE, ANOTHER))
                .isInstanceOfSatisfying(Verdict.WaitUntil.class, wait -> {
                    assertThat(wait.reason()).isEqualTo(Reason.WAITING_FOR_BLOCKER);
                    assertThat(wait.until()).isEqualTo(NOW.plus(Duration.ofMinutes(15)));
                    assertThat(wait.message()).contains("2 of them");
                });
        assertThat(said(OnActiveSubscriptions.CANCEL, Set.of("cancel:" + LICENCE), ACTIVE, ANOTHER))
                .isEqualTo("cancel:" + OTHER);
        assertThat(said(OnActiveSubscriptions.FAIL, Set.of("unlink"))).isEqualTo("PENDING_OPERATION");
    }

    @Test
    void cancelsNothingWhenSomethingElseStandsInTheWay() {
        for (Subscription immovable : List.of(
                licence("active").id(OTHER).window(YESTERDAY, null).build(),
                licence("pending").id(OTHER).build(),
                licence("suspended").id(OTHER).build(),
                licence("paused").id(OTHER).build(),
                licence("active").id(null).build(),
                licence("active").id(OTHER).kind(Kind.TRIAL).build(),
                licence("active").id(OTHER).kind(Kind.AZURE_PLAN).build(),
                licence("active").id(OTHER).kind(Kind.LEGACY_LICENCE).build(),
                licence("active").id(OTHER).kind(Kind.PERPETUAL_SOFTWARE).build(),
                licence("active").id(OTHER).kind(Kind.SAVINGS_PLAN).build(),
                licence("active").id(OTHER).kind(Kind.UNKNOWN).build())) {
            assertThat(decide(OnActiveSubscriptions.CANCEL, Set.of(), ACTIVE, immovable))
                    .as("%s", immovable)
                    .isInstanceOfSatisfying(
                            Verdict.Blocked.class,
                            no -> assertThat(no.blockers()).hasSize(2));
        }
    }

    @Test
    void cancelsNothingForACustomerWithAReservation() {
        Facts facts = Given.customer(List.of(ACTIVE), List.of(Given.reservation("reservedinstance", "")));
        assertThat(CancelRulesTests.reason(decide(OnActiveSubscriptions.CANCEL, SuspendedNewCommerce.BLOCKS, facts)))
                .isEqualTo(Reason.RESERVATIONS);
        Facts cut = new Facts.OfCustomer(NOW, Given.contoso(), List.of(ACTIVE), List.of(), false);
        assertThat(CancelRulesTests.reason(decide(OnActiveSubscriptions.CANCEL, SuspendedNewCommerce.BLOCKS, cut)))
                .isEqualTo(Reason.UNKNOWN_STATE);
        Facts strange = new Facts.OfCustomer(NOW, Given.contoso("advisor"), List.of(ACTIVE), List.of(), true);
        assertThat(CancelRulesTests.reason(decide(OnActiveSubscriptions.CANCEL, SuspendedNewCommerce.BLOCKS, strange)))
                .isEqualTo(Reason.UNKNOWN_STATE);
    }

    /** Which of the two would a step change? */
    @Test
    void touchesNoSubscriptionThatIsListedTwice() {
        assertThat(said(OnActiveSubscriptions.CANCEL, Set.of(), ACTIVE, ACTIVE)).isEqualTo("ACTIVE_SUBSCRIPTIONS");
        Subscription legacy = licence("active").kind(Kind.LEGACY_LICENCE).build();
        assertThat(said(OnActiveSubscriptions.SUSPEND, Set.of(), legacy, legacy))
                .isEqualTo("ACTIVE_SUBSCRIPTIONS");
    }

    @Test
    void suspendsALegacyLicenceAndWaitsForItsAddOn() {
        Subscription base = licence("active").kind(Kind.LEGACY_LICENCE).build();
        Subscription addOn =
                licence("active").id(OTHER).kind(Kind.LEGACY_ADD_ON).build();
        assertThat(said(OnActiveSubscriptions.SUSPEND, Set.of(), addOn, base)).isEqualTo("suspend:" + LICENCE);
        Subscription suspended = licence("suspended").kind(Kind.LEGACY_LICENCE).build();
        Set<String> done = Set.of("suspend:" + LICENCE);
        assertThat(said(OnActiveSubscriptions.SUSPEND, done, addOn, suspended)).isEqualTo("WAITING_FOR_BLOCKER");
        assertThat(said(
                        OnActiveSubscriptions.SUSPEND,
                        done,
                        licence("suspended").id(OTHER).kind(Kind.LEGACY_ADD_ON).build(),
                        suspended))
                .isEqualTo("unlink");
    }

    @Test
    void doesNotTrustAnAddOnWhoseBaseItDoesNotSuspend() {
        Subscription addOn =
                licence("active").id(OTHER).kind(Kind.LEGACY_ADD_ON).build();
        Subscription suspendedBefore =
                licence("suspended").kind(Kind.LEGACY_LICENCE).build();
        Subscription legacyAzure =
                licence("active").id(THIRD).kind(Kind.LEGACY_AZURE).build();
        assertThat(said(OnActiveSubscriptions.SUSPEND, Set.of(), addOn, suspendedBefore, legacyAzure))
                .isEqualTo("ACTIVE_SUBSCRIPTIONS");
    }

    /** New commerce that is suspended would stand in the way as before, and stay billed. */
    @Test
    void suspendsNothingInVain() {
        Subscription legacy =
                licence("active").id(OTHER).kind(Kind.LEGACY_LICENCE).build();
        assertThat(said(OnActiveSubscriptions.SUSPEND, Set.of(), legacy, ACTIVE))
                .isEqualTo("ACTIVE_SUBSCRIPTIONS");
        Verdict allowed = decide(
                OnActiveSubscriptions.SUSPEND,
                SuspendedNewCommerce.ALLOWED,
                Given.customer(List.of(legacy, ACTIVE), List.of()));
        assertThat(((Verdict.Go) allowed).step().word()).isEqualTo("suspend:" + OTHER);
        assertThat(((Verdict.Go) allowed).why()).contains("onActiveSubscriptions: suspend", "not billed");
    }

    @Test
    void waitsForARenewalBeforeItSuspends() {
        Subscription renewing =
                licence("active").renewing(true, NOW.minus(Duration.ofHours(1))).build();
        Subscription other = licence("active").id(OTHER).build();
        Facts both = Given.customer(List.of(renewing, other), List.of());
        assertThat(decide(OnActiveSubscriptions.SUSPEND, SuspendedNewCommerce.ALLOWED, both))
                .isInstanceOfSatisfying(
                        Verdict.Go.class, go -> assertThat(go.step().word()).isEqualTo("suspend:" + OTHER));
        Facts one = Given.customer(List.of(renewing), List.of());
        assertThat(CancelRulesTests.reason(decide(OnActiveSubscriptions.SUSPEND, SuspendedNewCommerce.ALLOWED, one)))
                .isEqualTo(Reason.RENEWAL_RUNNING);
    }

    @Test
    void tellsHowEachKindIsEnded() {
        for (Kind kind : Kind.values()) {
            Verdict decided = decide(
                    OnActiveSubscriptions.FAIL,
                    Set.of(),
                    licence("active").kind(kind).build());
            assertThat(((Verdict.Blocked) decided).blockers()).singleElement().satisfies(blocker -> {
                assertThat(blocker.id()).isEqualTo(LICENCE.value());
                assertThat(blocker.whatToDo()).endsWith(".").hasSizeGreaterThan(20);
            });
        }
    }

    private static String said(OnActiveSubscriptions onActive, Set<String> done, Subscription... all) {
        return switch (decide(onActive, done, all)) {
            case Verdict.Go go -> go.step().word();
            case Verdict other -> String.valueOf(CancelRulesTests.reason(other));
        };
    }

    private static Verdict decide(OnActiveSubscriptions onActive, Set<String> done, Subscription... all) {
        return UnlinkRules.decide(
                CONTOSO,
                terms(onActive),
                Releases.NONE,
                new StepsDone(done, null, null),
                SuspendedNewCommerce.BLOCKS,
                Given.customer(List.of(all), List.of()),
                NOW);
    }

    private static Verdict decide(OnActiveSubscriptions onActive, SuspendedNewCommerce suspended, Facts facts) {
        return UnlinkRules.decide(CONTOSO, terms(onActive), suspended, facts, NOW);
    }

    private static Terms terms(OnActiveSubscriptions onActive) {
        return new Terms(
                false,
                null,
                NEXT_YEAR,
                IfWindowClosed.REJECT,
                onActive,
                OnActiveAzureSubscriptions.FAIL,
                Expectation.NONE);
    }
}
