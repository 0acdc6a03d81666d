package dev.offramp.safety;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Requests.Filter;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.safety.DecisionBook.Asker;
import dev.offramp.safety.FourEyes.Judgement;
import dev.offramp.safety.PendingDecision.Item;
import dev.offramp.safety.PendingDecision.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The only way past a guard: people release held requests, and more customers than one person may let go on alone only when
 * a second person confirms it, for exactly the requests the first one saw.
 */
public final class HeldReleases {

    private final Requests requests;
    private final DecisionBook book;
    private final FourEyes rule;
    private final Audit audit;
    private final TransactionTemplate transactions;

    public HeldReleases(
            Requests requests, DecisionBook book, FourEyes rule, Audit audit, TransactionTemplate transactions) {
        this.requests = requests;
        this.book = book;
        this.rule = rule;
        this.audit = audit;
        this.transactions = transactions;
    }

    /** What became of it. */
    public sealed interface Answer {

        /** They go on. */
        record Released(int count) implements Answer {}

        /** They stay held until a second person has confirmed it. */
        record Waiting(PendingDecision decision) implements Answer {}

        /** A decision is carried out, or rejected. */
        record Decided(PendingDecision decision) implements Answer {}

        /** Nothing was changed. */
        record Refused(String sentence, Map<String, Object> members) implements Answer {}

        /** There is no such decision. */
        record Unknown() implements Answer {}
    }

    /** Why nobody can release it as it stands; empty when it can be released. */
    public static Optional<String> refusal(Request request) {
        if (request.status() != Status.HELD) {
            return Optional.of("Request %d is %s: %s; only a held request can be released."
                    .formatted(
                            request.number(),
                            request.status().word(),
                            request.reason().word()));
        }
        if (request.reason() == Reason.PROTECTED_CUSTOMER) {
            return Optional.of(
                    "Request %d is held as customer %s is protected, and from that nobody is released. Reject it; if the customer is taken off offramp.safety.protected-customers, it can be resubmitted then."
                            .formatted(request.number(), request.customerId()));
        }
        return Optional.empty();
    }

    /** Lets all that match go on, if they are exactly as many as expected, or asks a second person. */
    public Answer release(Filter filter, long expected, Asker asker, Instant now) {
        return in(() -> {
            List<Long> numbers = requests.lockAll(filter);
            if (numbers.size() != expected) {
                return new Answer.Refused(
                        "%d held requests match, not %d; nothing was released. Look again, then ask with %d."
                                .formatted(numbers.size(), expected, numbers.size()),
                        Map.of("count", numbers.size()));
            }
            List<Request> held = new ArrayList<>();
            for (long number : numbers) {
                Request request = requests.byNumber(number).orElseThrow();
                Optional<String> refusal = refusal(request);
                if (refusal.isPresent()) {
                    return new Answer.Refused(refusal.get(), Map.of("count", numbers.size(), "number", number));
                }
                held.add(request);
            }
            return release(held, asker, now);
        });
    }

    private Answer release(List<Request> held, Asker asker, Instant now) {
        Set<CustomerId> customers = customers(held);
        return switch (rule.judge(asker.person(), book.lockAlone(rule.countedSince(now)), customers)) {
            case Judgement.Alone _ -> {
                held.forEach(
                        each -> letGoOn(each, "A person released", asker.signature(), asker.cause(), "", now, asker));
                book.noteAlone(customers, asker.signature(), now, rule.countedSince(now));
                yield new Answer.Released(held.size());
            }
            case Judgement.Together(Person.Known first, int _) -> {
                PendingDecision decision =
                        book.ask(PendingDecision.Kind.RELEASE, held, asker, first, now, now.plus(rule.expires()));
                audit.add(
                        new Audit.Entry(
                                asker.signature(),
                                "release asked for",
                                target(decision.number()),
                                asker.cause(),
                                "%d requests of %s".formatted(held.size(), FourEyes.customers(customers.size()))),
                        now);
                yield new Answer.Waiting(decision);
            }
            case Judgement.Refused(String sentence) -> new Answer.Refused(sentence, Map.of("count", held.size()));
        };
    }

    /** The second person says yes: it is carried out now, on what has not changed since. */
    public Answer confirm(long number, Asker second, Instant now) {
        return in(() -> {
            Optional<PendingDecision> locked = book.lock(number);
            if (locked.isEmpty()) {
                return new Answer.Unknown();
            }
            PendingDecision decision = locked.get();
            Optional<String> refusal = decision.refusal(now).or(() -> rule.refusal(decision.asker(), second.person()));
            if (refusal.isPresent()) {
                return new Answer.Refused(refusal.get(), Map.of());
            }
            int carriedOut = 0;
            for (Item item : book.items(number)) {
                Optional<Request> request = requests.lock(item.request());
                Optional<String> skipped = changed(item, request);
                if (skipped.isPresent()) {
                    book.skip(number, item.request(), skipped.get());
                } else {
                    letGoOn(
                            request.orElseThrow(),
                            "Two persons released",
                            "%s, confirmed by %s".formatted(decision.askedBy(), second.signature()),
                            decision.cause(),
                            "; asked for by %s in decision %d".formatted(decision.askedBy(), number),
                            now,
                            second);
                    carriedOut++;
                }
            }
            book.decided(number, State.CARRIED_OUT, second, carriedOut, now);
            audit.add(
                    new Audit.Entry(
                            second.signature(),
                            "decision confirmed",
                            target(number),
                            second.cause(),
                            "Asked for by %s: %s; %d of %d requests released."
                                    .formatted(decision.askedBy(), decision.cause(), carriedOut, decision.requests())),
                    now);
            return new Answer.Decided(book.byNumber(number).orElseThrow());
        });
    }

    /** Somebody says no, or the asker takes it back: what it is about stays held. */
    public Answer reject(long number, Asker by, Instant now) {
        return in(() -> {
            Optional<PendingDecision> locked = book.lock(number);
            if (locked.isEmpty()) {
                return new Answer.Unknown();
            }
            Optional<String> refusal = locked.get().refusal(now);
            if (refusal.isPresent()) {
                return new Answer.Refused(refusal.get(), Map.of());
            }
            book.decided(number, State.REJECTED, by, null, now);
            audit.add(
                    new Audit.Entry(
                            by.signature(),
                            "decision rejected",
                            target(number),
                            by.cause(),
                            "Asked for by %s: %s"
                                    .formatted(
                                            locked.get().askedBy(), locked.get().cause())),
                    now);
            return new Answer.Decided(book.byNumber(number).orElseThrow());
        });
    }

    private static Optional<String> changed(Item item, Optional<Request> request) {
        if (request.isEmpty()) {
            return Optional.of("It is gone.");
        }
        Request now = request.get();
        return now.version() == item.version()
                ? refusal(now)
                : Optional.of("It changed since it was looked at; now it is %s: %s."
                        .formatted(now.status().word(), now.reason().word()));
    }

    private void letGoOn(
            Request request, String whoDid, String decidedBy, String cause, String more, Instant now, Asker by) {
        Resolution resolution = Resolution.of(
                Reason.ADMITTED,
                request.effect(),
                "%s the request from %s: %s".formatted(whoDid, request.reason().word(), cause),
                Details.with().decidedBy(decidedBy).build());
        if (!requests.settle(request, resolution, null, now)) {
            throw new IllegalStateException("Request %d changed although it is locked.".formatted(request.number()));
        }
        audit.add(
                new Audit.Entry(
                        by.signature(),
                        "held request released",
                        "request " + request.number(),
                        by.cause(),
                        "%s; held for %s%s"
                                .formatted(request.key(), request.reason().word(), more)),
                now);
    }

    private static Set<CustomerId> customers(List<Request> requests) {
        Set<CustomerId> customers = new HashSet<>();
        requests.forEach(each -> customers.add(each.customerId()));
        return customers;
    }

    private static String target(long number) {
        return "decision " + number;
    }

    private Answer in(java.util.function.Supplier<Answer> work) {
        return Objects.requireNonNull(transactions.execute(_ -> work.get()));
    }
}
