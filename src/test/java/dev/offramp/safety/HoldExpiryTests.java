package dev.offramp.safety;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Holds;
import dev.offramp.ledger.NamedLease;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.jdbc.support.JdbcTransactionManager;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class HoldExpiryTests {

    private static final Duration LONG = Duration.ofDays(14);

    private final LedgerFixture ledger;
    private final Holds holds;
    private final List<Integer> chunks = new ArrayList<>();

    HoldExpiryTests(TestDatabase database) {
        DataSource dataSource = database.fresh();
        ledger = LedgerFixture.over(dataSource);
        holds = Holds.over(dataSource, new JdbcTransactionManager(dataSource));
    }

    @Test
    void rejectsWhatNobodyHasDecidedAboutAndSaysWhatItWasHeldFor() {
        Request request = held(Admissions.cancel());
        Instant since = ledger.now();

        ledger.pass(LONG.minusSeconds(1));
        assertThat(expiry("node").round(() -> false)).isZero();
        ledger.pass(Duration.ofSeconds(1));
        assertThat(expiry("node").round(() -> false)).isOne();
        assertThat(expiry("node").round(() -> false)).isZero();

        assertThat(ledger.told(request)).containsExactly(Reason.ADMITTED, Reason.BUDGET_EXCEEDED, Reason.HOLD_EXPIRED);
        assertThat(ledger.outcomes(request).getLast().message())
                .contains(since.toString())
                .contains("held for budget-exceeded");
        assertThat(ledger.ledger().audit().of("request " + request.number()))
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.entry().who()).isEqualTo("Offramp");
                    assertThat(each.entry().what()).isEqualTo("held request expired");
                });
    }

    @Test
    void neverWaitsLongerThanTheRequestItself() {
        Instant soon = ledger.now().plus(Duration.ofDays(2));
        Request request = held(Admissions.cancel().notAfter(soon));

        assertThat(ledger.outcomes(request).getLast().details().decideBy())
                .as("told, so that whoever asked knows")
                .isEqualTo(soon);
        assertThat(holds.of(List.of(request.number())).get(request.number()).decideBy())
                .isEqualTo(soon);
        ledger.pass(Duration.ofDays(2));
        assertThat(expiry("node").round(() -> false)).isOne();
    }

    @Test
    void givesUpWhatWasBegun() {
        Request request = ledger.admit(Admissions.cancel());
        ledger.settle(request, LedgerFixture.resolution(Reason.BUDGET_EXCEEDED).with(Effect.PARTIAL), null);

        ledger.pass(LONG);
        expiry("node").round(() -> false);

        assertThat(ledger.read(request).reason()).isEqualTo(Reason.DEADLINE_PASSED);
        assertThat(ledger.read(request).effect()).isEqualTo(Effect.PARTIAL);
    }

    @Test
    void leavesWhatAPersonReleasedAndHoldsForAsLongAgainWhatIsHeldAnew() {
        Request request = held(Admissions.cancel());
        ledger.pass(LONG.minusDays(1));
        ledger.settle(request, LedgerFixture.resolution(Reason.ADMITTED), null);

        ledger.pass(Duration.ofDays(1));
        assertThat(expiry("node").round(() -> false)).isZero();

        ledger.settle(request, LedgerFixture.resolution(Reason.EXPECTATION_MISMATCH), null);
        ledger.pass(LONG.minusSeconds(1));
        assertThat(expiry("node").round(() -> false)).isZero();
        ledger.pass(Duration.ofSeconds(1));
        assertThat(expiry("node").round(() -> false)).isOne();
    }

    @Test
    void endsManyInBoundedChunksOnOneNode() {
        IntStream.range(0, HoldExpiry.CHUNK + 3).forEach(_ -> held(Admissions.cancel()));
        ledger.pass(LONG);
        assertThat(lease("other").hold(ledger.now())).isTrue();

        assertThat(expiry("node").round(() -> false)).as("another node does it").isZero();
        lease("other").giveBack(ledger.now());
        assertThat(expiry("node").round(() -> false)).isEqualTo(HoldExpiry.CHUNK + 3);

        assertThat(chunks).containsExactly(HoldExpiry.CHUNK, 3);
    }

    @Test
    void endsAfterTheChunkAtHandWhenTheNodeStops() {
        IntStream.range(0, HoldExpiry.CHUNK + 3).forEach(_ -> held(Admissions.cancel()));
        ledger.pass(LONG);

        assertThat(expiry("node").round(() -> !chunks.isEmpty())).isEqualTo(HoldExpiry.CHUNK);
    }

    private Request held(Admissions admission) {
        Request request = ledger.admit(admission);
        ledger.settle(request, LedgerFixture.resolution(Reason.BUDGET_EXCEEDED), null);
        return ledger.read(request);
    }

    private NamedLease lease(String owner) {
        return new NamedLease(ledger.jdbc(), "hold-expiry", owner, Duration.ofSeconds(30));
    }

    private HoldExpiry expiry(String owner) {
        return new HoldExpiry(
                holds,
                ledger.ledger().requests(),
                ledger.ledger().audit(),
                ledger.transactions(),
                lease(owner),
                ledger::now,
                new HoldExpiry.HoldJournal() {
                    @Override
                    public void expired(int count, long first) {
                        chunks.add(count);
                    }
                });
    }
}
