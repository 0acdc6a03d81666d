package dev.offramp.safety;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests.Filter;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.safety.DecisionBook.Asker;
import dev.offramp.safety.FourEyes.Judgement;
import dev.offramp.safety.PendingDecision.Kind;
import dev.offramp.safety.PendingDecision.State;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The only way past a guard: people release held requests or approve plans, and more customers than one person may let go on
 * alone only when a second person confirms it, for exactly what the first one saw.
 */
public final class Approvals {

    private final HeldReleases releases;
    private final PlanApprovals plans;
    private final DecisionBook book;
    private final FourEyes rule;
    private final Audit audit;
    private final TransactionTemplate transactions;

    public Approvals(
            HeldReleases releases,
            PlanApprovals plans,
            DecisionBook book,
            FourEyes rule,
            Audit audit,
            TransactionTemplate transactions) {
        this.releases = releases;
        this.plans = plans;
        this.book = book;
        this.rule = rule;
        this.audit = audit;
        this.transactions = transactions;
    }

    /** What became of it. */
    public sealed interface Answer {

        /** One person was enough, and so many requests may go on. */
        record Done(int count) implements Answer {}

        /** Nothing goes on until a second person has confirmed it. */
        record Waiting(PendingDecision decision) implements Answer {}

        /** A decision is carried out, or rejected. */
        record Decided(PendingDecision decision) implements Answer {}

        /** Nothing was changed. */
        record Refused(String sentence, Map<String, Object> members) implements Answer {}

        /** There is nothing of that number. */
        record Unknown() implements Answer {}
    }

    /** What one person wants to let go on. */
    sealed interface Proposal {

        /**
         * It may be decided.
         *
         * @param requests of which customers are counted
         * @param alone carries it out when one person is enough
         * @param together notes that it waits for a second person
         */
        record Of(List<Request> requests, Runnable alone, Consumer<PendingDecision> together) implements Proposal {}

        /** Nobody may decide so. */
        record Refused(String sentence, Map<String, Object> members) implements Proposal {}

        /** There is nothing of that number. */
        record Unknown() implements Proposal {}
    }

    /** What is done when a second person confirms a decision of one kind. */
    interface Confirmed {

        /** Why it cannot be carried out any more; empty when it can. */
        Optional<String> refusal(PendingDecision decision, Instant now);

        /** @return on how many of its requests it was carried out */
        int carryOut(PendingDecision decision, Asker second, Instant now);
    }

    /** Lets all held requests that match go on, if they are exactly as many as expected, or asks a second person. */
    public Answer release(Filter filter, long expected, Asker asker, Instant now) {
        return in(() -> decide(Kind.RELEASE, releases.propose(filter, expected, asker, now), asker, now));
    }

    /**
     * Approves a plan, or asks a second person.
     *
     * @param hash of the plan that the asker looked at
     */
    public Answer approve(long plan, String hash, Asker asker, Instant now) {
        return in(() -> decide(Kind.PLAN, plans.propose(plan, hash, asker, now), asker, now));
    }

    private Answer decide(Kind kind, Proposal proposal, Asker asker, Instant now) {
        return switch (proposal) {
            case Proposal.Of(var requests, var alone, var together) -> {
                Set<CustomerId> customers = customers(requests);
                yield switch (rule.judge(asker.person(), book.lockAlone(rule.countedSince(now)), customers)) {
                    case Judgement.Alone _ -> {
                        alone.run();
                        book.noteAlone(customers, asker.signature(), now, rule.countedSince(now));
                        yield new Answer.Done(requests.size());
                    }
                    case Judgement.Together(Person.Known first, int _) -> {
                        PendingDecision decision =
                                book.ask(kind, requests, asker, first, now, now.plus(rule.expires()));
                        together.accept(decision);
                        note(
                                asker,
                                kind.word() + " asked for",
                                decision.number(),
                                "%d requests of %s".formatted(requests.size(), FourEyes.customers(customers.size())),
                                now);
                        yield new Answer.Waiting(decision);
                    }
                    case Judgement.Refused(String sentence) ->
                        new Answer.Refused(sentence, Map.of("count", requests.size()));
                };
            }
            case Proposal.Refused(String sentence, var members) -> new Answer.Refused(sentence, members);
            case Proposal.Unknown _ -> new Answer.Unknown();
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
            Confirmed confirmed = switch (decision.kind()) {
                case RELEASE -> releases;
                case PLAN -> plans;
            };
            Optional<String> refusal = decision.refusal(now)
                    .or(() -> rule.refusal(decision.asker(), second.person()))
                    .or(() -> confirmed.refusal(decision, now));
            if (refusal.isPresent()) {
                return new Answer.Refused(refusal.get(), Map.of());
            }
            int carriedOut = confirmed.carryOut(decision, second, now);
            book.decided(number, State.CARRIED_OUT, second, carriedOut, now);
            note(
                    second,
                    "decision confirmed",
                    number,
                    "Asked for by %s: %s; %d of %d requests."
                            .formatted(decision.askedBy(), decision.cause(), carriedOut, decision.requests()),
                    now);
            return new Answer.Decided(book.byNumber(number).orElseThrow());
        });
    }

    /** Somebody says no, or the asker takes it back: nothing goes on. */
    public Answer reject(long number, Asker by, Instant now) {
        return in(() -> {
            Optional<PendingDecision> locked = book.lock(number);
            if (locked.isEmpty()) {
                return new Answer.Unknown();
            }
            PendingDecision decision = locked.get();
            Optional<String> refusal = decision.refusal(now);
            if (refusal.isPresent()) {
                return new Answer.Refused(refusal.get(), Map.of());
            }
            book.decided(number, State.REJECTED, by, null, now);
            note(
                    by,
                    "decision rejected",
                    number,
                    "Asked for by %s: %s".formatted(decision.askedBy(), decision.cause()),
                    now);
            return new Answer.Decided(book.byNumber(number).orElseThrow());
        });
    }

    private void note(Asker who, String what, long number, String details, Instant now) {
        audit.add(new Audit.Entry(who.signature(), what, "decision " + number, who.cause(), details), now);
    }

    static Set<CustomerId> customers(List<Request> requests) {
        Set<CustomerId> customers = new HashSet<>();
        requests.forEach(each -> customers.add(each.customerId()));
        return customers;
    }

    private Answer in(Supplier<Answer> work) {
        return Objects.requireNonNull(transactions.execute(_ -> work.get()));
    }
}
