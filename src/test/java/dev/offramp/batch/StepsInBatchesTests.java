package dev.offramp.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.batch.FakePartnerCenter.Trouble;
import dev.offramp.ledger.Details.StepTaken;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Blocker;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Entitlement;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.offboarding.Terms.IfWindowClosed;
import dev.offramp.offboarding.Terms.OnActiveSubscriptions;
import dev.offramp.safety.Brake;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests of several steps: each is read, decided and gated anew, and done once over every crash between two. */
class StepsInBatchesTests {

    private static final CustomerId CONTOSO = Admissions.customer("contoso");
    private static final SubscriptionId ONE = Admissions.subscription("one");
    private static final SubscriptionId TWO = Admissions.subscription("two");
    private static final Instant TERM_END = Admissions.START.plus(Duration.ofDays(90));

    private final BatchNode node = BatchNode.over(
            TestDatabase.POSTGRESQL.fresh(),
            "offramp.batch.confirm.patience=1s",
            "offramp.safety.budget.customers.remove-reseller-relationship=100");
    private final FakePartnerCenter partnerCenter = node.partnerCenter;

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void letsASubscriptionRunOutWhoseWindowIsClosed() {
        Request request = closed(IfWindowClosed.TURN_OFF_AUTO_RENEW);
        node.work();

        assertThat(words()).containsExactly("auto-renew-off");
        assertThat(node.told(request)).containsExactly(Reason.ADMITTED, Reason.ENDS_AT_TERM);
        assertThat(node.read(request).effect()).isEqualTo(Effect.AUTO_RENEW_OFF);
        assertThat(node.read(request).dueAt()).isEqualTo(TERM_END);
        assertThat(node.lastOutcome(request).details().steps())
                .extracting(StepTaken::step, StepTaken::reply)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("auto-renew-off", "done"));

        partnerCenter.expired.add(ONE.value());
        node.clock.pass(Duration.ofDays(91));
        node.work();

        assertThat(node.told(request)).endsWith(Reason.ENDED_AT_TERM);
        assertThat(node.read(request).effect()).isEqualTo(Effect.AUTO_RENEW_OFF);
        assertThat(words()).as("nothing else was called").hasSize(1);
    }

    @Test
    void saysSoWhenItRenewedInSpite() {
        Request request = closed(IfWindowClosed.TURN_OFF_AUTO_RENEW);
        node.work();
        partnerCenter.terms.put(ONE.value(), TERM_END.plus(Duration.ofDays(365)));
        node.clock.pass(Duration.ofDays(91));
        node.work();

        assertThat(node.told(request)).endsWith(Reason.RENEWED);
        assertThat(node.read(request).effect())
                .as("nothing of it holds any more")
                .isEqualTo(Effect.NONE);
        assertThat(words()).hasSize(1);
    }

    @Test
    void waitsForTheNextWindowAndCancelsInIt() {
        Request request = closed(IfWindowClosed.WAIT);
        node.work();
        assertThat(node.told(request)).containsExactly(Reason.ADMITTED, Reason.WAITING_FOR_WINDOW);
        assertThat(node.lastOutcome(request).details().nextWindowAt()).isEqualTo(TERM_END);
        assertThat(words()).isEmpty();

        partnerCenter.windows.put(ONE.value(), TERM_END.plus(Duration.ofDays(7)));
        partnerCenter.terms.put(ONE.value(), TERM_END.plus(Duration.ofDays(365)));
        node.clock.pass(Duration.ofDays(91));
        node.work();

        assertThat(node.told(request)).endsWith(Reason.DONE);
        assertThat(words()).containsExactly("cancel");
    }

    @Test
    void turnsOffAutoRenewalWhenPartnerCenterKnowsBetterThatTheWindowIsClosed() {
        partnerCenter.trouble.put(ONE.value(), Trouble.WINDOW_CLOSED);
        Request request = node.admit(Admissions.cancel()
                .of(CONTOSO, ONE)
                .notAfter(TERM_END.plus(Duration.ofDays(300)))
                .ifWindowClosed(IfWindowClosed.TURN_OFF_AUTO_RENEW));
        node.work();

        assertThat(words()).containsExactly("cancel", "auto-renew-off");
        assertThat(node.told(request)).endsWith(Reason.ENDS_AT_TERM);
    }

    @Test
    void restoresAutoRenewalWithAReactivationAsItWasBeforeOurOwnSuspend() {
        Request suspend =
                node.admit(Admissions.change(Operation.SUSPEND_SUBSCRIPTION).of(CONTOSO, ONE));
        node.work();
        assertThat(node.read(suspend).effect()).isEqualTo(Effect.SUSPENDED);
        assertThat(partnerCenter.ending).contains(ONE.value());

        Request reactivate =
                node.admit(Admissions.change(Operation.REACTIVATE_SUBSCRIPTION).of(CONTOSO, ONE));
        node.work();

        assertThat(words()).containsExactly("suspend", "reactivate", "auto-renew-on");
        assertThat(node.told(reactivate)).endsWith(Reason.DONE);
        assertThat(node.read(reactivate).effect()).isEqualTo(Effect.REACTIVATED);
        assertThat(node.lastOutcome(reactivate).details().steps())
                .extracting(StepTaken::step)
                .containsExactly("reactivate", "auto-renew-on");
    }

    @Test
    void cancelsWhatStandsInTheWayOfAnUnlinkAndThenUnlinks() {
        Request request = chain(OnActiveSubscriptions.CANCEL);
        node.work();

        assertThat(words()).containsExactly("cancel:" + ONE, "cancel:" + TWO, "unlink");
        confirm();
        assertThat(node.told(request)).endsWith(Reason.DONE);
        assertThat(node.read(request).effect()).isEqualTo(Effect.UNLINKED);
        assertThat(permits()).as("one permit for each step, one customer").isEqualTo(3);
    }

    @Test
    void touchesNothingOfAChainWhenSomethingElseStandsInTheWay() {
        partnerCenter.entitlements.put(
                CONTOSO, List.of(new Entitlement("reservedinstance", "order-1", "VM", "Fulfilled")));
        Request request = chain(OnActiveSubscriptions.CANCEL);
        node.work();

        assertThat(words()).isEmpty();
        assertThat(node.told(request)).endsWith(Reason.RESERVATIONS);
        assertThat(node.read(request).effect()).isEqualTo(Effect.NONE);
    }

    @Test
    void waitsForABlockerThatComesBetweenTwoStepsAndGoesOnWithoutIt() {
        Request request = chain(OnActiveSubscriptions.CANCEL);
        partnerCenter.whileCalled = permit -> partnerCenter.entitlements.put(
                CONTOSO, List.of(new Entitlement("reservedinstance", "order-1", "VM", "Fulfilled")));
        node.work();

        assertThat(words()).containsExactly("cancel:" + ONE);
        assertThat(node.read(request).reason()).isEqualTo(Reason.WAITING_FOR_BLOCKER);
        assertThat(node.read(request).effect()).isEqualTo(Effect.PARTIAL);
        assertThat(node.read(request).message()).contains("reservations");
        assertThat(node.lastOutcome(request).details().blockers())
                .extracting(Blocker::kind)
                .containsExactly("reservation", "subscription");

        partnerCenter.whileCalled = permit -> {};
        partnerCenter.entitlements.clear();
        node.clock.pass(Duration.ofDays(1));
        node.work();
        confirm();

        assertThat(words()).containsExactly("cancel:" + ONE, "cancel:" + TWO, "unlink");
        assertThat(node.told(request)).endsWith(Reason.DONE);
    }

    @Test
    void failsWhenTheBlockerStaysUntilTheRequestsTimeIsOver() {
        Request request = chain(OnActiveSubscriptions.CANCEL);
        partnerCenter.whileCalled = permit -> partnerCenter.entitlements.put(
                CONTOSO, List.of(new Entitlement("reservedinstance", "order-1", "VM", "Fulfilled")));
        node.work();
        for (int day = 0; day < 31; day++) {
            node.clock.pass(Duration.ofDays(1));
            node.work();
        }

        assertThat(words()).containsExactly("cancel:" + ONE);
        assertThat(node.told(request)).endsWith(Reason.DEADLINE_PASSED);
        assertThat(node.read(request).effect()).isEqualTo(Effect.PARTIAL);
    }

    @Test
    void stopsAtTheBrakeBetweenTwoStepsAndGoesOnAfterIt() {
        Request request = chain(OnActiveSubscriptions.CANCEL);
        partnerCenter.whileCalled = permit -> node.pull(Brake.Scope.ALL, "");
        node.work();
        assertThat(words()).containsExactly("cancel:" + ONE);
        assertThat(node.read(request).status().isFinal()).isFalse();

        partnerCenter.whileCalled = permit -> {};
        node.release(Brake.Scope.ALL, "");
        node.work();

        assertThat(words()).containsExactly("cancel:" + ONE, "cancel:" + TWO, "unlink");
        confirm();
        assertThat(node.told(request)).endsWith(Reason.DONE);
    }

    @Test
    void settlesAnUnansweredStepByItsOwnLookBeforeTheNext() {
        Request request = chain(OnActiveSubscriptions.CANCEL);
        partnerCenter.trouble.put(TWO.value(), Trouble.LOST_AFTER_THE_EFFECT);
        node.work();

        assertThat(words()).as("nothing follows before it is known").containsExactly("cancel:" + ONE, "cancel:" + TWO);
        assertThat(node.read(request).reason()).isEqualTo(Reason.CONFIRMING);
        assertThat(node.read(request).effect()).isEqualTo(Effect.PARTIAL);
        node.clock.pass(Duration.ofMinutes(1));
        node.work();

        assertThat(words()).containsExactly("cancel:" + ONE, "cancel:" + TWO, "unlink");
        confirm();
        assertThat(node.told(request)).endsWith(Reason.DONE);
        assertThat(node.lastOutcome(request).details().steps())
                .extracting(StepTaken::confirmedBy)
                .containsExactly(null, "read-back", "read-back");
    }

    /** The process dies with a reply or without one, at each step in turn; the next one finds out and goes on. */
    @Test
    void takesEachStepOnceWhereverTheProcessDies() {
        for (int dies = 1; dies <= 3; dies++) {
            CustomerId customer = Admissions.customer("customer-" + dies);
            SubscriptionId first = Admissions.subscription("first-" + dies);
            SubscriptionId second = Admissions.subscription("second-" + dies);
            partnerCenter.subscriptions.put(customer, List.of(first, second));
            partnerCenter.calls.clear();
            int at = dies;
            partnerCenter.whileCalled = permit -> {
                if (partnerCenter.calls.size() == at) {
                    throw new IllegalStateException("the process is dying");
                }
            };
            Request request =
                    node.admit(Admissions.unlink().of(customer).onActiveSubscriptions(OnActiveSubscriptions.CANCEL));
            node.work();
            assertThat(words()).hasSize(at);

            partnerCenter.whileCalled = permit -> {};
            for (int looks = 0; looks < 8 && !node.read(request).isFinal(); looks++) {
                node.clock.pass(Duration.ofMinutes(10));
                node.work();
            }

            assertThat(node.told(request)).as("dies at call %d", at).endsWith(Reason.DONE);
            assertThat(words().stream().distinct()).containsExactly("cancel:" + first, "cancel:" + second, "unlink");
            assertThat(words()).as("only what was not done is called again").hasSize(4);
            assertThat(partnerCenter.callsAfterTheEffect).isEmpty();
        }
    }

    @Test
    void aWithdrawBetweenTwoStepsTakesEffectBeforeTheNextOne() {
        Request request = chain(OnActiveSubscriptions.CANCEL);
        partnerCenter.whileCalled = permit -> node.withdraw(request.key().id());
        node.work();
        node.clock.pass(Duration.ofSeconds(1));
        node.work();

        assertThat(words()).containsExactly("cancel:" + ONE);
        assertThat(node.told(request)).endsWith(Reason.BY_SOURCE);
        assertThat(node.read(request).effect()).isEqualTo(Effect.PARTIAL);
    }

    @Test
    void looksForAnAcceptedChangeAndIsDoneWhenItShows() {
        partnerCenter.trouble.put(ONE.value(), Trouble.ACCEPTED);
        Request request = node.admit(Admissions.cancel().of(CONTOSO, ONE));
        node.work();

        assertThat(node.told(request)).containsExactly(Reason.ADMITTED, Reason.DONE);
        assertThat(node.lastOutcome(request).details().confirmedBy()).isEqualTo("read-back");
        assertThat(partnerCenter.followed).containsExactly("/customers/c/subscriptions/s");
    }

    @Test
    void defersAnAcceptedChangeThatDoesNotShowInTime() {
        partnerCenter.trouble.put(ONE.value(), Trouble.ACCEPTED_FOR_LATER);
        Request request = node.admit(Admissions.cancel().of(CONTOSO, ONE));
        node.work();
        assertThat(node.told(request)).endsWith(Reason.ACCEPTED_BY_PARTNER_CENTER);

        partnerCenter.deleted.add(ONE.value());
        node.clock.pass(Duration.ofMinutes(1));
        node.work();

        assertThat(node.told(request)).endsWith(Reason.DONE);
        assertThat(words()).hasSize(1);
    }

    @Test
    void stallsOnlyTheCustomerThatIsClosedToUs() {
        partnerCenter.trouble.put(ONE.value(), Trouble.CUSTOMER_ACCESS);
        Request closed = node.admit(Admissions.cancel().of(CONTOSO, ONE));
        Request open = node.admit(Admissions.cancel().of(Admissions.customer("fabrikam"), TWO));
        node.work();

        assertThat(node.read(closed).reason()).isEqualTo(Reason.PERMISSION_MISSING);
        assertThat(node.told(open)).endsWith(Reason.DONE);
        node.clock.pass(Duration.ofMinutes(1));
        node.work();
        assertThat(node.told(closed)).as("it goes on by itself").endsWith(Reason.DONE);
    }

    @Test
    void holdsFurtherUnlinksOfASourceWhoseCustomersAreNotOurs() {
        IntStream.rangeClosed(1, 4).forEach(each -> {
            CustomerId foreign = Admissions.customer("foreign-" + each);
            partnerCenter.foreign.add(foreign);
            node.admit(Admissions.unlink().of(foreign));
            node.work();
        });
        Request held = node.admit(Admissions.unlink().of(CONTOSO));
        Request other = node.admit(
                Admissions.unlink().of(Admissions.customer("fabrikam")).from("/contoso/crm"));
        node.work();

        assertThat(node.told(held)).endsWith(Reason.CONFIRMATION_NEEDED);
        assertThat(partnerCenter.calls).as("another source goes on").hasSize(1);
        assertThat(node.told(other)).endsWith(Reason.CONFIRMING);
    }

    private Request closed(IfWindowClosed then) {
        partnerCenter.windows.put(ONE.value(), Admissions.START.minus(Duration.ofDays(1)));
        partnerCenter.terms.put(ONE.value(), TERM_END);
        return node.admit(Admissions.cancel()
                .of(CONTOSO, ONE)
                .notAfter(TERM_END.plus(Duration.ofDays(300)))
                .ifWindowClosed(then));
    }

    private Request chain(OnActiveSubscriptions then) {
        partnerCenter.subscriptions.put(CONTOSO, List.of(ONE, TWO));
        return node.admit(Admissions.unlink().of(CONTOSO).onActiveSubscriptions(then));
    }

    /** Until a read has shown that the relationship is gone. */
    private void confirm() {
        node.clock.pass(Duration.ofMinutes(1));
        node.work();
    }

    private List<String> words() {
        return partnerCenter.calls.stream().map(each -> each.step().word()).toList();
    }

    private int permits() {
        return node.jdbc()
                .sql("select count(*) from permit")
                .query(Integer.class)
                .single();
    }
}
