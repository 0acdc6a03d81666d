package dev.offramp.ledger;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.Admissions.subscription;
import static dev.offramp.testing.Admissions.unlink;
import static dev.offramp.testing.LedgerFixture.deferred;
import static dev.offramp.testing.LedgerFixture.done;
import static dev.offramp.testing.LedgerFixture.fence;
import static dev.offramp.testing.LedgerFixture.resolution;
import static dev.offramp.testing.LedgerFixture.waitingFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Requests.Filter;
import dev.offramp.ledger.Requests.Filter.By;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Expectation;
import dev.offramp.offboarding.OrderTarget;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class RequestsTests {

    private final LedgerFixture fixture;
    private final Requests requests;

    RequestsTests(TestDatabase database) {
        fixture = LedgerFixture.over(database.fresh());
        requests = fixture.ledger().requests();
    }

    @Test
    void readsBackWhatWasAdmitted() {
        var admission = cancel().of(customer("contoso"))
                .inGroup("terminations")
                .notBefore(fixture.now().plusSeconds(60))
                .expecting(new Expectation("offer", 25, null, "Contoso"))
                .readAt("offramp.requests", 3, 4711)
                .build();

        var number = requests.admit(List.of(admission), fixture.now()).getFirst();

        var request = fixture.read(number);
        assertThat(request.admission()).isEqualTo(admission);
        assertThat(request.status()).isEqualTo(Status.ACCEPTED);
        assertThat(request.reason()).isEqualTo(Reason.ADMITTED);
        assertThat(request.sequence()).isEqualTo(1);
        assertThat(request.dueAt()).isEqualTo(fixture.now().plusSeconds(60));
        assertThat(requests.byKey(admission.key())).contains(request);
        assertThat(requests.digests(List.of(admission.key(), new RequestKey("/x", "y"))))
                .isEqualTo(Map.of(admission.key(), admission.digest()));
    }

    @Test
    void isReadyAtOnceWhenItsEarliestTimeIsPast() {
        var request = fixture.admit(cancel().notBefore(fixture.now().minusSeconds(60)));

        assertThat(request.dueAt()).isEqualTo(fixture.now());
    }

    @Test
    void tellsThatARequestWasAdmitted() {
        var request = fixture.admit(cancel());

        assertThat(fixture.ledger().outcomes().unsent(10)).singleElement().satisfies(outcome -> {
            assertThat(outcome.request()).isEqualTo(request);
            assertThat(outcome.sequence()).isEqualTo(1);
            assertThat(outcome.reason()).isEqualTo(Reason.ADMITTED);
        });
    }

    @Test
    void numbersRequestsInTheGivenOrder() {
        var admissions = IntStream.range(0, 500)
                .mapToObj(i -> cancel().of(customer("c" + i)).build())
                .toList();

        var numbers = requests.admit(admissions, fixture.now());

        assertThat(numbers).hasSize(500).isSorted();
        assertThat(fixture.read(numbers.get(123)).admission()).isEqualTo(admissions.get(123));
        assertThat(fixture.ledger().outcomes().countUnsent()).isEqualTo(500);
        assertThat(requests.countOpen()).isEqualTo(500);
    }

    @Test
    void refusesASecondRequestOfTheSameKeyAndKeepsNothingOfItsPoll() {
        fixture.admit(cancel().as("first"));

        assertThatThrownBy(() -> fixture.admit(cancel().as("second"), cancel().as("first")))
                .isInstanceOf(DataIntegrityViolationException.class);

        assertThat(requests.countOpen()).isEqualTo(1);
        assertThat(requests.byKey(new RequestKey("/contoso/billing", "second"))).isEmpty();
    }

    @Test
    void rejectsWithASingleFinalOutcome() {
        var number = requests.reject(cancel().build(), resolution(Reason.TOO_OLD), fixture.now());

        var request = fixture.read(number);
        assertThat(request.status()).isEqualTo(Status.REJECTED);
        assertThat(request.settledAt()).isEqualTo(fixture.now());
        assertThat(request.dueAt()).isNull();
        assertThat(fixture.told(request)).containsExactly(Reason.TOO_OLD);
        assertThat(fixture.claimAs("node-1")).isEmpty();
    }

    @Test
    void settlesWithStateOutcomeAndToSendRowTogether() {
        var request = fixture.admit(cancel());
        var batch = fixture.claim();
        var details = Details.with()
                .confirmedBy("response")
                .refund(new Details.Refund("full", Instant.parse("2026-12-01T00:00:00Z"), 25))
                .partnerCenter(new Details.PartnerCenterAnswer(200, null, null, "a", "b"))
                .build();

        assertThat(fixture.settle(
                        request, Resolution.of(Reason.DONE, Effect.CANCELLED, "Cancelled.", details), fence(batch)))
                .isTrue();

        var settled = fixture.read(request);
        assertThat(settled.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(settled.effect()).isEqualTo(Effect.CANCELLED);
        assertThat(settled.batch()).isEqualTo(batch.number());
        assertThat(settled.settledAt()).isEqualTo(fixture.now());
        assertThat(fixture.outcomes(request)).last().satisfies(outcome -> {
            assertThat(outcome.sequence()).isEqualTo(2);
            assertThat(outcome.details()).isEqualTo(details);
            assertThat(outcome.batch()).isEqualTo(batch.number());
        });
        assertThat(fixture.ledger().outcomes().countUnsent()).isEqualTo(2);
        assertThat(requests.unfinishedOf(batch.number())).isEmpty();
        assertThat(requests.countsOf(batch.number())).isEqualTo(Map.of(Status.SUCCEEDED, 1L));
    }

    @Test
    void tellsWhatBecameOfItInTheTransactionOfTheChangeHoweverTheProcessEnds() {
        var request = fixture.admit(cancel());
        var batch = fixture.claim();
        fixture.transactions().executeWithoutResult(transaction -> {
            fixture.settle(request, done(Effect.CANCELLED), fence(batch));
            transaction.setRollbackOnly();
        });
        assertThat(fixture.read(request).isFinal()).isFalse();
        assertThat(fixture.told(request)).containsExactly(Reason.ADMITTED);

        // It dies in the moment in which the change is committed.
        assertThatThrownBy(() -> fixture.transactions().executeWithoutResult(_ -> {
                    TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                        @Override
                        public void afterCommit() {
                            throw new IllegalStateException("the process dies");
                        }
                    });
                    fixture.settle(request, done(Effect.CANCELLED), fence(batch));
                }))
                .hasMessage("the process dies");

        assertThat(fixture.read(request).isFinal()).isTrue();
        assertThat(fixture.told(request)).containsExactly(Reason.ADMITTED, Reason.DONE);
    }

    @Test
    void changesNothingOverAStateThatIsNoLongerTheOneRead() {
        var request = fixture.admit(cancel());
        var asRead = fixture.read(request);
        fixture.settle(request, deferred(Reason.BUSY, fixture.now().plusSeconds(5)), null);

        assertThat(requests.settle(asRead, done(Effect.CANCELLED), null, fixture.now()))
                .isFalse();

        assertThat(fixture.read(request).status()).isEqualTo(Status.DEFERRED);
        assertThat(fixture.told(request)).containsExactly(Reason.ADMITTED, Reason.BUSY);
    }

    /** Where no outcome would be told, nothing but the version tells that the state is another one. */
    @Test
    void keepsWhatCameBetweenReadingAndWriting() {
        var request = fixture.admit(cancel());
        var busy = deferred(Reason.BUSY, fixture.now().plusSeconds(5));
        fixture.settle(request, busy, null);
        var asRead = fixture.read(request);
        fixture.settle(request, deferred(Reason.CONFIRMING, fixture.now().plusSeconds(900)), null);

        assertThat(requests.settle(asRead, busy, null, fixture.now())).isFalse();
        assertThat(fixture.read(request).reason()).isEqualTo(Reason.CONFIRMING);
        assertThat(fixture.told(request)).containsExactly(Reason.ADMITTED, Reason.BUSY, Reason.CONFIRMING);
    }

    @Test
    void handsBackNothingOverAStateThatIsNoLongerTheOneRead() {
        var request = fixture.admit(cancel());
        fixture.claim();
        var asRead = fixture.read(request);
        var later = fixture.now().plusSeconds(900);
        fixture.settle(request, deferred(Reason.CONFIRMING, later), null);

        assertThat(requests.handBack(asRead, fixture.now(), null, fixture.now()))
                .isFalse();
        assertThat(fixture.read(request).dueAt()).isEqualTo(later);
    }

    @Test
    void neverOpensAFinalRequestAgain() {
        var request = fixture.admit(cancel());
        fixture.settle(request, done(Effect.CANCELLED), null);

        assertThat(fixture.settle(request, resolution(Reason.GIVEN_UP_BY_OPERATOR), null))
                .isFalse();
        assertThat(fixture.told(request)).containsExactly(Reason.ADMITTED, Reason.DONE);
    }

    @Test
    void changesNothingUnderALeaseThatHasRunOut() {
        var request = fixture.admit(cancel());
        var batch = fixture.claim();
        fixture.pass(LedgerFixture.LEASE);

        assertThat(fixture.settle(request, done(Effect.CANCELLED), fence(batch)))
                .isFalse();
        assertThat(requests.handBack(fixture.read(request), fixture.now(), fence(batch), fixture.now()))
                .isFalse();
        assertThat(fixture.told(request)).containsExactly(Reason.ADMITTED);
    }

    @Test
    void changesNothingUnderTheLeaseOfAnotherBatch() {
        var request = fixture.admit(cancel());
        fixture.claim();
        fixture.admit(cancel().of(customer("other")));
        var other = fixture.claim();

        assertThat(fixture.settle(request, done(Effect.CANCELLED), fence(other)))
                .isFalse();
    }

    @Test
    void leavesItsBatchWhenItIsDeferred() {
        var request = fixture.admit(cancel());
        var batch = fixture.claim();
        var wakeAt = fixture.now().plusSeconds(30);

        fixture.settle(request, deferred(Reason.BUSY, wakeAt), fence(batch));

        var deferred = fixture.read(request);
        assertThat(deferred.batch()).isNull();
        assertThat(deferred.item()).isNull();
        assertThat(deferred.lastBatch()).isEqualTo(batch.number());
        assertThat(deferred.dueAt()).isEqualTo(wakeAt);
        assertThat(deferred.deferrals()).isEqualTo(1);
        assertThat(requests.countsOf(batch.number())).isEqualTo(Map.of(Status.DEFERRED, 1L));
    }

    @Test
    void tellsTheSameDeferralOnlyOnceAndCountsIt() {
        var request = fixture.admit(cancel());
        for (int time = 1; time <= 3; time++) {
            fixture.settle(request, deferred(Reason.BUSY, fixture.pass(Duration.ofSeconds(1))), fence(fixture.claim()));
            assertThat(fixture.read(request).deferrals()).isEqualTo(time);
        }
        assertThat(fixture.told(request)).containsExactly(Reason.ADMITTED, Reason.BUSY);

        fixture.settle(request, resolution(Reason.IN_DOUBT), fence(fixture.claim()));
        assertThat(fixture.read(request).deferrals()).isZero();
        fixture.settle(request, resolution(Reason.IN_DOUBT), null);

        assertThat(fixture.told(request)).containsExactly(Reason.ADMITTED, Reason.BUSY, Reason.IN_DOUBT);
        assertThat(fixture.outcomes(request))
                .extracting(Outcomes.Outcome::sequence)
                .containsExactly(1, 2, 3);
    }

    @Test
    void leavesItsBatchAndWaitsForAPersonWhenItIsHeld() {
        var request = fixture.admit(cancel().inGroup("g"));
        var batch = fixture.claim();

        fixture.settle(request, resolution(Reason.BUDGET_EXCEEDED), fence(batch));

        var held = fixture.read(request);
        assertThat(held.batch()).isNull();
        assertThat(held.dueAt()).isNull();
        assertThat(requests.first(Filter.ALL.and(Status.HELD), 10)).containsExactly(held);
        assertThat(requests.list(Filter.ALL.and(Status.HELD), null, 10)).containsExactly(held);
        assertThat(requests.list(Filter.ALL, held.number(), 10)).isEmpty();
    }

    @Test
    void isFoundByEachMemberAlone() {
        var customer = customer("found");
        var request = fixture.admit(cancel().of(customer, subscription("found"))
                .from("/contoso/crm")
                .inGroup("g")
                .as("found"));
        fixture.admit(unlink().of(customer("other")));
        Map<By, Object> each = Map.of(
                By.NUMBER, request.number(),
                By.CUSTOMER, customer.value(),
                By.SUBSCRIPTION, subscription("found").value(),
                By.SOURCE, "/contoso/crm",
                By.ID, "found",
                By.OPERATION, "cancel-subscription",
                By.GROUP, "g");

        each.forEach((member, value) -> {
            assertThat(requests.list(Filter.ALL.and(member, value), null, 10))
                    .as("%s", member)
                    .containsExactly(request);
            assertThat(requests.count(Filter.ALL.and(member, value))).isEqualTo(1);
            assertThat(requests.lockAll(Filter.ALL.and(member, value))).containsExactly(request.number());
        });
        assertThat(requests.count(new Filter(each))).isEqualTo(1);
        assertThat(requests.count(Filter.ALL.and(By.JOB, request.admission().job())))
                .isEqualTo(2);
        assertThat(requests.count(Filter.ALL.and(By.RUN, 7L))).isZero();
        var ordered = fixture.admit(cancel().ofOrder(customer, "Abc_1", 2));
        assertThat(ordered.order()).isEqualTo(new OrderTarget("Abc_1", 2));
        assertThat(requests.list(Filter.ALL.and(By.ORDER, "Abc_1"), null, 10)).containsExactly(ordered);
        assertThat(requests.count(Filter.ALL.and(By.REASON, "admitted").and(Status.ACCEPTED)))
                .isEqualTo(3);
    }

    @Test
    void isReadyAgainAndReleasedFromWhatItWasHeldForWhenAPersonLetsItGoOn() {
        var request = fixture.admit(cancel());
        fixture.settle(request, resolution(Reason.BUDGET_EXCEEDED), null);

        fixture.settle(request, resolution(Reason.ADMITTED), null);

        var ready = fixture.read(request);
        assertThat(ready.status()).isEqualTo(Status.ACCEPTED);
        assertThat(ready.dueAt()).isEqualTo(fixture.now());
        assertThat(ready.released().reasons()).containsExactly(Reason.BUDGET_EXCEEDED);
        assertThat(fixture.told(request)).containsExactly(Reason.ADMITTED, Reason.BUDGET_EXCEEDED, Reason.ADMITTED);

        fixture.settle(request, resolution(Reason.EXPECTATION_MISMATCH), null);
        fixture.settle(request, resolution(Reason.ADMITTED), null);
        assertThat(fixture.read(request).released().reasons())
                .containsExactlyInAnyOrder(Reason.BUDGET_EXCEEDED, Reason.EXPECTATION_MISMATCH);
    }

    @Test
    void isReleasedFromNothingWhenItWasNotHeld() {
        var request = fixture.admit(cancel());
        var batch = fixture.claim();
        fixture.settle(request, resolution(Reason.RETRIES_EXHAUSTED), fence(batch));

        fixture.settle(request, resolution(Reason.ADMITTED), null);

        assertThat(fixture.read(request).released().reasons()).isEmpty();
        assertThat(fixture.read(request).batch()).isNull();
    }

    @Test
    void staysInItsBatchWhenItIsStalled() {
        var request = fixture.admit(cancel());
        var batch = fixture.claim();

        fixture.settle(request, resolution(Reason.RETRIES_EXHAUSTED), fence(batch));

        assertThat(requests.unfinishedOf(batch.number())).containsExactly(fixture.read(request));
        assertThat(requests.unfinishedItems(batch.number(), 0, 10)).containsExactly(1);
        assertThat(requests.ofItem(batch.number(), 1)).hasSize(1);
    }

    @Test
    void isHandedBackWithoutAWord() {
        var request = fixture.admit(cancel());
        var batch = fixture.claim();

        assertThat(requests.handBack(fixture.read(request), fixture.now(), fence(batch), fixture.now()))
                .isTrue();

        assertThat(fixture.told(request)).containsExactly(Reason.ADMITTED);
        assertThat(fixture.read(request).batch()).isNull();
        assertThat(fixture.claim().requests()).isEqualTo(1);
    }

    @Test
    void wakesWhoWaitsForItWhenItBecomesFinal() {
        var earlier = fixture.admit(unlink());
        var later = fixture.admit(cancel());
        fixture.settle(later, waitingFor(earlier), null);
        assertThat(fixture.read(later).dueAt()).isNull();
        assertThat(fixture.read(later).waitsFor()).isEqualTo(earlier.number());

        fixture.settle(earlier, resolution(Reason.RESERVATIONS), null);

        assertThat(fixture.read(later).dueAt()).isEqualTo(fixture.now());
        assertThat(fixture.read(later).waitsFor()).isNull();
    }

    @Test
    void isDueAtOnceWhenWhatItWaitsForIsFinalAlready() {
        var earlier = fixture.admit(unlink());
        var later = fixture.admit(cancel());
        fixture.settle(earlier, resolution(Reason.RESERVATIONS), null);

        fixture.settle(later, waitingFor(earlier), null);

        assertThat(fixture.read(later).dueAt()).isEqualTo(fixture.now());
        assertThat(fixture.read(later).waitsFor()).isNull();
    }

    @Test
    void knowsWhichEarlierRequestsAreOnTheWire() {
        var idle = fixture.admit(cancel());
        var sent = fixture.admit(cancel());
        var declined = fixture.admit(cancel());
        fixture.admit(cancel().of(customer("other")));
        var batch = fixture.claim();
        fixture.sendTry(sent, batch);
        fixture.reply(fixture.sendTry(declined, batch), ReplyKind.DECLINED);
        fixture.withdraw(Admissions.withdraw("unseen"));
        var last = fixture.admit(unlink());

        assertThat(requests.openBefore(customer("contoso"), last.number()))
                .extracting(each -> each.request().number(), Requests.EarlierRequest::onTheWire)
                .containsExactly(
                        tuple(idle.number(), false), tuple(sent.number(), true), tuple(declined.number(), false));
    }

    @Test
    void knowsWhichLaterRequestsAreOnTheWire() {
        var unlink = fixture.admit(unlink());
        fixture.admit(cancel());
        var sent = fixture.admit(cancel());
        var done = fixture.admit(cancel());
        var other = fixture.admit(cancel().of(customer("other")));
        var batch = fixture.claim();
        fixture.sendTry(sent, batch);
        fixture.sendTry(done, batch);
        fixture.sendTry(other, batch);
        fixture.settle(done, LedgerFixture.done(Effect.CANCELLED), fence(batch));

        assertThat(requests.onTheWireAfter(customer("contoso"), unlink.number()))
                .extracting(Request::number)
                .containsExactly(sent.number());
        assertThat(requests.onTheWireAfter(customer("contoso"), sent.number())).isEmpty();
    }

    @Test
    void givesAReservedPermitBackUnlessATryMayHaveLeft() {
        var unsent = fixture.admit(cancel());
        var notSent = fixture.admit(cancel());
        var sent = fixture.admit(cancel());
        var stalled = fixture.admit(cancel());
        var batch = fixture.claim();
        List.of(unsent, notSent, sent, stalled).forEach(this::reservePermit);
        fixture.reply(fixture.sendTry(notSent, batch), ReplyKind.NOT_SENT);
        fixture.reply(fixture.sendTry(sent, batch), ReplyKind.THROTTLED);

        fixture.settle(unsent, deferred(Reason.BUSY, fixture.now()), fence(batch));
        fixture.settle(notSent, resolution(Reason.WINDOW_CLOSED), fence(batch));
        fixture.settle(sent, deferred(Reason.BUSY, fixture.now()), fence(batch));
        fixture.settle(stalled, resolution(Reason.BRAKE_ON), fence(batch));

        assertThat(permitOf(unsent)).isEmpty();
        assertThat(permitOf(notSent)).isEmpty();
        assertThat(permitOf(sent)).containsExactly("spent");
        assertThat(permitOf(stalled)).containsExactly("reserved");

        requests.handBack(fixture.read(stalled), fixture.now(), fence(batch), fixture.now());
        assertThat(permitOf(stalled)).isEmpty();
    }

    private void reservePermit(Request request) {
        fixture.jdbc().sql("""
                insert into permit (request_number, step, operation, customer_id, state, reserved_at)
                select number, operation, operation, customer_id, 'reserved', admitted_at
                from request where number = :number
                """).param("number", request.number()).update();
    }

    private List<String> permitOf(Request request) {
        return fixture.jdbc()
                .sql("select state from permit where request_number = :number")
                .param("number", request.number())
                .query(String.class)
                .list();
    }
}
