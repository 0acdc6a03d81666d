package dev.offramp.operations;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batches;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.operations.RequestVerbs.Standing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.springframework.transaction.support.TransactionTemplate;

/** What people do to one request, under its row's lock: the gate takes the same lock before every call. */
final class RequestChanges {

    private final Requests requests;
    private final Batches batches;
    private final Audit audit;
    private final TransactionTemplate transactions;
    private final InstantSource clock;

    RequestChanges(
            Requests requests, Batches batches, Audit audit, TransactionTemplate transactions, InstantSource clock) {
        this.requests = requests;
        this.batches = batches;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** @throws Problem when there is none */
    Request existing(long number) {
        return requests.byNumber(number).orElseThrow(() -> missing(number));
    }

    Standing standing(Request request) {
        var running = request.batch() == null
                ? null
                : batches.byNumber(request.batch())
                        .filter(each -> each.state() == Batch.State.RUNNING)
                        .map(Batch::name)
                        .orElse(null);
        return new Standing(request, requests.isOnTheWire(request), running);
    }

    /** Takes an open request back of which no call is under way. */
    void withdraw(long number, Change change) {
        settle(
                number,
                change,
                "request withdrawn",
                RequestVerbs::withdraw,
                (standing, by) -> Resolution.of(
                        Reason.BY_OPERATOR,
                        standing.request().effect(),
                        "A person withdrew the request: %s".formatted(change.cause()),
                        by));
    }

    /** Ends a stalled request as failed; what a call of it did that nobody could read stays unknown. */
    void giveUp(long number, Change change) {
        settle(
                number,
                change,
                "request given up",
                RequestVerbs::giveUp,
                (standing, by) -> Resolution.of(
                        Reason.GIVEN_UP_BY_OPERATOR,
                        standing.onTheWire()
                                ? Effect.UNKNOWN
                                : standing.request().effect(),
                        "A person gave the request up: %s".formatted(change.cause()),
                        by));
    }

    private void settle(
            long number,
            Change change,
            String what,
            Function<Standing, Ruling> ruling,
            BiFunction<Standing, Details, Resolution> resolution) {
        String cause = change.cause();
        transactions.executeWithoutResult(_ -> {
            var standing = standing(requests.lock(number).orElseThrow(() -> missing(number)));
            var request = standing.request();
            ruling.apply(standing)
                    .orConflict(Map.of(
                            "status", request.status().word(),
                            "reason", request.reason().word()));
            Instant now = clock.instant();
            var by = Details.with().decidedBy(change.who()).build();
            if (!requests.settle(request, Objects.requireNonNull(resolution.apply(standing, by)), null, now)) {
                throw new IllegalStateException("Request %d changed although it is locked.".formatted(number));
            }
            audit.add(
                    new Audit.Entry(
                            change.who(),
                            what,
                            "request " + number,
                            cause,
                            "%s; it was %s: %s"
                                    .formatted(
                                            request.key(),
                                            request.status().word(),
                                            request.reason().word())),
                    now);
        });
    }

    private static Problem missing(long number) {
        return Problem.notFound("There is no request %d.".formatted(number));
    }
}
