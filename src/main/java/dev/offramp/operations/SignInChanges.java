package dev.offramp.operations;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.WorkArrived;
import dev.offramp.partnercenter.SignInStatus;
import dev.offramp.partnercenter.SignIns;
import dev.offramp.partnercenter.SignIns.Offer;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;
import org.springframework.transaction.support.TransactionTemplate;

/** Stores a person's sign-in together with who did it and why; what was signed in with is told to nobody. */
final class SignInChanges {

    private final SignIns signIns;
    private final Audit audit;
    private final TransactionTemplate transactions;
    private final InstantSource clock;
    private final Consumer<Object> events;

    SignInChanges(
            SignIns signIns,
            Audit audit,
            TransactionTemplate transactions,
            InstantSource clock,
            Consumer<Object> events) {
        this.signIns = signIns;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
        this.events = events;
    }

    /**
     * Keeps what is good.
     *
     * @param way how it came, for the audit trail
     */
    SignInStatus keep(Offer.Good good, String way, Change change) {
        String cause = change.cause();
        transactions.executeWithoutResult(_ -> {
            if (!signIns.keep(good)) {
                throw Problem.conflict(
                        "This token was handed over meanwhile by somebody else; nothing was changed.", Map.of());
            }
            audit.add(
                    new Audit.Entry(
                            change.who(), "signed in to Partner Center", "sign-in", cause, way + "; " + good.words()),
                    clock.instant());
        });
        signIns.useAnew();
        events.accept(new WorkArrived());
        return signIns.status();
    }
}
