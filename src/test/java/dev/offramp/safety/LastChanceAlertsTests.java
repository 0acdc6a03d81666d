package dev.offramp.safety;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.LastChances;
import dev.offramp.ledger.NamedLease;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests.Filter;
import dev.offramp.ledger.Requests.Filter.By;
import dev.offramp.offboarding.LastChance;
import dev.offramp.offboarding.LastChance.End;
import dev.offramp.offboarding.Reason;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.jdbc.support.JdbcTransactionManager;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class LastChanceAlertsTests {

    private final LedgerFixture ledger;
    private final LastChances chances;
    private final List<String> told = new ArrayList<>();
    private final List<String> counted = new ArrayList<>();

    LastChanceAlertsTests(TestDatabase database) {
        DataSource dataSource = database.fresh();
        ledger = LedgerFixture.over(dataSource);
        chances = LastChances.over(dataSource, new JdbcTransactionManager(dataSource));
    }

    @Test
    void tellsOnceADayBeforeAndOnceFourHoursBefore() {
        Request request = held(48);

        ledger.pass(Duration.ofHours(24).minusSeconds(1));
        round();
        assertThat(told).isEmpty();

        ledger.pass(Duration.ofSeconds(1));
        round();
        round();
        assertThat(told).containsExactly("1 within PT24H");

        ledger.pass(Duration.ofHours(20));
        round();
        round();
        assertThat(told).containsExactly("1 within PT24H", "1 within PT4H");
        assertThat(counted).endsWith("PT4H: 1", "PT24H: 1");
        assertThat(ledger.ledger().audit().of("request " + request.number()))
                .extracting(each -> each.entry().what())
                .containsExactly("last chance near", "last chance near");

        ledger.pass(Duration.ofHours(4));
        round();
        assertThat(told).as("it is over").hasSize(2);
        assertThat(counted).endsWith("PT4H: 0", "PT24H: 0");
    }

    @Test
    void tellsOfThatAsNearWhichBecameKnownLate() {
        Request request = held(30 * 24);
        round();
        chances.note(request.number(), new LastChance(ledger.now().plus(Duration.ofHours(3)), End.CANCELLATION_WINDOW));

        round();

        assertThat(told).containsExactly("1 within PT4H");
        assertThat(chances.of(request.number()))
                .contains(new LastChance(ledger.now().plus(Duration.ofHours(3)), End.CANCELLATION_WINDOW));
        chances.note(request.number(), new LastChance(ledger.now().plus(Duration.ofHours(2)), End.CANCELLATION_WINDOW));
        round();
        assertThat(told).as("another time is news").hasSize(2);
    }

    @Test
    void tellsNothingOfWhatGoesOnByItselfOrIsFinal() {
        ledger.admit(Admissions.cancel().notAfter(ledger.now().plus(Duration.ofHours(1))));
        Request rejected = held(1);
        ledger.settle(rejected, LedgerFixture.resolution(Reason.REJECTED_BY_OPERATOR), null);

        round();

        assertThat(told).isEmpty();
        assertThat(chances.of(rejected.number())).isEmpty();
        chances.note(rejected.number(), new LastChance(ledger.now().plus(Duration.ofHours(1)), End.RENEWAL));
        assertThat(chances.of(rejected.number())).as("it is final").isEmpty();
    }

    @Test
    void isToldByOneNodeAndNotAgainByTheNext() {
        held(1);
        assertThat(lease("other").hold(ledger.now())).isTrue();

        round();
        assertThat(told).as("another node does it").isEmpty();
        ledger.pass(Duration.ofSeconds(30));
        round();
        assertThat(told).hasSize(1);

        ledger.pass(Duration.ofSeconds(30));
        alerts("third").round();
        assertThat(told).hasSize(1);
    }

    @Test
    void listsTheMostUrgentFirst() {
        Request far = held(30);
        Request middle = held(20);
        Request near = held(10);

        assertThat(listed(24)).containsExactly(near.number(), middle.number());
        assertThat(listed(48)).containsExactly(near.number(), middle.number(), far.number());
        assertThat(listed(9)).isEmpty();
    }

    private List<Long> listed(int hours) {
        var filter = Filter.ALL.and(
                By.LAST_CHANCE, ledger.now().plus(Duration.ofHours(hours)).atOffset(ZoneOffset.UTC));
        assertThat(ledger.ledger().requests().count(filter))
                .isEqualTo(ledger.ledger().requests().first(filter, 10).size());
        return ledger.ledger().requests().first(filter, 10).stream()
                .map(Request::number)
                .toList();
    }

    private Request held(int hours) {
        Request request = ledger.admit(Admissions.cancel().notAfter(ledger.now().plus(Duration.ofHours(hours))));
        ledger.settle(request, LedgerFixture.resolution(Reason.BUDGET_EXCEEDED), null);
        return ledger.read(request);
    }

    private void round() {
        alerts("node").round();
    }

    private LastChanceAlerts alerts(String node) {
        return new LastChanceAlerts(
                chances,
                ledger.ledger().audit(),
                ledger.transactions(),
                lease(node),
                ledger::now,
                new LastChanceAlerts.ChanceJournal() {
                    @Override
                    public void near(int count, Duration within, String first) {
                        told.add("%d within %s".formatted(count, within));
                    }

                    @Override
                    public void counted(Duration within, long count) {
                        counted.add("%s: %d".formatted(within, count));
                    }
                });
    }

    private NamedLease lease(String node) {
        return new NamedLease(ledger.jdbc(), "last-chance-alerts", node, Duration.ofSeconds(30));
    }
}
