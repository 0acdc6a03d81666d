package dev.offramp.safety;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Holds;
import dev.offramp.ledger.NamedLease;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Ends what is held and nobody has decided about in time: it is rejected, and nothing is done. One node does it, a bounded
 * number in each transaction, each with its entry in the audit trail.
 */
final class HoldExpiry {

    static final int CHUNK = 100;

    static final String WHO = "Offramp";

    private final Holds holds;
    private final Requests requests;
    private final Audit audit;
    private final TransactionTemplate transactions;
    private final NamedLease lease;
    private final InstantSource clock;
    private final HoldJournal journal;

    HoldExpiry(
            Holds holds,
            Requests requests,
            Audit audit,
            TransactionTemplate transactions,
            NamedLease lease,
            InstantSource clock,
            HoldJournal journal) {
        this.holds = holds;
        this.requests = requests;
        this.audit = audit;
        this.transactions = transactions;
        this.lease = lease;
        this.clock = clock;
        this.journal = journal;
    }

    /** Told to the world beside the ledger. */
    interface HoldJournal {

        /** @param first the number of the first of them */
        default void expired(int count, long first) {}

        default void failed(RuntimeException cause) {}
    }

    /**
     * Ends all that have expired by now, unless another node does.
     *
     * @param stopping whether to end after the chunk at hand
     * @return how many
     */
    int round(BooleanSupplier stopping) {
        int all = 0;
        while (!stopping.getAsBoolean() && lease.hold(clock.instant())) {
            List<Long> ended = Objects.requireNonNull(transactions.execute(_ -> chunk(clock.instant())));
            if (!ended.isEmpty()) {
                journal.expired(ended.size(), ended.getFirst());
            }
            all += ended.size();
            if (ended.size() < CHUNK) {
                break;
            }
        }
        return all;
    }

    /** Another node need not wait. */
    void end() {
        lease.giveBack(clock.instant());
    }

    private List<Long> chunk(Instant now) {
        List<Long> expired = holds.lockExpired(now, CHUNK);
        var held = holds.of(expired);
        for (long number : expired) {
            Request request = requests.byNumber(number).orElseThrow();
            Resolution resolution = expired(request, Objects.requireNonNull(held.get(number)), now);
            if (!requests.settle(request, resolution, null, now)) {
                throw new IllegalStateException("Request %d changed although it is locked.".formatted(number));
            }
            audit.add(
                    new Audit.Entry(
                            WHO,
                            "held request expired",
                            "request " + number,
                            "nobody decided in time",
                            "%s; held for %s"
                                    .formatted(request.key(), request.reason().word())),
                    now);
        }
        return expired;
    }

    /** Rejected means that nothing was changed; what was begun is given up. */
    static Resolution expired(Request request, Holds.Hold hold, Instant now) {
        return Resolution.of(
                request.effect() == Effect.NONE ? Reason.HOLD_EXPIRED : Reason.DEADLINE_PASSED,
                request.effect(),
                "Nobody decided about it from %s to %s, while it was held for %s: %s"
                        .formatted(hold.since(), now, request.reason().word(), request.message()),
                Details.with()
                        .advice("Ask again with a new request if it is wanted after all.")
                        .build());
    }
}
