package dev.offramp.operations;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Requests.Filter;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.springframework.transaction.support.TransactionTemplate;

/** People's decisions about held requests: all that match, in one transaction, if they are exactly as many as expected. */
final class HeldChanges {

    private final Requests requests;
    private final Audit audit;
    private final TransactionTemplate transactions;
    private final InstantSource clock;

    HeldChanges(Requests requests, Audit audit, TransactionTemplate transactions, InstantSource clock) {
        this.requests = requests;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * Lets them go on, past what held them and past nothing else.
     *
     * @return how many were released
     */
    long release(Filter filter, long expected, Change change) {
        return decide(
                filter,
                expected,
                change,
                "released",
                RequestVerbs::release,
                request -> Resolution.of(
                        Reason.ADMITTED,
                        request.effect(),
                        "A person released the request from %s: %s"
                                .formatted(request.reason().word(), change.cause()),
                        Details.with().decidedBy(change.who()).build()));
    }

    /** @return how many were rejected */
    long reject(Filter filter, long expected, Change change) {
        return decide(
                filter,
                expected,
                change,
                "rejected",
                RequestVerbs::reject,
                request -> Resolution.of(
                        // Rejected means that nothing was changed.
                        request.effect() == Effect.NONE ? Reason.REJECTED_BY_OPERATOR : Reason.GIVEN_UP_BY_OPERATOR,
                        request.effect(),
                        "A person rejected the held request: %s".formatted(change.cause()),
                        Details.with()
                                .decidedBy(change.who())
                                .advice("Ask again with a new request if it is wanted after all.")
                                .build()));
    }

    private long decide(
            Filter filter,
            long expected,
            Change change,
            String decided,
            Function<Request, Ruling> ruling,
            Function<Request, Resolution> resolution) {
        String cause = change.cause();
        return Objects.requireNonNull(transactions.execute(_ -> {
            var held = requests.lockAll(filter);
            if (held.size() != expected) {
                throw Problem.conflict(
                        "%d held requests match, not %d; nothing was %s. Look again, then ask with %d."
                                .formatted(held.size(), expected, decided, held.size()),
                        Map.of("count", held.size()));
            }
            Instant now = clock.instant();
            for (long number : held) {
                var request = requests.byNumber(number).orElseThrow();
                ruling.apply(request).orConflict(Map.of("count", held.size(), "number", number));
                if (!requests.settle(request, resolution.apply(request), null, now)) {
                    throw new IllegalStateException("Request %d changed although it is locked.".formatted(number));
                }
                audit.add(
                        new Audit.Entry(
                                change.who(),
                                "held request " + decided,
                                "request " + number,
                                cause,
                                "%s; held for %s"
                                        .formatted(
                                                request.key(), request.reason().word())),
                        now);
            }
            return (long) held.size();
        }));
    }
}
