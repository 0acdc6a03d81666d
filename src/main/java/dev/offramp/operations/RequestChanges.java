package dev.offramp.operations;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batches;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Requests.Filter;
import dev.offramp.ledger.Requests.Filter.By;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.operations.RequestVerbs.Standing;
import dev.offramp.operations.access.Caller;
import dev.offramp.operations.access.Verb;
import dev.offramp.request.RequestsByHand;
import dev.offramp.request.RequestsByHand.Brought;
import dev.offramp.safety.DoubtDecisions;
import dev.offramp.safety.DoubtDecisions.Decided;
import dev.offramp.safety.DoubtDecisions.Decision;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.transaction.support.TransactionTemplate;

/** What people do to one request, under its row's lock: the gate takes the same lock before every call. */
final class RequestChanges {

    private final Requests requests;
    private final RequestsByHand byHand;
    private final Batches batches;
    private final DoubtDecisions doubts;
    private final Audit audit;
    private final TransactionTemplate transactions;
    private final InstantSource clock;

    RequestChanges(
            Requests requests,
            RequestsByHand byHand,
            Batches batches,
            DoubtDecisions doubts,
            Audit audit,
            TransactionTemplate transactions,
            InstantSource clock) {
        this.requests = requests;
        this.byHand = byHand;
        this.batches = batches;
        this.doubts = doubts;
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
        var again = requests.list(Filter.ALL.and(By.RESUBMITS, request.number()), null, 1).stream()
                .findFirst()
                .orElse(null);
        var undecidable = new EnumMap<Decision, String>(Decision.class);
        for (Decision each : Decision.values()) {
            doubts.refusal(request, each).ifPresent(why -> undecidable.put(each, why));
        }
        return new Standing(request, requests.isOnTheWire(request), running, again, undecidable);
    }

    /** Takes an open request back of which no call is under way. */
    void withdraw(long number, Change change, Caller caller) {
        boolean isItsSource = caller.only(Verb.WITHDRAW).isPresent();
        settle(
                number,
                change,
                "request withdrawn",
                RequestVerbs::withdraw,
                (standing, by) -> Resolution.of(
                        isItsSource ? Reason.BY_SOURCE : Reason.BY_OPERATOR,
                        standing.request().effect(),
                        (isItsSource ? "Its source withdrew the request: %s" : "A person withdrew the request: %s")
                                .formatted(change.cause()),
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

    /** Lets a stalled request go on by what a person found out about its call. */
    void decide(long number, Decision decision, Change change) {
        switch (doubts.decide(number, decision, change.who(), change.cause(), clock.instant())) {
            case Decided.Done _ -> {}
            case Decided.Refused(String why) -> throw Problem.conflict(why, stateOf(existing(number)));
            case Decided.Unknown _ -> throw missing(number);
        }
    }

    /**
     * Asks for a final request again.
     *
     * @return the new request's number
     */
    long resubmit(long number, Change change) {
        String cause = change.cause();
        return Objects.requireNonNull(transactions.execute(_ -> {
            var standing = standing(requests.lock(number).orElseThrow(() -> missing(number)));
            var old = standing.request();
            RequestVerbs.resubmit(standing).orConflict(stateOf(old));
            return switch (byHand.again(old, (request, now) -> noteAgain(old, request, change.who(), cause, now))) {
                case Brought.Admitted(Request request) -> request.number();
                case Brought.Repeated(Request request) -> request.number();
                case Brought.Refused(String _, String sentence) -> throw Problem.conflict(sentence, stateOf(old));
            };
        }));
    }

    private void noteAgain(Request old, Request request, String who, String cause, Instant now) {
        audit.add(
                new Audit.Entry(
                        who,
                        "request resubmitted",
                        "request " + old.number(),
                        cause,
                        "as request %d, %s".formatted(request.number(), request.key())),
                now);
        audit.add(
                new Audit.Entry(
                        who,
                        "request resubmitted",
                        "request " + request.number(),
                        cause,
                        "for request %d, %s".formatted(old.number(), old.key())),
                now);
    }

    /**
     * Takes a message as from the topic.
     *
     * @param mayAsk throws when the caller may not ask in the name of that source
     * @throws Problem when it is refused; then it is written nowhere
     */
    Brought send(InputStream message, Consumer<String> mayAsk, String who) throws IOException {
        var brought = byHand.send(
                message,
                mayAsk,
                (request, now) -> audit.add(
                        new Audit.Entry(
                                who,
                                "request sent",
                                "request " + request.number(),
                                request.admission().cause(),
                                request.key().toString()),
                        now));
        if (brought instanceof Brought.Refused(String reason, String sentence)) {
            throw Problem.unprocessable(sentence, Map.of("result", "refused", "reason", reason));
        }
        return brought;
    }

    private static Map<String, Object> stateOf(Request request) {
        return Map.of(
                "status", request.status().word(), "reason", request.reason().word());
    }

    private void settle(
            long number,
            Change change,
            String what,
            Function<Standing, Ruling> ruling,
            BiFunction<Standing, Details, Resolution> resolution) {
        String cause = change.cause();
        var batch = Objects.requireNonNull(transactions.execute(_ -> {
            var standing = standing(requests.lock(number).orElseThrow(() -> missing(number)));
            var request = standing.request();
            ruling.apply(standing).orConflict(stateOf(request));
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
            return Optional.ofNullable(request.batch());
        }));
        batch.ifPresent(this::leaveNoEmptyBatchFailed);
    }

    /**
     * A failed batch of which nothing is left is started once more, to end completed: there is nothing in it that a
     * person could look at. Afterwards, so that the last two that are given up at once both see it.
     */
    private void leaveNoEmptyBatchFailed(long batch) {
        batches.byNumber(batch)
                .filter(each -> each.state() == Batch.State.FAILED)
                .filter(each -> requests.unfinishedOf(batch).isEmpty())
                .ifPresent(each -> batches.askRestart(batch, clock.instant()));
    }

    private static Problem missing(long number) {
        return Problem.notFound("There is no request %d.".formatted(number));
    }
}
