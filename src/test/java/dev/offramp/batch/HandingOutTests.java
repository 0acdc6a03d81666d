package dev.offramp.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.job.Jobs;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Mode;
import dev.offramp.partnercenter.PartnerCenter;
import dev.offramp.safety.Brake;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.TestDatabase;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** A dispatcher and the threads that it hands batches to, begun when the test says so. */
class HandingOutTests {

    private final LedgerFixture ledger = LedgerFixture.over(TestDatabase.H2.fresh());
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final Dispatcher dispatcher = dispatcher();

    private Dispatcher dispatcher() {
        var runs = new Runs();
        var rules = new JobRules(Jobs.of(List.of()), BatchesUnderSimulation.PROPERTIES);
        var batches = ledger.ledger().batches();
        Executions broken = batch -> {
            throw new IllegalStateException("B-%d breaks off".formatted(batch.number()));
        };
        return new Dispatcher(
                batches,
                new BatchRunner(
                        runs, broken, batches, ledger.ledger().requests(), rules, ledger::now, new BatchJournal() {}),
                runs,
                saying(Brake.class, List.of()),
                new Weather(saying(PartnerCenter.class, true), CircuitBreaker.ofDefaults("partner-center")),
                threads::add,
                ledger::now,
                new Dispatcher.Terms("node-1/1", Mode.LIVE, LedgerFixture.LEASE, 4, 50),
                rules);
    }

    private static <T> T saying(Class<T> part, Object answer) {
        return part.cast(Proxy.newProxyInstance(part.getClassLoader(), new Class<?>[] {part}, (_, _, _) -> answer));
    }

    /** A process that stood still hands nothing out twice: both threads would work under the newer lease. */
    @Test
    void neverHandsABatchToASecondThreadBeforeTheFirstHasEnded() {
        ledger.admit(Admissions.cancel());
        assertThat(dispatcher.look()).isOne();
        ledger.pass(LedgerFixture.LEASE.plusSeconds(30));

        assertThat(dispatcher.look()).as("its thread has not begun").isZero();
        assertThat(dispatcher.running()).isOne();
        assertThat(leaseNumber()).isOne();

        threads.remove().run();

        assertThat(dispatcher.running()).isZero();
        assertThat(dispatcher.look()).as("an orphan like any other").isOne();
        assertThat(leaseNumber()).isEqualTo(2);
    }

    private long leaseNumber() {
        return ledger.ledger().batches().byNumber(1).map(Batch::leaseNumber).orElseThrow();
    }
}
