package dev.offramp.operations;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Requests.Filter;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.safety.Approvals;
import dev.offramp.safety.Approvals.Answer;
import dev.offramp.safety.DecisionBook.Asker;
import dev.offramp.safety.PendingDecision;
import dev.offramp.safety.Person;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.springframework.transaction.support.TransactionTemplate;

/** People's decisions about held requests: all that match, in one transaction, if they are exactly as many as expected. */
final class HeldChanges {

    private final Requests requests;
    private final Approvals approvals;
    private final Audit audit;
    private final TransactionTemplate transactions;
    private final InstantSource clock;

    HeldChanges(
            Requests requests,
            Approvals approvals,
            Audit audit,
            TransactionTemplate transactions,
            InstantSource clock) {
        this.requests = requests;
        this.approvals = approvals;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Lets them go on, past what held them and past nothing else, or asks a second person whether they may. */
    Answer release(Filter filter, long expected, Change change, Person person) {
        return switch (approvals.release(filter, expected, asker(change, person), clock.instant())) {
            case Answer.Refused(String sentence, var members) -> throw Problem.conflict(sentence, members);
            case Answer answer -> answer;
        };
    }

    /** The second person's yes. */
    PendingDecision confirm(long number, Change change, Person person) {
        return decided(number, approvals.confirm(number, asker(change, person), clock.instant()));
    }

    /** Anybody's no. */
    PendingDecision rejectDecision(long number, Change change, Person person) {
        return decided(number, approvals.reject(number, asker(change, person), clock.instant()));
    }

    private static Asker asker(Change change, Person person) {
        String cause = change.cause();
        return new Asker(change.who(), person, cause);
    }

    private static PendingDecision decided(long number, Answer answer) {
        return switch (answer) {
            case Answer.Decided(PendingDecision decision) -> decision;
            case Answer.Refused(String sentence, var members) -> throw Problem.conflict(sentence, members);
            case Answer.Unknown _ -> throw Problem.notFound("There is no decision %d.".formatted(number));
            case Answer.Done _, Answer.Waiting _ -> throw new IllegalStateException("Nothing was to be released.");
        };
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
