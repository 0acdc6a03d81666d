package dev.offramp.ledger;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.unlink;
import static dev.offramp.testing.Admissions.withdraw;
import static dev.offramp.testing.LedgerFixture.deferred;
import static dev.offramp.testing.LedgerFixture.done;
import static dev.offramp.testing.LedgerFixture.fence;
import static dev.offramp.testing.LedgerFixture.resolution;
import static dev.offramp.testing.LedgerFixture.waitingFor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Attempts.Finding;
import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class WithdrawalTests {

    private final LedgerFixture fixture;

    WithdrawalTests(TestDatabase database) {
        fixture = LedgerFixture.over(database.fresh());
    }

    @Test
    void takesBackWhatIsReady() {
        var target = fixture.admit(cancel().as("t"));

        var withdraw = fixture.withdraw(withdraw("t"));

        assertTakenBack(target, withdraw);
        assertThat(fixture.claimAs("node-1")).isEmpty();
    }

    @Test
    void takesBackWhatIsDeferred() {
        var target = fixture.admit(cancel().as("t"));
        fixture.settle(target, deferred(Reason.BUSY, fixture.now().plusSeconds(60)), null);

        assertTakenBack(target, fixture.withdraw(withdraw("t")));
    }

    @Test
    void takesBackWhatIsHeld() {
        var target = fixture.admit(cancel().as("t"));
        fixture.settle(target, resolution(Reason.PROTECTED_CUSTOMER), null);

        assertTakenBack(target, fixture.withdraw(withdraw("t")));
    }

    @Test
    void takesBackWhatIsStalled() {
        var target = fixture.admit(cancel().as("t"));
        fixture.settle(target, resolution(Reason.RETRIES_EXHAUSTED), fence(fixture.claim()));

        assertTakenBack(target, fixture.withdraw(withdraw("t")));
    }

    @Test
    void takesBackWhatARunningBatchHasNotBegun() {
        var target = fixture.admit(cancel().as("t"));
        var batch = fixture.claim();
        var asRead = fixture.read(target);

        assertTakenBack(target, fixture.withdraw(withdraw("t")));

        assertThat(fixture.ledger().requests().settle(asRead, done(Effect.CANCELLED), fence(batch), fixture.now()))
                .isFalse();
        assertThat(fixture.ledger().requests().unfinishedOf(batch.number())).isEmpty();
    }

    @Test
    void keepsTheEffectThatThereIs() {
        var target = fixture.admit(cancel().as("t"));
        var batch = fixture.claim();
        fixture.reply(fixture.sendTry(target, batch), ReplyKind.DONE);
        fixture.pass(Duration.ofSeconds(1));
        fixture.settle(
                target,
                deferred(
                        Reason.ENDS_AT_TERM,
                        Effect.AUTO_RENEW_OFF,
                        fixture.now().plusSeconds(60)),
                fence(batch));

        fixture.withdraw(withdraw("t"));

        assertThat(fixture.read(target).reason()).isEqualTo(Reason.BY_SOURCE);
        assertThat(fixture.read(target).effect()).isEqualTo(Effect.AUTO_RENEW_OFF);
    }

    @Test
    void takesBackWhatWasDeclinedThrottledOrNeverLeft() {
        var target = fixture.admit(cancel().as("t"));
        var batch = fixture.claim();
        fixture.reply(fixture.sendTry(target, batch), ReplyKind.NOT_SENT);
        fixture.reply(fixture.sendTry(target, batch), ReplyKind.THROTTLED);

        assertTakenBack(target, fixture.withdraw(withdraw("t")));
    }

    @Test
    void wakesWhoWaitsForWhatIsTakenBack() {
        fixture.admit(unlink().as("t"));
        var later = fixture.admit(cancel());
        fixture.settle(
                later,
                waitingFor(fixture.ledger()
                        .requests()
                        .byKey(new RequestKey("/contoso/billing", "t"))
                        .orElseThrow()),
                null);

        fixture.withdraw(withdraw("t"));

        assertThat(fixture.read(later).dueAt()).isEqualTo(fixture.now());
    }

    @Test
    void comesTooLateWhenTheTargetIsFinal() {
        var target = fixture.admit(cancel().as("t"));
        fixture.settle(target, done(Effect.CANCELLED), null);

        var withdraw = fixture.withdraw(withdraw("t"));

        assertThat(withdraw.reason()).isEqualTo(Reason.TOO_LATE);
        assertThat(withdraw.message()).contains("succeeded: done, effect cancelled");
        assertThat(fixture.told(withdraw)).containsExactly(Reason.ADMITTED, Reason.TOO_LATE);
        assertThat(fixture.read(target).reason()).isEqualTo(Reason.DONE);
    }

    @Test
    void waitsForAnUnansweredTryAndComesTooLateWhenItWasDone() {
        var target = fixture.admit(cancel().as("t"));
        var batch = fixture.claim();
        var sent = fixture.sendTry(target, batch);

        var withdraw = fixture.withdraw(withdraw("t"));
        assertWaits(target, withdraw);

        fixture.reply(sent, ReplyKind.DONE);
        fixture.settle(target, done(Effect.CANCELLED), fence(batch));

        assertThat(fixture.told(target)).containsExactly(Reason.ADMITTED, Reason.DONE);
        assertThat(fixture.told(withdraw)).containsExactly(Reason.ADMITTED, Reason.TOO_LATE);
    }

    @Test
    void takesBackAfterAnUnansweredTryTurnedOutNotDone() {
        var target = fixture.admit(cancel().as("t"));
        var batch = fixture.claim();
        var sent = fixture.sendTry(target, batch);
        fixture.reply(sent, ReplyKind.LOST);
        fixture.settle(target, deferred(Reason.BUSY, fixture.now()), fence(batch));
        var withdraw = fixture.withdraw(withdraw("t"));
        assertWaits(target, withdraw);

        var again = fixture.claim();
        fixture.ledger().attempts().found(sent.id(), Finding.NOT_DONE, fixture.now());
        fixture.settle(target, deferred(Reason.BUSY, fixture.now()), fence(again));

        assertTakenBack(target, withdraw);
    }

    @Test
    void takesBackAfterAnUnansweredTryTurnedOutNotDoneAndTheRequestIsHandedBack() {
        var target = fixture.admit(cancel().as("t"));
        var batch = fixture.claim();
        var sent = fixture.sendTry(target, batch);
        var withdraw = fixture.withdraw(withdraw("t"));

        fixture.reply(sent, ReplyKind.NOT_SENT);
        fixture.ledger().requests().handBack(fixture.read(target), fixture.now(), fence(batch), fixture.now());

        assertTakenBack(target, withdraw);
    }

    @Test
    void waitsWhileADoneReplyIsNotSettledYet() {
        var target = fixture.admit(cancel().as("t"));
        fixture.reply(fixture.sendTry(target, fixture.claim()), ReplyKind.DONE);

        assertWaits(target, fixture.withdraw(withdraw("t")));
    }

    @Test
    void waitsWhileAnUnlinkIsBeingConfirmed() {
        var target = fixture.admit(unlink().as("t"));
        var batch = fixture.claim();
        fixture.reply(fixture.sendTry(target, batch), ReplyKind.DONE);
        fixture.pass(Duration.ofSeconds(1));
        fixture.settle(target, deferred(Reason.CONFIRMING, fixture.now()), fence(batch));

        var withdraw = fixture.withdraw(withdraw("t"));
        assertWaits(target, withdraw);
        fixture.settle(target, resolution(Reason.IN_DOUBT), fence(fixture.claim()));
        assertWaits(target, withdraw);
        fixture.settle(target, done(Effect.UNLINKED), null);

        assertThat(fixture.read(withdraw).reason()).isEqualTo(Reason.TOO_LATE);
    }

    @Test
    void waitsWhileAnUnlinkIsBeingConfirmedWhateverItsEffectIsSaidToBe() {
        var target = fixture.admit(unlink().as("t"));
        var batch = fixture.claim();
        fixture.reply(fixture.sendTry(target, batch), ReplyKind.DONE);
        fixture.pass(Duration.ofSeconds(1));
        fixture.settle(target, deferred(Reason.CONFIRMING, Effect.UNLINKED, fixture.now()), fence(batch));

        assertWaits(target, fixture.withdraw(withdraw("t")));
    }

    @Test
    void waitsWhileTheStateDoesNotSayWhatADoneCallChanged() {
        var target = fixture.admit(cancel().as("t"));
        var batch = fixture.claim();
        fixture.reply(fixture.sendTry(target, batch), ReplyKind.DONE);
        fixture.pass(Duration.ofSeconds(1));
        fixture.settle(target, resolution(Reason.BRAKE_ON), fence(batch));

        assertWaits(target, fixture.withdraw(withdraw("t")));
    }

    @Test
    void waitsWhileACallIsAcceptedByPartnerCenter() {
        var target = fixture.admit(cancel().as("t"));
        var batch = fixture.claim();
        fixture.reply(fixture.sendTry(target, batch), ReplyKind.ACCEPTED);
        fixture.settle(target, deferred(Reason.ACCEPTED_BY_PARTNER_CENTER, fixture.now()), fence(batch));

        assertWaits(target, fixture.withdraw(withdraw("t")));
    }

    @Test
    void settlesEveryWithdrawThatWaitsForTheSameTarget() {
        var target = fixture.admit(cancel().as("t"));
        var batch = fixture.claim();
        var sent = fixture.sendTry(target, batch);
        var first = fixture.withdraw(withdraw("t"));
        var second = fixture.withdraw(withdraw("t"));

        fixture.reply(sent, ReplyKind.THROTTLED);
        fixture.settle(target, deferred(Reason.BUSY, fixture.now()), fence(batch));

        assertTakenBack(target, first);
        assertThat(fixture.told(second)).containsExactly(Reason.ADMITTED, Reason.DONE);
    }

    @Test
    void isRememberedAndWinsWhenItArrivesFirst() {
        var withdraw = fixture.withdraw(withdraw("t"));
        assertThat(withdraw.status()).isEqualTo(Status.ACCEPTED);
        assertThat(withdraw.dueAt()).isEqualTo(fixture.now().plus(Duration.ofDays(30)));

        var other = fixture.admit(cancel().as("t").from("/another/source"));
        var target = fixture.admit(cancel().as("t"));

        assertTakenBack(target, withdraw);
        assertThat(fixture.read(other).status()).isEqualTo(Status.ACCEPTED);
    }

    @Test
    void canBeClaimedOnlyWhenItIsToBeForgotten() {
        var withdraw = fixture.withdraw(withdraw("never seen"));
        assertThat(fixture.claimAs("node-1")).isEmpty();

        fixture.pass(Duration.ofDays(30));
        var batch = fixture.claim();
        fixture.settle(withdraw, resolution(Reason.UNKNOWN_REQUEST), fence(batch));

        assertThat(fixture.told(withdraw)).containsExactly(Reason.ADMITTED, Reason.UNKNOWN_REQUEST);
    }

    @Test
    void cannotTakeBackAnotherWithdraw() {
        fixture.withdraw(withdraw("t").as("w"));

        assertThat(fixture.withdraw(withdraw("w")).reason()).isEqualTo(Reason.OPERATION_NOT_ALLOWED);
    }

    private void assertTakenBack(Request target, Request withdraw) {
        var taken = fixture.read(target);
        assertThat(taken.status()).isEqualTo(Status.WITHDRAWN);
        assertThat(taken.reason()).isEqualTo(Reason.BY_SOURCE);
        assertThat(taken.effect()).isEqualTo(Effect.NONE);
        assertThat(taken.dueAt()).isNull();
        assertThat(fixture.told(target)).last().isEqualTo(Reason.BY_SOURCE);
        assertThat(fixture.read(withdraw).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(fixture.read(withdraw).dueAt()).isNull();
        assertThat(fixture.told(withdraw)).containsExactly(Reason.ADMITTED, Reason.DONE);
    }

    private void assertWaits(Request target, Request withdraw) {
        assertThat(fixture.read(target).isFinal()).isFalse();
        assertThat(fixture.read(target).withdrawnBy()).isEqualTo(withdraw.number());
        assertThat(fixture.read(withdraw).status()).isEqualTo(Status.ACCEPTED);
        assertThat(fixture.read(withdraw).dueAt()).isNull();
    }
}
