package dev.offramp.safety;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Requests.Filter;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.safety.Approvals.Confirmed;
import dev.offramp.safety.Approvals.Proposal;
import dev.offramp.safety.DecisionBook.Asker;
import dev.offramp.safety.PendingDecision.Item;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Held requests that people let go on, each past what held it and past nothing else. */
public final class HeldReleases implements Confirmed {

    private final Requests requests;
    private final DecisionBook book;
    private final Audit audit;

    public HeldReleases(Requests requests, DecisionBook book, Audit audit) {
        this.requests = requests;
        this.book = book;
        this.audit = audit;
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
        if (request.reason() == Reason.PLAN_NEEDED) {
            return Optional.of("Request %d needs an approved plan, and no release passes that. %s"
                    .formatted(request.number(), request.message()));
        }
        return Optional.empty();
    }

    /** All that match go on, if they are exactly as many as expected. */
    Proposal propose(Filter filter, long expected, Asker asker, Instant now) {
        List<Long> numbers = requests.lockAll(filter);
        if (numbers.size() != expected) {
            return new Proposal.Refused(
                    "%d held requests match, not %d; nothing was released. Look again, then ask with %d."
                            .formatted(numbers.size(), expected, numbers.size()),
                    Map.of("count", numbers.size()));
        }
        List<Request> held = new ArrayList<>();
        for (long number : numbers) {
            Request request = requests.byNumber(number).orElseThrow();
            Optional<String> refusal = refusal(request);
            if (refusal.isPresent()) {
                return new Proposal.Refused(refusal.get(), Map.of("count", numbers.size(), "number", number));
            }
            held.add(request);
        }
        return new Proposal.Of(
                held,
                () -> held.forEach(
                        each -> letGoOn(each, "A person released", asker.signature(), asker.cause(), "", now, asker)),
                _ -> {});
    }

    @Override
    public Optional<String> refusal(PendingDecision decision, Instant now) {
        return Optional.empty();
    }

    @Override
    public int carryOut(PendingDecision decision, Asker second, Instant now) {
        int carriedOut = 0;
        for (Item item : book.items(decision.number())) {
            Optional<Request> request = requests.lock(item.request());
            Optional<String> skipped = changed(item, request);
            if (skipped.isPresent()) {
                book.skip(decision.number(), item.request(), skipped.get());
            } else {
                letGoOn(
                        request.orElseThrow(),
                        "Two persons released",
                        "%s, confirmed by %s".formatted(decision.askedBy(), second.signature()),
                        decision.cause(),
                        "; asked for by %s in decision %d".formatted(decision.askedBy(), decision.number()),
                        now,
                        second);
                carriedOut++;
            }
        }
        return carriedOut;
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
}
