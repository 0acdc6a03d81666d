package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Attempts.RecordedReply;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Decisions.Decision;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Outcomes.Outcome;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Requests.Filter;
import dev.offramp.ledger.Requests.Filter.By;
import dev.offramp.operations.access.Caller;
import dev.offramp.operations.access.Verb;
import dev.offramp.request.RequestsByHand.Brought;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Requests, and what happened to each. */
@RestController
@RequestMapping("/api/v1/requests")
class RequestsApi {

    private final Requests requests;
    private final RequestChanges changes;
    private final Timeline timeline;
    private final Evidence evidence;

    RequestsApi(Requests requests, RequestChanges changes, Timeline timeline, Evidence evidence) {
        this.requests = requests;
        this.changes = changes;
        this.timeline = timeline;
        this.evidence = evidence;
    }

    /** One page, newest first; {@code before} of the next page is {@code next}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RequestsView(
            List<RequestView> requests, @Nullable Long next) {}

    /** A request with all that happened. */
    record RequestDetails(
            RequestView request,
            List<Timeline.Event> timeline,
            List<TryView> tries,
            List<Decision> decisions,
            List<OutcomeView> outcomes,
            List<Action> allowedActions) {}

    /** One destructive call that was written down, and what came back. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TryView(
            String step,
            int number,
            String msRequestId,
            String msCorrelationId,
            Instant gatedAt,
            String node,
            String batch,
            @Nullable String reply,
            @Nullable Integer httpStatus,
            @Nullable String code,
            @Nullable String words,
            @Nullable Instant repliedAt,
            @Nullable String finding,
            @Nullable String foundBy) {

        static TryView of(Try each) {
            RecordedReply reply = each.reply();
            Attempts.Finding finding = each.finding();
            return new TryView(
                    each.step(),
                    each.id().number(),
                    each.msRequestId().toString(),
                    each.msCorrelationId().toString(),
                    each.gatedAt(),
                    each.node(),
                    "B-" + each.batch(),
                    reply == null ? null : Timeline.word(reply.kind()),
                    reply == null ? null : (Integer) reply.httpStatus(),
                    reply == null ? null : reply.code(),
                    reply == null ? null : reply.words(),
                    each.repliedAt(),
                    finding == null ? null : Timeline.word(finding),
                    each.foundBy());
        }
    }

    /** One outcome. */
    record OutcomeView(
            int sequence,
            String status,
            String reason,
            String effect,
            boolean isFinal,
            String message,
            Instant at,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Details details) {

        static OutcomeView of(Outcome outcome) {
            return new OutcomeView(
                    outcome.sequence(),
                    outcome.reason().status().word(),
                    outcome.reason().word(),
                    outcome.effect().word(),
                    outcome.reason().status().isFinal(),
                    outcome.message(),
                    outcome.createdAt(),
                    outcome.details());
        }
    }

    @GetMapping
    RequestsView list(
            RequestQuery query,
            @RequestParam(required = false) @Nullable Long before,
            @RequestParam(defaultValue = "50") int limit,
            Caller caller) {
        var page = requests.list(ofItsOwn(caller, query.filter()), before, Asked.limit(limit));
        return new RequestsView(
                page.stream().map(RequestView::of).toList(),
                page.size() < limit ? null : page.getLast().number());
    }

    @GetMapping("/{number}")
    RequestDetails show(@PathVariable long number, Caller caller) {
        return details(existing(number, Verb.SEE_REQUESTS, caller));
    }

    /** What proves what was done for it. */
    @GetMapping("/{number}/evidence")
    Evidence.Proof evidence(@PathVariable long number, Caller caller) {
        return evidence.of(existing(number, Verb.SEE_REQUESTS, caller));
    }

    /**
     * What became of a message.
     *
     * @param result admitted or repeated
     */
    record SentView(String result, String message, RequestView request) {}

    @PostMapping
    SentView send(InputStream message, Caller caller) throws IOException {
        return switch (changes.send(message, source -> caller.demand(Verb.SEND, source), caller.signature(null))) {
            case Brought.Admitted(Request request) ->
                new SentView("admitted", "It is request %d.".formatted(request.number()), RequestView.of(request));
            case Brought.Repeated(Request request) ->
                new SentView(
                        "repeated",
                        "It came before, as request %d: nothing more is done, and its state is told again."
                                .formatted(request.number()),
                        RequestView.of(request));
            case Brought.Refused(String _, String sentence) -> throw new IllegalStateException(sentence);
        };
    }

    /** The answer is the new request. */
    @PostMapping("/{number}/resubmit")
    RequestDetails resubmit(@PathVariable long number, @RequestBody Change change) {
        return details(changes.existing(changes.resubmit(number, change)));
    }

    @PostMapping("/{number}/withdraw")
    RequestDetails withdraw(@PathVariable long number, @RequestBody Change change, Caller caller) {
        existing(number, Verb.WITHDRAW, caller);
        changes.withdraw(number, change, caller);
        return details(changes.existing(number));
    }

    @PostMapping("/{number}/give-up")
    RequestDetails giveUp(@PathVariable long number, @RequestBody Change change) {
        changes.giveUp(number, change);
        return details(changes.existing(number));
    }

    /**
     * What a person found out about a call of which reading could not tell.
     *
     * @param decision done, not-done or ask-again
     */
    record DoubtDecisionBody(
            @Nullable String decision,
            @Nullable String reason,
            @Nullable String by) {}

    @PostMapping("/{number}/decide")
    RequestDetails decide(@PathVariable long number, @RequestBody DoubtDecisionBody body) {
        changes.decide(number, Asked.decision(body.decision()), new Change(body.reason(), body.by()));
        return details(changes.existing(number));
    }

    /** A request of another source is to a requester as if it did not exist. */
    private Request existing(long number, Verb verb, Caller caller) {
        return requests.byNumber(number)
                .filter(each -> caller.may(verb, each.key().source()))
                .orElseThrow(() -> Problem.notFound("There is no request %d.".formatted(number)));
    }

    /** A requester who does not say which of its sources is meant has only one. */
    private static Filter ofItsOwn(Caller caller, Filter filter) {
        var own = caller.only(Verb.SEE_REQUESTS);
        if (own.isEmpty()) {
            return filter;
        }
        var sources = own.get();
        if (filter.values().get(By.SOURCE) instanceof String asked) {
            caller.demand(Verb.SEE_REQUESTS, asked);
            return filter;
        }
        if (sources.size() != 1) {
            throw Problem.badRequest("Say in 'source' which of your sources is meant: %s."
                    .formatted(sources.isEmpty() ? "you have none" : String.join(", ", new TreeSet<>(sources))));
        }
        return filter.and(By.SOURCE, sources.iterator().next());
    }

    private RequestDetails details(Request request) {
        var story = timeline.of(request);
        return new RequestDetails(
                RequestView.of(request),
                story.told(),
                story.tries().stream().map(TryView::of).toList(),
                story.decisions(),
                story.outcomes().stream().map(OutcomeView::of).toList(),
                Action.forCaller(RequestVerbs.of(changes.standing(request))));
    }
}
