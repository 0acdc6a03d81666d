package dev.offramp.ledger;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.LedgerFixture.deferred;
import static dev.offramp.testing.LedgerFixture.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.offramp.ledger.Outcomes.Outcome;
import dev.offramp.offboarding.Blocker;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.support.JdbcTransactionManager;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class OutcomesTests {

    private final LedgerFixture fixture;
    private final DataSource dataSource;
    private final Outcomes outcomes;

    OutcomesTests(TestDatabase database) {
        dataSource = database.fresh();
        fixture = LedgerFixture.over(dataSource);
        outcomes = fixture.ledger().outcomes();
    }

    @Test
    void areUnsentUntilTheBrokerHasThem() {
        var first = fixture.admit(cancel());
        var second = fixture.admit(cancel());
        fixture.settle(first, done(Effect.CANCELLED), null);

        var unsent = outcomes.unsent(10);
        assertThat(unsent)
                .extracting(each -> each.request().number(), Outcome::sequence)
                .containsExactly(tuple(first.number(), 1), tuple(second.number(), 1), tuple(first.number(), 2));

        outcomes.sent(List.of(unsent.get(0).ticket(), unsent.get(2).ticket()));

        assertThat(outcomes.unsent(10)).containsExactly(unsent.get(1));
        assertThat(outcomes.countUnsent()).isEqualTo(1);
        assertThat(outcomes.of(first.number())).hasSize(2);
    }

    @Test
    void areHandedOutOldestFirstUpToTheLimit() {
        fixture.admit(cancel(), cancel(), cancel());

        assertThat(outcomes.unsent(2)).hasSize(2).extracting(Outcome::number).isSorted();
    }

    @Test
    void tellTheNewestAgainUnderTheSameNumber() {
        var request = fixture.admit(cancel());
        fixture.settle(request, done(Effect.CANCELLED), null);
        var told = outcomes.unsent(10);
        outcomes.sent(told.stream().map(Outcome::ticket).toList());

        fixture.ledger().requests().tellAgain(List.of(request.key(), new RequestKey("/x", "unknown")));
        fixture.ledger().requests().tellAgain(List.of(request.key()));

        assertThat(outcomes.unsent(10))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("ticket")
                .containsExactly(told.getLast());
    }

    @Test
    void staysUnsentWhenItIsAskedForAfterItWasRead() {
        var request = fixture.admit(cancel());
        var tickets = outcomes.unsent(10).stream().map(Outcome::ticket).toList();
        fixture.ledger().requests().tellAgain(List.of(request.key()));

        outcomes.sent(tickets);
        assertThat(outcomes.countUnsent()).as("the one who read it before").isEqualTo(1);
        outcomes.sent(tickets);
        assertThat(outcomes.countUnsent()).as("another one who read it before").isEqualTo(1);

        outcomes.sent(outcomes.unsent(10).stream().map(Outcome::ticket).toList());
        fixture.ledger().requests().tellAgain(List.of(request.key()));
        outcomes.sent(tickets);
        assertThat(outcomes.countUnsent())
                .as("when it had been sent in between")
                .isEqualTo(1);
    }

    @Test
    void haveOneFinalOneAtMost() {
        var request = fixture.admit(cancel());
        fixture.settle(request, done(Effect.CANCELLED), null);

        assertThatThrownBy(() -> fixture.jdbc().sql("""
                        insert into outcome
                            (request_number, sequence, status, reason, effect, message, details, created_at, final_of)
                        select request_number, sequence + 1, status, reason, effect, message, details, created_at,
                               final_of
                        from outcome where final_of is not null
                        """).update()).isInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void keepEveryDetail() {
        var details = new Details(
                "Turn auto-renew off",
                List.of(new Blocker("reservation", "r-1", "", Instant.parse("2027-01-01T00:00:00Z"), "Wait")),
                Instant.parse("2026-11-21T00:00:00Z"),
                Instant.parse("2026-11-22T00:00:00Z"),
                Instant.parse("2026-11-23T00:00:00Z"),
                Instant.parse("2026-11-24T00:00:00Z"),
                Instant.parse("2026-11-25T00:00:00Z"),
                new Details.Refund("none", null, null),
                "{\"status\":\"active\"}",
                "{\"status\":\"deleted\"}",
                "read-back",
                new Details.PartnerCenterAnswer(200, "0", "OK", "a", "b"),
                "jane",
                List.of("budget-exceeded"),
                List.of());
        var request = fixture.admit(cancel());

        fixture.settle(request, Resolution.of(Reason.DONE, Effect.CANCELLED, "Done.", details), null);

        assertThat(fixture.outcomes(request).getLast().details()).isEqualTo(details);
    }

    @Test
    void areReadWhenOlderOrNewerThanThisProgram() {
        fixture.admit(cancel());
        fixture.jdbc()
                .sql("update outcome set details = '{\"advice\":\"Wait\",\"notKnownYet\":{\"a\":1}}'")
                .update();

        assertThat(outcomes.unsent(1).getFirst().details())
                .isEqualTo(Details.with().advice("Wait").build());
    }

    @Test
    void areAnnouncedOnceAfterTheCommit() {
        var announced = new ArrayList<String>();
        var transactionManager = new JdbcTransactionManager(dataSource);
        var ledger =
                Ledger.over(dataSource, transactionManager, arrived -> announced.add("arrived"), Ledger.HOLD_EXPIRES);

        fixture.transactions().executeWithoutResult(status -> {
            ledger.requests().admit(List.of(cancel().build()), fixture.now());
            ledger.requests().admit(List.of(cancel().build()), fixture.now());
            assertThat(announced).isEmpty();
        });
        assertThat(announced).hasSize(1);

        fixture.transactions().executeWithoutResult(status -> {
            ledger.requests().admit(List.of(cancel().build()), fixture.now());
            status.setRollbackOnly();
        });
        assertThat(announced).hasSize(1);

        var request = fixture.admit(cancel());
        ledger.requests().settle(request, deferred(Reason.BUSY, fixture.now()), null, fixture.now());
        ledger.requests().settle(request, deferred(Reason.BUSY, fixture.now()), null, fixture.now());
        assertThat(announced).hasSize(2);
    }
}
