package dev.offramp.ledger;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.LedgerFixture.fence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Batch.State;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class TurnsTests {

    private static final CustomerId CONTOSO = customer("contoso");

    private final LedgerFixture fixture;
    private final Turns turns;

    TurnsTests(TestDatabase database) {
        fixture = LedgerFixture.over(database.fresh());
        turns = fixture.ledger().turns();
    }

    private Fence batch() {
        fixture.admit(cancel().of(CONTOSO));
        return fence(fixture.claim());
    }

    @Test
    void isWonByOneItemOfOneBatch() {
        var one = batch();
        var other = batch();

        assertThat(turns.win(CONTOSO, one, 1, fixture.now())).isTrue();
        assertThat(turns.win(CONTOSO, one, 2, fixture.now())).isFalse();
        assertThat(turns.win(CONTOSO, other, 1, fixture.now())).isFalse();
    }

    @Test
    void isWonAgainByTheSameItem() {
        var batch = batch();

        assertThat(turns.win(CONTOSO, batch, 1, fixture.now())).isTrue();
        assertThat(turns.win(CONTOSO, batch, 1, fixture.now())).isTrue();
    }

    @Test
    void isFreeAfterItWasGivenBack() {
        var one = batch();
        var other = batch();
        turns.win(CONTOSO, one, 1, fixture.now());

        turns.giveBack(one, List.of(2));
        assertThat(turns.win(CONTOSO, other, 1, fixture.now())).isFalse();
        turns.giveBack(other, List.of(1));
        assertThat(turns.win(CONTOSO, other, 1, fixture.now())).isFalse();
        turns.giveBack(one, List.of(1));
        assertThat(turns.win(CONTOSO, other, 1, fixture.now())).isTrue();
    }

    @Test
    void countsNoLongerThanTheLease() {
        var one = batch();
        turns.win(CONTOSO, one, 1, fixture.now());
        fixture.pass(LedgerFixture.LEASE);
        var other = batch();

        assertThat(turns.win(CONTOSO, other, 1, fixture.now())).isTrue();
        assertThat(turns.win(CONTOSO, one, 1, fixture.now())).isFalse();
    }

    @Test
    void countsNoLongerWhenTheBatchHasEnded() {
        var one = batch();
        turns.win(CONTOSO, one, 1, fixture.now());
        fixture.ledger().batches().end(one, State.FAILED, null, null, null, fixture.now());

        assertThat(turns.win(CONTOSO, batch(), 1, fixture.now())).isTrue();
    }

    @Test
    void isNotWonUnderALeaseThatIsNotCurrent() {
        var one = batch();

        assertThat(turns.win(CONTOSO, new Fence(one.batch(), one.leaseNumber() + 1), 1, fixture.now()))
                .isFalse();
        fixture.pass(LedgerFixture.LEASE);
        assertThat(turns.win(CONTOSO, one, 1, fixture.now())).isFalse();
    }

    @Test
    void countsAnewForTheNextLeaseOfTheSameBatch() {
        var before = batch();
        turns.win(CONTOSO, before, 1, fixture.now());
        fixture.pass(LedgerFixture.LEASE);
        var taken = fixture.ledger()
                .batches()
                .take(before.batch(), "node-2", LedgerFixture.LEASE, fixture.now())
                .orElseThrow();

        assertThat(turns.win(CONTOSO, fence(taken), 2, fixture.now())).isTrue();
        assertThat(turns.win(CONTOSO, fence(taken), 1, fixture.now())).isFalse();
    }
}
