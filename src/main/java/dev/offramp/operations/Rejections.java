package dev.offramp.operations;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Requests.HeldFilter;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Reason;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.transaction.support.TransactionTemplate;

/** Settles held requests as rejected by a person. */
final class Rejections {

    /** So many are settled in one transaction, so that none is long. */
    private static final int PAGE = 100;

    private final Requests requests;
    private final Audit audit;
    private final TransactionTemplate transactions;
    private final InstantSource clock;

    Rejections(Requests requests, Audit audit, TransactionTemplate transactions, InstantSource clock) {
        this.requests = requests;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * Rejects all held requests that match, if they are as many as expected; never more than that, whatever is held
     * meanwhile.
     *
     * @return how many were rejected: fewer than expected when another decision came first
     */
    long reject(HeldFilter filter, long expected, Change change) {
        String cause = change.cause();
        long count = requests.countHeld(filter);
        if (count != expected) {
            throw Problem.conflict(
                    "%d held requests match, not %d; nothing was rejected. Look again, then ask with %d."
                            .formatted(count, expected, count),
                    Map.of("count", count));
        }
        long rejected = 0;
        while (rejected < expected) {
            int page = (int) Math.min(PAGE, expected - rejected);
            int settled = Objects.requireNonNull(
                    transactions.execute(_ -> rejectPage(requests.held(filter, page), change.who(), cause)));
            if (settled == 0) {
                return rejected;
            }
            rejected += settled;
        }
        return rejected;
    }

    private int rejectPage(List<Request> page, String who, String cause) {
        Instant now = clock.instant();
        int settled = 0;
        for (Request request : page) {
            var details = Details.with()
                    .decidedBy(who)
                    .advice("Ask again with a new request if it is wanted after all.")
                    .build();
            var resolution = Resolution.of(
                    Reason.REJECTED_BY_OPERATOR,
                    request.effect(),
                    "A person rejected the held request: %s".formatted(cause),
                    details);
            if (requests.settle(request, resolution, null, now)) {
                audit.add(
                        new Audit.Entry(
                                who,
                                "held request rejected",
                                "request %d".formatted(request.number()),
                                cause,
                                "%s; held for %s"
                                        .formatted(
                                                request.key(), request.reason().word())),
                        now);
                settled++;
            }
        }
        return settled;
    }
}
