package dev.offramp.ledger;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.LedgerFixture.done;
import static dev.offramp.testing.LedgerFixture.fence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Effect;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Each statement that settles under a lease: with the number of an earlier lease it changes nothing. */
@Execution(ExecutionMode.CONCURRENT)
@OnBothDatabases
class FencingTests {

    private static final CustomerId CONTOSO = customer("contoso");

    private final LedgerFixture fixture;
    private final Batches batches;
    private final Requests requests;
    private final Turns turns;
    private final Request request;
    private final Fence old;
    private final Fence current;

    FencingTests(TestDatabase database) {
        fixture = LedgerFixture.over(database.fresh());
        batches = fixture.ledger().batches();
        requests = fixture.ledger().requests();
        turns = fixture.ledger().turns();
        request = fixture.admit(cancel().of(CONTOSO));
        old = fence(fixture.claim());
        fixture.pass(LedgerFixture.LEASE);
        current = fence(batches.take(old.batch(), "node-2", LedgerFixture.LEASE, fixture.now())
                .orElseThrow());
    }

    @Test
    void settlesNoRequest() {
        var before = everything();

        assertThat(fixture.settle(request, done(Effect.CANCELLED), old)).isFalse();

        assertThat(everything()).isEqualTo(before);
        assertThat(fixture.settle(request, done(Effect.CANCELLED), current)).isTrue();
    }

    @Test
    void handsNoRequestBack() {
        var before = everything();

        assertThat(requests.handBack(fixture.read(request), fixture.now(), old, fixture.now()))
                .isFalse();

        assertThat(everything()).isEqualTo(before);
        assertThat(requests.handBack(fixture.read(request), fixture.now(), current, fixture.now()))
                .isTrue();
    }

    @Test
    void renewsNoLease() {
        var before = everything();

        // Even under the new owner's name: a node may adopt what it has lost.
        assertThat(batches.renew(old, "node-2", LedgerFixture.LEASE.multipliedBy(2), fixture.now()))
                .isFalse();

        assertThat(everything()).isEqualTo(before);
        assertThat(batches.isCurrent(old, fixture.now())).isFalse();
        assertThat(batches.isCurrent(current, fixture.now())).isTrue();
    }

    @Test
    void endsNoBatch() {
        var before = everything();

        for (State state : List.of(State.COMPLETED, State.STOPPED, State.FAILED)) {
            assertThat(batches.end(old, state, StopReason.DRAIN, "x", fixture.now(), fixture.now()))
                    .isFalse();
        }

        assertThat(everything()).isEqualTo(before);
        assertThat(batches.end(current, State.COMPLETED, null, null, null, fixture.now()))
                .isTrue();
    }

    @Test
    void notesNeitherExecutionNorSummary() {
        var before = everything();

        batches.noteExecution(old, 4711);
        batches.summarise(old, "{}");

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void winsNoTurn() {
        assertThat(turns.win(CONTOSO, old, 1, fixture.now())).isFalse();

        assertThat(turns.win(CONTOSO, current, 1, fixture.now())).isTrue();
    }

    @Test
    void givesNoTurnBackThatTheNextLeaseHasWon() {
        turns.win(CONTOSO, current, 1, fixture.now());
        var before = everything();

        turns.giveBack(old, List.of(1));

        assertThat(everything()).isEqualTo(before);
    }

    private List<List<Map<String, Object>>> everything() {
        return List.of(
                rows("select * from request"),
                rows("select * from batch"),
                rows("select * from customer"),
                rows("select * from outcome"),
                rows("select * from permit"));
    }

    private List<Map<String, Object>> rows(String sql) {
        return fixture.jdbc().sql(sql).query().listOfRows();
    }
}
