package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Attempts.RecordedReply;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Decisions;
import dev.offramp.ledger.Decisions.Decision;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Outcomes;
import dev.offramp.ledger.Outcomes.Outcome;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.RequestKey;
import dev.offramp.ledger.Requests;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Requests, and what happened to each. */
@RestController
@RequestMapping("/api/v1/requests")
class RequestsApi {

    private final Requests requests;
    private final Attempts attempts;
    private final Decisions decisions;
    private final Outcomes outcomes;

    RequestsApi(Requests requests, Attempts attempts, Decisions decisions, Outcomes outcomes) {
        this.requests = requests;
        this.attempts = attempts;
        this.decisions = decisions;
        this.outcomes = outcomes;
    }

    /** One page, newest first; {@code before} of the next page is {@code next}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RequestsView(
            List<RequestView> requests, @Nullable Long next) {}

    /** A request with all that happened. */
    record RequestDetails(
            RequestView request, List<TryView> tries, List<Decision> decisions, List<OutcomeView> outcomes) {}

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
                    reply == null ? null : word(reply.kind()),
                    reply == null ? null : (Integer) reply.httpStatus(),
                    reply == null ? null : reply.code(),
                    reply == null ? null : reply.words(),
                    each.repliedAt(),
                    finding == null ? null : word(finding));
        }

        private static String word(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
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
            @RequestParam(required = false) @Nullable String source,
            @RequestParam(required = false) @Nullable String id,
            @RequestParam(required = false) @Nullable String status,
            @RequestParam(required = false) @Nullable Long before,
            @RequestParam(defaultValue = "50") int limit) {
        if ((source == null) != (id == null)) {
            throw Problem.badRequest("source and id together name a request; give both or neither.");
        }
        if (source != null && id != null) {
            return new RequestsView(
                    requests.byKey(new RequestKey(source, id)).map(RequestView::of).stream()
                            .toList(),
                    null);
        }
        var page = requests.list(Asked.status(status), before, Asked.limit(limit));
        return new RequestsView(
                page.stream().map(RequestView::of).toList(),
                page.size() < limit ? null : page.getLast().number());
    }

    @GetMapping("/{number}")
    RequestDetails show(@PathVariable long number) {
        Request request = requests.byNumber(number)
                .orElseThrow(() -> Problem.notFound("There is no request %d.".formatted(number)));
        return new RequestDetails(
                RequestView.of(request),
                attempts.of(number).stream().map(TryView::of).toList(),
                decisions.of(number),
                outcomes.of(number).stream().map(OutcomeView::of).toList());
    }
}
