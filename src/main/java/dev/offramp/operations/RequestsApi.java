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
import java.time.Instant;
import java.util.List;
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

    RequestsApi(Requests requests, RequestChanges changes, Timeline timeline) {
        this.requests = requests;
        this.changes = changes;
        this.timeline = timeline;
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
            @Nullable String finding) {

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
                    finding == null ? null : Timeline.word(finding));
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
            @RequestParam(defaultValue = "50") int limit) {
        var page = requests.list(query.filter(), before, Asked.limit(limit));
        return new RequestsView(
                page.stream().map(RequestView::of).toList(),
                page.size() < limit ? null : page.getLast().number());
    }

    @GetMapping("/{number}")
    RequestDetails show(@PathVariable long number) {
        return details(changes.existing(number));
    }

    @PostMapping("/{number}/withdraw")
    RequestDetails withdraw(@PathVariable long number, @RequestBody Change change) {
        changes.withdraw(number, change);
        return show(number);
    }

    @PostMapping("/{number}/give-up")
    RequestDetails giveUp(@PathVariable long number, @RequestBody Change change) {
        changes.giveUp(number, change);
        return show(number);
    }

    private RequestDetails details(Request request) {
        var story = timeline.of(request);
        return new RequestDetails(
                RequestView.of(request),
                story.told(),
                story.tries().stream().map(TryView::of).toList(),
                story.decisions(),
                story.outcomes().stream().map(OutcomeView::of).toList(),
                RequestVerbs.of(changes.standing(request)));
    }
}
