package dev.offramp.safety;

import static dev.offramp.testing.Admissions.START;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.Admissions.unlink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Attempts.Finding;
import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Fence;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Step;
import dev.offramp.partnercenter.Permit;
import dev.offramp.safety.Brake.Pulled;
import dev.offramp.safety.Pass.Why;
import dev.offramp.testing.Admissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the gate opens for and what it stays shut for, over rows in memory. */
class GateDecisionTests {

    private static final Step UNLINK = new Step.RemoveRelationship();

    private final FakeLedger ledger = new FakeLedger();
    private final List<Pulled> pulled = new ArrayList<>();
    private TenantDoubt.@Nullable Doubt doubt;
    private Mode mode = Mode.LIVE;
    private Instant now = START;
    private long number;

    @Test
    void opensWhenAllHoldsAndWritesTheTryBeforeItGrants() {
        var request = ready(unlink());

        var granted = (Pass.Granted) gate().pass(wish(request));

        var written = granted.written();
        assertThat(granted.permit())
                .isEqualTo(new Permit(
                        request.operation(),
                        request.customerId(),
                        UNLINK,
                        written.msRequestId(),
                        written.msCorrelationId(),
                        5_000 + Duration.ofSeconds(2).toNanos()));
        assertThat(ledger.tries(request)).containsExactly(written);
        assertThat(written.gatedAt()).isEqualTo(START);
        assertThat(written.node()).isEqualTo("node-3");
        assertThat(written.beforeImage()).isEqualTo("{}");
        assertThat(ledger.told).containsExactly("locked 1", "committed", "told of a try of " + request.key());
    }

    @Test
    void staysShutOnceTheLeaseIsOver() {
        var request = ready(unlink());
        ledger.leaseUntil = START;

        assertShut(request, Why.LEASE_LOST, "The lease of this batch is no longer ours.");
    }

    @Test
    void staysShutUnderALeaseThatIsAnothers() {
        var request = ready(unlink());

        assertThat(why(gate().pass(wish(request, UNLINK, new Fence(7, 2), START))))
                .isEqualTo(Why.LEASE_LOST);
    }

    @Test
    void staysShutWhenTheRequestIsNotAsItWasRead() {
        var request = ready(unlink());

        ledger.keep(Given.settled(request, Reason.ADMITTED));
        assertShut(request, Why.STATE_CHANGED, "The request changed since it was read.");
        ledger.keep(Given.withdrawn(request, 2));
        assertShut(request, Why.STATE_CHANGED, "The request changed since it was read.");
        ledger.keep(Given.inBatch(request, 8));
        assertShut(request, Why.STATE_CHANGED, "The request changed since it was read.");
        assertThat(ledger.told).noneMatch(each -> each.startsWith("gave back"));

        var unknown = Given.inBatch(Given.request(99, unlink()), FakeLedger.OURS.batch());
        assertShut(unknown, Why.STATE_CHANGED, "The request changed since it was read.");
    }

    @Test
    void staysShutForWhatIsFinalAndGivesItsPermitBack() {
        var request = ready(unlink());
        ledger.keep(Given.as(request, Reason.BY_SOURCE));

        assertShut(request, Why.STATE_CHANGED, "The request changed since it was read.");

        assertThat(ledger.told).contains("gave back 1 unlink");
    }

    @Test
    void staysShutForAllThatIsNotLive() {
        String sentence = "Only live requests are carried out, and only while the mode is live.";
        assertShut(ready(unlink().observed()), Why.NOT_LIVE, sentence);
        assertShut(ready(unlink().planOnly()), Why.NOT_LIVE, sentence);
        mode = Mode.OBSERVE;
        assertShut(ready(unlink()), Why.NOT_LIVE, sentence);
    }

    @Test
    void staysShutUnderABrakeThatApplies() {
        var request = ready(unlink().from("/contoso/crm").inGroup("wave-1"));

        pull(Brake.Scope.SOURCE, "/contoso/billing");
        pull(Brake.Scope.GROUP, "wave-1");
        assertShut(request, Why.BRAKE_IN_PART, "The brake on group wave-1 was pulled by jane: stop");

        pulled.clear();
        pull(Brake.Scope.ALL, "");
        assertShut(request, Why.BRAKE, "The brake on everything was pulled by jane: stop");

        pulled.clear();
        pull(Brake.Scope.OPERATION, "cancel-subscription");
        assertThat(gate().pass(wish(request))).isInstanceOf(Pass.Granted.class);
    }

    @Test
    void staysShutForAProtectedCustomerAndThePartnersOwnTenant() {
        for (var each : List.of(customer("protected"), CustomerId.of(Admissions.PARTNER.value()))) {
            assertShut(
                    ready(unlink().of(each)), Why.PROTECTED, "Customer %s is on the protected list.".formatted(each));
        }
    }

    @Test
    void staysShutForUnlinksOfASourceInDoubt() {
        var request = ready(unlink());
        doubt = new TenantDoubt.Doubt("/contoso/billing", START, "4 in a row");

        assertThat(why(gate().pass(wish(request)))).isEqualTo(Why.TENANT_DOUBT);
        assertThat(gate().pass(wish(ready(Given.released(request, Reason.CONFIRMATION_NEEDED, "seen")))))
                .isInstanceOf(Pass.Granted.class);
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        ",          ,         An earlier try of this request is without a reply.",
        "LOST,      ,         An earlier try of this request is without a reply.",
        "DONE,      ,         An earlier try of this step was accepted.",
        "ACCEPTED,  ,         An earlier try of this step was accepted.",
        "LOST,      DONE,     An earlier try of this step was accepted.",
        ",          DONE,     An earlier try of this step was accepted.",
        "LOST,      NOT_DONE, ",
        ",          NOT_DONE, ",
        "THROTTLED, ,         ",
        "BUSY,      ,         ",
        "STALE,     ,         ",
        "DECLINED,  ,         ",
        "DENIED,    ,         ",
        "NOT_SENT,  ,         "
    })
    void staysShutAfterATryThatMayHaveWorked(
            @Nullable ReplyKind reply, @Nullable Finding finding, @Nullable String sentence) {
        var request = ready(unlink());
        ledger.sent(request, "unlink", reply, 200, finding);

        var pass = gate().pass(wish(request));

        assertThat(pass instanceof Pass.Refused(Why _, String said) ? said : null)
                .isEqualTo(sentence);
        assertThat(ledger.tries(request)).hasSize(sentence == null ? 2 : 1);
    }

    @Test
    void opensForAStepAfterAnotherOneWasDoneButNotWhileThatIsInDoubt() {
        var request = ready(unlink());
        ledger.sent(request, "suspend:a", ReplyKind.DONE, 200, null);
        assertThat(gate().pass(wish(request))).isInstanceOf(Pass.Granted.class);

        var other = ready(unlink());
        ledger.sent(other, "suspend:a", null, 0, null);
        assertThat(why(gate().pass(wish(other)))).isEqualTo(Why.UNANSWERED_TRY);
    }

    @Test
    void staysShutWithoutAPermitForThisVeryStep() {
        var request = ledger.keep(Given.inBatch(Given.request(1, unlink()), FakeLedger.OURS.batch()));
        ledger.permit(request, "suspend:a");

        assertShut(request, Why.NO_PERMIT, "No permit is reserved for this step.");
    }

    @Test
    void staysShutWhenTheFactsAreTooOld() {
        var request = ready(unlink());
        now = START.plusSeconds(30).plusNanos(1);

        assertShut(request, Why.FACTS_TOO_OLD, "The facts are older than 30 s.");
        now = START.plusSeconds(30);
        assertThat(gate().pass(wish(request))).isInstanceOf(Pass.Granted.class);
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_SENT,  ,         0,   true",
        ",          NOT_DONE, 0,   true",
        "LOST,      NOT_DONE, 0,   true",
        "LOST,      NOT_DONE, 502, false",
        "THROTTLED, ,         429, false",
        "STALE,     ,         412, false"
    })
    void keepsTheRequestIdAsLongAsNoResponseWasSeen(
            @Nullable ReplyKind reply, @Nullable Finding finding, int status, boolean same) {
        var request = ready(unlink());
        var first = ledger.sent(request, "unlink", reply, status, finding);

        var second = granted(request);

        assertThat(second.msRequestId().equals(first.msRequestId())).isEqualTo(same);
        assertThat(second.msCorrelationId()).isNotEqualTo(first.msCorrelationId());
    }

    @Test
    void goesByTheNewestTryOfTheStepForTheRequestId() {
        var request = ready(unlink());
        ledger.sent(request, "unlink", ReplyKind.THROTTLED, 429, null);
        var second = ledger.sent(request, "unlink", ReplyKind.NOT_SENT, 0, null);
        ledger.sent(request, "suspend:a", ReplyKind.NOT_SENT, 0, null);

        assertThat(granted(request).msRequestId()).isEqualTo(second.msRequestId());
    }

    @ParameterizedTest
    @EnumSource(ReplyKind.class)
    void neverSendsAgainWhatWasFoundDone(ReplyKind reply) {
        var request = ready(unlink());
        ledger.sent(request, "unlink", reply, 200, Finding.DONE);

        assertThat(why(gate().pass(wish(request)))).isEqualTo(Why.UNANSWERED_TRY);
    }

    private Gate gate() {
        return new Gate(
                ledger,
                ledger.transactions(),
                ledger.requests(),
                ledger.attempts(),
                ledger.batches(),
                brake(),
                tenantDoubt(),
                () -> now,
                () -> 5_000,
                ProtectedCustomers.of(Set.of(customer("protected")), Admissions.PARTNER),
                new Gate.Terms(mode, "node-3", Duration.ofSeconds(30), Duration.ofSeconds(2)),
                new GateJournal() {
                    @Override
                    public void tryWritten(Request request, Try written) {
                        ledger.told.add("told of a try of " + request.key());
                    }
                });
    }

    private Request ready(Admissions admission) {
        return ready(Given.inBatch(Given.request(++number, admission), FakeLedger.OURS.batch()));
    }

    private Request ready(Request request) {
        ledger.keep(request);
        ledger.permit(request, UNLINK.word());
        return request;
    }

    private Gate.Wish wish(Request request) {
        return wish(request, UNLINK, FakeLedger.OURS, START);
    }

    private static Gate.Wish wish(Request request, Step step, Fence fence, Instant readAt) {
        return new Gate.Wish(request, step, fence, readAt, "{}");
    }

    private Try granted(Request request) {
        return ((Pass.Granted) gate().pass(wish(request))).written();
    }

    private void assertShut(Request request, Why why, String sentence) {
        assertThat(gate().pass(wish(request))).isEqualTo(new Pass.Refused(why, sentence));
        assertThat(ledger.tries(request)).isEmpty();
        assertThat(ledger.told).noneMatch(each -> each.startsWith("told of"));
    }

    private static Why why(Pass pass) {
        return ((Pass.Refused) pass).why();
    }

    private void pull(Brake.Scope scope, String name) {
        pulled.add(new Pulled(scope, name, START, "jane", "stop"));
    }

    private Brake brake() {
        return new Brake() {
            @Override
            public void pull(Scope scope, String name, String who, String cause, Instant at) {}

            @Override
            public boolean release(Scope scope, String name, String who, String cause, Instant at) {
                return false;
            }

            @Override
            public List<Pulled> list() {
                return pulled;
            }
        };
    }

    private TenantDoubt tenantDoubt() {
        return new TenantDoubt() {
            @Override
            public void note(Request request, long batch, boolean foreign, Instant at) {}

            @Override
            public Optional<Doubt> of(String source) {
                return Optional.ofNullable(doubt).filter(each -> each.source().equals(source));
            }

            @Override
            public List<Doubt> list() {
                return List.of();
            }

            @Override
            public boolean clear(String source, String who, String cause, Instant at) {
                return false;
            }
        };
    }
}
