package dev.offramp.safety;

import dev.offramp.ledger.Ledger;
import dev.offramp.ledger.Mode;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.testing.Admissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.LongSupplier;
import org.springframework.transaction.support.TransactionTemplate;

/** The real gate and guards, for a simulation that lives in another package. */
public final class SafetyUnderSimulation {

    private SafetyUnderSimulation() {}

    /** Where permits stand. */
    public interface PermitBook {

        boolean has(long request, String step);

        void giveBack(long request, String step);
    }

    /** A gate in live mode with the usual times. */
    public static Gate gate(
            String node,
            PermitBook book,
            Ledger ledger,
            Brake brake,
            TenantDoubt doubt,
            TransactionTemplate transactions,
            InstantSource clock,
            LongSupplier nanos) {
        var permits = new Permits() {
            @Override
            public boolean has(long request, String step) {
                return book.has(request, step);
            }

            @Override
            public void giveBack(long request, String step) {
                book.giveBack(request, step);
            }
        };
        return new Gate(
                permits,
                transactions,
                ledger.requests(),
                ledger.attempts(),
                ledger.batches(),
                brake,
                doubt,
                clock,
                nanos,
                new Gate.Terms(Mode.LIVE, node, Duration.ofSeconds(30), Duration.ofSeconds(1)),
                new GateJournal() {});
    }

    public static Guards guards(Ledger ledger, Budgets budgets, Set<CustomerId> protectedCustomers) {
        return new Guards(new ProtectedCustomers(protectedCustomers, Admissions.PARTNER), budgets, ledger.attempts());
    }
}
