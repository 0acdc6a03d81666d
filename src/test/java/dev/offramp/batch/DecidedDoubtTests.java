package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.subscription;
import static dev.offramp.batch.ProcessingTests.unlink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.batch.FakePartnerCenter.Trouble;
import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.partnercenter.Permit;
import dev.offramp.safety.Brake;
import dev.offramp.safety.DoubtDecisions;
import dev.offramp.safety.DoubtDecisions.Decided;
import dev.offramp.safety.DoubtDecisions.Decision;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call of which reading could not tell for a day, and the person who decides about it. */
@OnBothDatabases
class DecidedDoubtTests {

    private static final Duration A_DAY = Duration.ofHours(24);

    private final BatchNode node;

    DecidedDoubtTests(TestDatabase database) {
        node = BatchNode.over(database.fresh());
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void doneEndsTheRequestWithThePersonAsEvidence() {
        Request request = inDoubt(Trouble.LOST_BEFORE_THE_EFFECT);

        assertThat(decide(request, Decision.DONE)).isEqualTo(new Decided.Done());
        assertThat(node.told(request)).endsWith(Reason.IN_DOUBT, Reason.CONFIRMING);
        node.work();

        assertThat(node.told(request)).endsWith(Reason.CONFIRMING, Reason.DONE);
        var end = node.lastOutcome(request);
        assertThat(end.effect()).isEqualTo(Effect.CANCELLED);
        assertThat(end.message()).endsWith("is cancelled. A person says so.");
        assertThat(end.details().confirmedBy()).isEqualTo("audit-record");
        assertThat(end.details().decidedBy()).isEqualTo("jane");
        assertThat(end.details().steps())
                .extracting(Details.StepTaken::confirmedBy)
                .containsExactly("audit-record");
        assertThat(node.partnerCenter.calls).hasSize(1);
        assertThat(node.context.getBean(Audit.class).of("request " + request.number()))
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.entry().who()).isEqualTo("jane");
                    assertThat(each.entry().what()).isEqualTo("doubt decided: done");
                    assertThat(each.entry().cause()).isEqualTo("seen in the portal");
                });
        assertThat(node.batch(2).state()).as("nothing is left of it").isEqualTo(State.COMPLETED);
    }

    @Test
    void notDoneLetsTheCallBeMadeAgainWithTheSameRequestId() {
        Request request = inDoubt(Trouble.LOST_BEFORE_THE_EFFECT);
        node.partnerCenter.unreadable.clear();

        decide(request, Decision.NOT_DONE);
        node.work();

        assertThat(node.told(request)).endsWith(Reason.IN_DOUBT, Reason.ADMITTED, Reason.DONE);
        assertThat(node.partnerCenter.calls).hasSize(2);
        assertThat(node.partnerCenter.calls.stream().map(Permit::requestId).distinct())
                .hasSize(1);
        assertThat(node.lastOutcome(request).details().confirmedBy()).isEqualTo("response");
    }

    @Test
    void notDoneCallsNothingThatFactsOrGateForbid() {
        Request request = inDoubt(Trouble.LOST_AFTER_THE_EFFECT);
        node.partnerCenter.unreadable.clear();
        node.pull(Brake.Scope.SOURCE, request.key().source());

        decide(request, Decision.NOT_DONE);
        node.work();
        assertThat(node.told(request)).as("the brake is on").endsWith(Reason.ADMITTED);

        node.release(Brake.Scope.SOURCE, request.key().source());
        node.work();
        assertThat(node.told(request)).endsWith(Reason.ADMITTED, Reason.DONE);
        assertThat(node.lastOutcome(request).details().confirmedBy())
                .as("the person was wrong, the facts show it")
                .isEqualTo("read-back");
        assertThat(node.partnerCenter.calls).hasSize(1);
    }

    @Test
    void notDoneLetsAWithdrawTakeEffectThatWaited() {
        Request request = inDoubt(Trouble.LOST_BEFORE_THE_EFFECT);
        Request withdraw = node.withdraw(request.key().id());
        assertThat(node.told(withdraw)).containsExactly(Reason.ADMITTED);

        decide(node.read(request), Decision.NOT_DONE);

        assertThat(node.told(request)).endsWith(Reason.BY_SOURCE);
        assertThat(node.told(withdraw)).endsWith(Reason.DONE);
        assertThat(node.partnerCenter.calls).hasSize(1);
    }

    @Test
    void askAgainReadsForAnotherDay() {
        Request request = inDoubt(Trouble.LOST_AFTER_THE_EFFECT);

        decide(request, Decision.ASK_AGAIN);
        node.work();
        assertThat(node.told(request)).endsWith(Reason.CONFIRMING);
        node.clock.pass(A_DAY.minusMinutes(1));
        node.work();
        assertThat(node.told(request)).endsWith(Reason.CONFIRMING);
        node.clock.pass(Duration.ofMinutes(1));
        node.work();
        assertThat(node.told(request)).as("another day is over").endsWith(Reason.IN_DOUBT);

        node.partnerCenter.unreadable.clear();
        decide(request, Decision.ASK_AGAIN);
        node.work();

        assertThat(node.told(request)).endsWith(Reason.DONE);
        assertThat(node.lastOutcome(request).details().confirmedBy()).isEqualTo("read-back");
        assertThat(node.partnerCenter.calls).hasSize(1);
    }

    @Test
    void neverSendsAgainWhatWasAcceptedWhateverAPersonSays() {
        Request request = acceptedAndNeverToBeSeen();

        assertThat(decide(request, Decision.NOT_DONE))
                .isEqualTo(new Decided.Refused(
                        "Partner Center accepted the call of request %d at 2026-11-20T08:15:30Z, and what it has accepted is never sent again: ask again, or give it up and send a new request."
                                .formatted(request.number())));
        assertThat(node.read(request)).isEqualTo(request);

        decide(request, Decision.ASK_AGAIN);
        node.work();
        assertThat(node.told(request)).as("another day").endsWith(Reason.CONFIRMING);
        node.clock.pass(A_DAY);
        node.work();
        assertThat(node.told(request)).endsWith(Reason.IN_DOUBT);

        decide(request, Decision.DONE);
        node.work();
        assertThat(node.told(request)).endsWith(Reason.DONE);
        assertThat(node.lastOutcome(request).details().decidedBy()).isEqualTo("jane");
        assertThat(node.partnerCenter.calls).hasSize(1);
    }

    @Test
    void isTakenOnlyWhileTheRequestIsInDoubtAndNobodyWorksOnIt() {
        Request request = inDoubt(Trouble.LOST_BEFORE_THE_EFFECT);
        node.clock.pass(Duration.ofMinutes(1));
        node.ledger()
                .batches()
                .take(node.read(request).batch(), "another", Duration.ofSeconds(10), node.clock.instant())
                .orElseThrow();

        assertThat(decide(request, Decision.DONE))
                .isEqualTo(new Decided.Refused("B-2 works on request %d right now; stop it first, or wait for its end."
                        .formatted(request.number())));
        node.clock.pass(Duration.ofSeconds(10));
        node.work();
        decide(request, Decision.DONE);

        assertThat(decide(request, Decision.DONE))
                .isEqualTo(new Decided.Refused(
                        "Request %d is deferred: confirming; a person decides only about what is stalled: in-doubt."
                                .formatted(request.number())));
        assertThat(node.context
                        .getBean(DoubtDecisions.class)
                        .decide(4711, Decision.DONE, "jane", "x", node.clock.instant()))
                .isEqualTo(new Decided.Unknown());
        assertThat(node.context.getBean(Audit.class).list(null, 10)).hasSize(1);
    }

    private Decided decide(Request request, Decision decision) {
        return node.context
                .getBean(DoubtDecisions.class)
                .decide(request.number(), decision, "jane", "seen in the portal", node.clock.instant());
    }

    /** After a day in which the subscription could not be read. */
    private Request inDoubt(Trouble trouble) {
        Request request = node.admit(cancel("a"));
        node.partnerCenter.trouble.put(subscription("a"), trouble);
        node.work();
        node.partnerCenter.unreadable.add(subscription("a"));
        node.clock.pass(A_DAY);
        node.work();
        assertThat(node.told(request)).endsWith(Reason.CONFIRMING, Reason.IN_DOUBT);
        assertThat(node.batch(2).state()).isEqualTo(State.FAILED);
        return node.read(request);
    }

    private Request acceptedAndNeverToBeSeen() {
        Request request = node.admit(unlink("a"));
        node.work();
        node.partnerCenter.unlinked.clear();
        node.clock.pass(A_DAY);
        node.work();
        assertThat(node.told(request)).endsWith(Reason.CONFIRMING, Reason.IN_DOUBT);
        return node.read(request);
    }
}
