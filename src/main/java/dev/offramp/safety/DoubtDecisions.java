package dev.offramp.safety;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Attempts.Finding;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batches;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Resolution;
import dev.offramp.ledger.Resolution.Doubt;
import dev.offramp.offboarding.Reason;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What a person decides about a request that is {@code stalled: in-doubt}: reading could not tell whether its call took
 * effect. Whatever is decided, the next call still needs facts, verdict, permit and gate.
 */
public final class DoubtDecisions {

    private final Requests requests;
    private final Attempts attempts;
    private final Batches batches;
    private final Audit audit;
    private final TransactionTemplate transactions;

    DoubtDecisions(
            Requests requests, Attempts attempts, Batches batches, Audit audit, TransactionTemplate transactions) {
        this.requests = requests;
        this.attempts = attempts;
        this.batches = batches;
        this.audit = audit;
        this.transactions = transactions;
    }

    /** What the person found out. */
    public enum Decision {
        /** The call took effect: the request goes on as if a read had shown it. */
        DONE,
        /** It did not: the next try is allowed. */
        NOT_DONE,
        /** Nobody knows yet: reading goes on for as long again. */
        ASK_AGAIN;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static Optional<Decision> named(String word) {
            return Arrays.stream(values())
                    .filter(each -> each.word().equals(word))
                    .findFirst();
        }
    }

    /** What became of a decision. */
    public sealed interface Decided {

        /** It stands, with its audit entry. */
        record Done() implements Decided {}

        /** It cannot be decided so, or not now; nothing was changed. */
        record Refused(String sentence) implements Decided {}

        /** There is no such request. */
        record Unknown() implements Decided {}
    }

    /** Writes the decision, the request's next state and the audit entry in one transaction. */
    public Decided decide(long number, Decision decision, String who, String cause, Instant now) {
        return Objects.requireNonNull(transactions.execute(_ -> {
            // The gate takes the same lock before every call.
            Optional<Request> locked = requests.lock(number);
            if (locked.isEmpty()) {
                return new Decided.Unknown();
            }
            Request request = locked.get();
            Optional<String> refusal = refusal(request, decision);
            if (refusal.isPresent()) {
                return new Decided.Refused(refusal.get());
            }
            if (!write(doubted(request), decision, who, now)) {
                return new Decided.Refused(
                        "The reply to the call of request %d has come just now; look again.".formatted(number));
            }
            if (!requests.settle(request, next(request, decision, who, cause, now), null, now)) {
                throw new IllegalStateException("Request %d changed although it is locked.".formatted(number));
            }
            audit.add(
                    new Audit.Entry(
                            who,
                            "doubt decided: " + decision.word(),
                            "request " + number,
                            cause,
                            "%s; %s".formatted(request.key(), request.message())),
                    now);
            leaveNoEmptyBatchFailed(request, now);
            return new Decided.Done();
        }));
    }

    /** Why it cannot be decided so as the request stands, as a sentence; empty when it can. */
    public Optional<String> refusal(Request request, Decision decision) {
        if (request.reason() != Reason.IN_DOUBT) {
            return refused(
                    "Request %d is %s: %s; a person decides only about what is stalled: in-doubt.",
                    request.number(), request.status().word(), request.reason().word());
        }
        Optional<String> running = runningBatch(request);
        if (running.isPresent()) {
            return refused(
                    "%s works on request %d right now; stop it first, or wait for its end.",
                    running.get(), request.number());
        }
        if (decision == Decision.ASK_AGAIN) {
            return Optional.empty();
        }
        Try doubted = doubted(request);
        if (doubted == null) {
            return refused(
                    "Every call of request %d is answered, and only what it left behind cannot be read: ask again, or give it up.",
                    request.number());
        }
        if (decision == Decision.NOT_DONE && doubted.wasAccepted()) {
            return refused(
                    "Partner Center accepted the call of request %d at %s, and what it has accepted is never sent again: ask again, or give it up and send a new request.",
                    request.number(), doubted.repliedAt());
        }
        return Optional.empty();
    }

    private static Optional<String> refused(String sentence, @Nullable Object... words) {
        return Optional.of(sentence.formatted(words));
    }

    private Optional<String> runningBatch(Request request) {
        return batchOf(request)
                .filter(each -> each.state() == Batch.State.RUNNING)
                .map(Batch::name);
    }

    private Optional<Batch> batchOf(Request request) {
        return request.batch() == null ? Optional.empty() : batches.byNumber(request.batch());
    }

    /** The newest try that nobody knows the end of: without an answer, else accepted and never to be seen. */
    private @Nullable Try doubted(Request request) {
        List<Try> tries = attempts.of(request.number());
        return tries.stream()
                .filter(Try::inDoubt)
                .reduce((_, later) -> later)
                .or(() -> tries.stream()
                        .filter(each -> each.wasAccepted() && each.finding() == null)
                        .reduce((_, later) -> later))
                .orElse(null);
    }

    /** @return false when it is known by now */
    private boolean write(@Nullable Try doubted, Decision decision, String who, Instant now) {
        return switch (decision) {
            case ASK_AGAIN -> true;
            case DONE -> attempts.decide(Objects.requireNonNull(doubted).id(), Finding.DONE, who, now);
            case NOT_DONE -> attempts.decide(Objects.requireNonNull(doubted).id(), Finding.NOT_DONE, who, now);
        };
    }

    private static Resolution next(Request request, Decision decision, String who, String cause, Instant now) {
        Details by = Details.with().decidedBy(who).build();
        return switch (decision) {
            case DONE ->
                new Resolution(
                        Reason.CONFIRMING,
                        request.effect(),
                        "A person decided that the call took effect: " + cause,
                        now,
                        null,
                        new Doubt(0, now),
                        by);
            case NOT_DONE ->
                Resolution.of(
                        Reason.ADMITTED,
                        request.effect(),
                        "A person decided that the call did not take effect: " + cause,
                        by);
            case ASK_AGAIN ->
                new Resolution(
                        Reason.CONFIRMING,
                        request.effect(),
                        "A person wants it to be read again: " + cause,
                        now,
                        null,
                        new Doubt(0, now),
                        by);
        };
    }

    /** A failed batch of which nothing is left is started once more, to end completed. */
    private void leaveNoEmptyBatchFailed(Request request, Instant now) {
        batchOf(request)
                .filter(each -> each.state() == Batch.State.FAILED)
                .filter(each -> requests.unfinishedOf(each.number()).isEmpty())
                .ifPresent(each -> batches.askRestart(each.number(), now));
    }
}
