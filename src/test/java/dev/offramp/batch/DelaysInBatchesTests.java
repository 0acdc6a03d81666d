package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.unlink;
import static dev.offramp.testing.Definitions.job;
import static dev.offramp.testing.Definitions.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.job.Jobs;
import dev.offramp.job.RunWindow;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Expectation;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Step;
import dev.offramp.partnercenter.Permit;
import dev.offramp.safety.Guards;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is put off by itself, is withdrawn meanwhile, and goes on when its time has come. */
@OnBothDatabases
class DelaysInBatchesTests {

    /** Everything begins at 08:15:30Z: this is shut then. */
    private static final RunWindow NIGHTS =
            new RunWindow(EnumSet.allOf(DayOfWeek.class), LocalTime.of(20, 0), LocalTime.of(6, 0), ZoneOffset.UTC);

    private static final Instant COOL = Instant.parse("2026-11-20T09:15:30Z");

    private static final Instant OPENS = Instant.parse("2026-11-20T20:00:00Z");

    private static final Instant THAWS = Instant.parse("2027-01-03T23:00:00Z");

    private static final String COOLS =
            "It cools off for 1 h after it was admitted; until 2026-11-20T09:15:30Z it can still be withdrawn.";

    private final BatchNode node;

    DelaysInBatchesTests(TestDatabase database) {
        node = BatchNode.over(
                Jobs.of(List.of(with(NIGHTS, job("nightly", Operation.REMOVE_RESELLER_RELATIONSHIP)))),
                database.fresh(),
                "offramp.safety.budget.customers.remove-reseller-relationship=1",
                "offramp.safety.cooling-off.remove-reseller-relationship=1h",
                "offramp.safety.freezes[0].from=2026-12-19",
                "offramp.safety.freezes[0].until=2027-01-03",
                "offramp.safety.freezes[0].time-zone=Europe/Berlin",
                "offramp.safety.freezes[0].reason=Holidays",
                "offramp.safety.freezes[1].from=2027-01-03T20:00",
                "offramp.safety.freezes[1].until=2027-01-05T06:00",
                "offramp.safety.freezes[1].operations=remove-reseller-relationship",
                "offramp.safety.freezes[1].reason=Closing of the books");
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void letsAnUnlinkCoolOffAndThenCarriesItOut() {
        Request unlink = node.admit(unlink("a"));
        Request cancel = node.admit(cancel("b"));

        node.work();

        assertThat(node.told(cancel)).as("a cancellation need not cool off").endsWith(Reason.DONE);
        assertThat(node.told(unlink)).containsExactly(Reason.ADMITTED, Reason.COOLING_OFF);
        assertThat(node.lastOutcome(unlink).details().nextAttemptAt()).isEqualTo(COOL);
        assertThat(node.lastOutcome(unlink).message()).isEqualTo(COOLS);
        assertThat(unlinks()).isEmpty();

        pass(COOL.minusSeconds(1));
        assertThat(node.work()).isZero();
        pass(COOL);
        node.work();

        assertThat(unlinks()).hasSize(1);
    }

    @Test
    void isWithdrawnAtOnceWhileItCoolsOff() {
        Request unlink = node.admit(unlink("a"));
        node.work();

        Request withdraw = node.withdraw("unlink-a");

        assertThat(node.told(unlink)).endsWith(Reason.COOLING_OFF, Reason.BY_SOURCE);
        assertThat(node.told(withdraw)).endsWith(Reason.DONE);
        pass(OPENS);
        assertThat(node.work()).isZero();
        assertThat(unlinks()).isEmpty();
    }

    @Test
    void isNotShortenedByAReleaseFromTheBudget() {
        node.admit(unlink("a"));
        Request second = node.admit(unlink("b"));
        node.work();
        assertThat(node.told(second)).endsWith(Reason.BUDGET_EXCEEDED);

        release(second);
        node.work();

        assertThat(node.told(second)).endsWith(Reason.BUDGET_EXCEEDED, Reason.ADMITTED, Reason.COOLING_OFF);
        assertThat(unlinks()).isEmpty();
        pass(COOL);
        node.work();
        assertThat(unlinks()).extracting(Permit::customerId).contains(second.customerId());
    }

    @Test
    void isAskedForWhereThePermitIsReserved() {
        Request unlink = node.admit(unlink("a"));
        var guards = node.context.getBean(Guards.class);

        assertThat(guards.reserve(unlink, new Step.RemoveRelationship(), null, COOL.minusSeconds(1)))
                .hasValueSatisfying(put -> assertThat(put.reason()).isEqualTo(Reason.COOLING_OFF));
        assertThat(permits()).isZero();
        assertThat(guards.reserve(unlink, new Step.RemoveRelationship(), null, COOL))
                .isEmpty();
        assertThat(permits()).isOne();
    }

    @Test
    void isHeldWhereItsCoolingOffWouldMissItsLastChanceUntilAPersonSaysSo() {
        Request unlink = node.admit(unlink("a").notAfter(COOL.minusSeconds(1)));

        node.work();

        assertThat(node.told(unlink)).containsExactly(Reason.ADMITTED, Reason.LAST_CHANCE);
        assertThat(node.lastOutcome(unlink).message())
                .isEqualTo(COOLS + " By then its last chance (not-after, 2026-11-20T09:15:29Z) is over.");

        release(unlink);
        node.work();

        assertThat(unlinks()).hasSize(1);
    }

    @Test
    void namesTheEndOfTheLastDelayAndEachSentence() {
        Request unlink = node.admit(unlink("a").byJob("nightly"));

        node.work();

        assertThat(node.told(unlink)).containsExactly(Reason.ADMITTED, Reason.OUTSIDE_RUN_WINDOW);
        assertThat(node.read(unlink).dueAt()).isEqualTo(OPENS);

        pass(OPENS.minus(Duration.ofMinutes(10)));
        Request late = node.admit(unlink("late").byJob("nightly").notAfter(OPENS.plus(Duration.ofMinutes(30))));
        node.work();

        assertThat(node.told(late)).endsWith(Reason.LAST_CHANCE);
        assertThat(node.lastOutcome(late).message())
                .as("it cools off until 20:50, in the window by then")
                .startsWith("It cools off for 1 h after it was admitted; until 2026-11-20T20:50:00Z");
        release(late);
        node.work();
        assertThat(node.told(late))
                .as("the window was not named, and nothing is missed by it")
                .endsWith(Reason.OUTSIDE_RUN_WINDOW);
        assertThat(unlinks()).isEmpty();
    }

    @Test
    void waitsForTheEndOfAFreeze() {
        pass(Instant.parse("2026-12-19T12:00:00Z"));
        Request frozen = node.admit(cancel("a").notAfter(THAWS));
        Request missing = node.admit(cancel("b").notAfter(THAWS.minusSeconds(1)));
        Request unlink = node.admit(unlink("c").notAfter(THAWS.plus(Duration.ofDays(9))));
        Request planned = node.admit(ProcessingTests.cancel("d").notAfter(THAWS).planOnly());

        node.work();

        assertThat(node.told(frozen)).containsExactly(Reason.ADMITTED, Reason.OUTSIDE_RUN_WINDOW);
        assertThat(node.read(frozen).dueAt()).isEqualTo(THAWS);
        assertThat(node.lastOutcome(frozen).message())
                .isEqualTo(
                        "Frozen until 2027-01-03T23:00:00Z, nothing of cancel-subscription is carried out: Holidays.");
        assertThat(node.told(missing)).endsWith(Reason.LAST_CHANCE);
        assertThat(node.lastOutcome(missing).message()).contains("Holidays. By then its last chance");
        assertThat(node.read(unlink).dueAt())
                .as("one freeze after the other")
                .isEqualTo(Instant.parse("2027-01-05T06:00:00Z"));
        assertThat(node.lastOutcome(unlink).message()).contains("Holidays.").contains("Closing of the books.");
        assertThat(node.told(planned)).endsWith(Reason.PLAN_ONLY);
        assertThat(node.partnerCenter.calls).isEmpty();

        release(missing);
        node.work();
        assertThat(node.told(missing)).as("released from just this").endsWith(Reason.ADMITTED, Reason.DONE);

        pass(THAWS);
        node.work();
        assertThat(node.told(frozen)).endsWith(Reason.DONE);
        assertThat(unlinks()).isEmpty();
    }

    @Test
    void goesByTheLastChanceThatFactsHaveTold() {
        Instant closes = Instant.parse("2026-12-25T00:00:00Z");
        Request request = node.admit(
                cancel("a").expecting(new Expectation(null, 7, null, null)).notAfter(THAWS.plus(Duration.ofDays(9))));
        node.partnerCenter.windows.put(
                Objects.requireNonNull(request.subscriptionId()).value(), closes);
        node.work();
        assertThat(node.told(request)).endsWith(Reason.EXPECTATION_MISMATCH);

        pass(Instant.parse("2026-12-20T12:00:00Z"));
        release(request);
        node.work();

        assertThat(node.told(request)).as("it thaws too late").endsWith(Reason.ADMITTED, Reason.LAST_CHANCE);
        assertThat(node.lastOutcome(request).message())
                .endsWith("By then its last chance (cancellation-window, 2026-12-25T00:00:00Z) is over.");
        assertThat(node.lastOutcome(request).details().decideBy()).isEqualTo(closes);
    }

    @Test
    void judgesAtOnceWhatIsOnlyObservedOrPlanned() {
        Request observed = node.admit(unlink("a").observed());
        Request planned = node.admit(unlink("b").planOnly());

        node.work();

        assertThat(node.told(observed)).doesNotContain(Reason.COOLING_OFF);
        assertThat(node.told(planned)).doesNotContain(Reason.COOLING_OFF);
    }

    private List<Permit> unlinks() {
        return node.partnerCenter.calls.stream()
                .filter(each -> each.step() instanceof Step.RemoveRelationship)
                .toList();
    }

    private void pass(Instant until) {
        node.clock.pass(Duration.between(node.clock.instant(), until));
    }

    private long permits() {
        return node.jdbc().sql("select count(*) from permit").query(Long.class).single();
    }

    private void release(Request request) {
        node.ledger()
                .requests()
                .settle(
                        node.read(request),
                        Resolution.of(
                                Reason.ADMITTED,
                                request.effect(),
                                "A person released it.",
                                Details.with().decidedBy("jane").build()),
                        null,
                        node.clock.instant());
    }
}
