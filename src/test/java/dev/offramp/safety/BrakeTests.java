package dev.offramp.safety;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class BrakeTests {

    private final LedgerFixture ledger;
    private final Brake brake;

    BrakeTests(TestDatabase database) {
        ledger = LedgerFixture.over(database.fresh());
        brake = new JdbcBrake(
                ledger.jdbc(), ledger.transactions(), ledger.ledger().audit());
    }

    @Test
    void keepsTheFirstTimeAndTakesTheNewReason() {
        Instant first = ledger.now();
        brake.pull(Brake.Scope.ALL, "", "jane", "an outage", first);
        ledger.pass(Duration.ofMinutes(1));
        brake.pull(Brake.Scope.ALL, "", "joe", "a wrong list", ledger.now());

        assertThat(brake.list()).containsExactly(new Brake.Pulled(Brake.Scope.ALL, "", first, "joe", "a wrong list"));
    }

    @Test
    void isPulledOnceWhenManyPullAtOnce() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<?> pull : threads.invokeAll(Collections.nCopies(
                    16, Executors.callable(() -> brake.pull(Brake.Scope.ALL, "", "jane", "stop", ledger.now()))))) {
                pull.get();
            }
        }

        assertThat(brake.list()).hasSize(1);
    }

    @Test
    void isReleasedOnce() {
        brake.pull(Brake.Scope.SOURCE, "/contoso/crm", "jane", "stop", ledger.now());

        assertThat(brake.release(Brake.Scope.SOURCE, "/contoso/billing", "jane", "go", ledger.now()))
                .isFalse();
        assertThat(brake.release(Brake.Scope.SOURCE, "/contoso/crm", "jane", "go", ledger.now()))
                .isTrue();
        assertThat(brake.release(Brake.Scope.SOURCE, "/contoso/crm", "jane", "go", ledger.now()))
                .isFalse();
        assertThat(brake.list()).isEmpty();
    }

    @Test
    void writesDownWhoPulledAndReleasedIt() {
        brake.pull(Brake.Scope.ALL, "", "jane", "an outage", ledger.now());
        brake.release(Brake.Scope.ALL, "", "joe", "it is over", ledger.now());

        assertThat(ledger.jdbc()
                        .sql("select who || ': ' || what || ': ' || cause from audit_entry order by number")
                        .query(String.class)
                        .list())
                .containsExactly("jane: brake pulled: an outage", "joe: brake released: it is over");
    }
}
