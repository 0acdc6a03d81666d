package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.safety.Plan;
import dev.offramp.safety.Plan.Item;
import dev.offramp.safety.PlanTotals;
import dev.offramp.safety.Plans;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What open requests would do, read and judged, and nothing done. */
@RestController
@RequestMapping("/api/v1/plans")
class PlansApi {

    private static final int MOST = 10_000;

    private final Plans plans;
    private final Requests requests;
    private final InstantSource clock;

    PlansApi(Plans plans, Requests requests, InstantSource clock) {
        this.plans = plans;
        this.requests = requests;
        this.clock = clock;
    }

    /** Which open requests to plan, and why. */
    record PlanBody(
            @Nullable RequestQuery filter,
            @Nullable String reason,
            @Nullable String by) {}

    /**
     * A plan.
     *
     * @param state making, made, discarded or expired
     * @param judged how many of its requests are read and judged
     * @param madeFor why
     * @param hash SHA-256 of {@code GET …/content}, once it is made
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PlanView(
            long number,
            String state,
            String about,
            int requests,
            int judged,
            String madeBy,
            String madeFor,
            Instant askedAt,
            @Nullable Instant madeAt,
            @Nullable Instant expiresAt,
            @Nullable String hash) {

        static PlanView of(Plan plan, Instant now) {
            return new PlanView(
                    plan.number(),
                    plan.stateAt(now).word(),
                    plan.about(),
                    plan.requests(),
                    plan.judged(),
                    plan.madeBy(),
                    plan.cause(),
                    plan.askedAt(),
                    plan.madeAt(),
                    plan.expiresAt(),
                    plan.hash());
        }
    }

    /** One page, newest first; {@code before} of the next page is {@code next}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PlansView(List<PlanView> plans, @Nullable Long next) {}

    /** A plan with what it comes to and what it says about each request. */
    record PlanDetails(PlanView plan, PlanTotals totals, List<Item> items) {}

    /** Answered at once; service nodes read and judge then. */
    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    PlanView make(@RequestBody PlanBody body) {
        var query = body.filter();
        if (query == null) {
            throw Problem.badRequest("Say which open requests are meant in the member 'filter'; {} means all.");
        }
        var change = new Change(body.reason(), body.by());
        String cause = change.cause();
        var filter = query.filter();
        var found = requests.first(filter, MOST + 1);
        if (found.size() > MOST) {
            throw Problem.conflict(
                    "More than %d requests match, finished ones included; narrow the filter.".formatted(MOST),
                    Map.of("count", requests.count(filter)));
        }
        List<Request> open = found.stream()
                .filter(each -> !each.isFinal() && each.operation().destructive())
                .toList();
        if (open.isEmpty()) {
            throw Problem.conflict("No open request matches, so that there is nothing to plan.", Map.of("count", 0));
        }
        Instant now = clock.instant();
        return PlanView.of(plans.ask(about(filter), open, change.who(), cause, now), now);
    }

    private static String about(Requests.Filter filter) {
        return filter.values().isEmpty()
                ? "all open requests"
                : filter.values().entrySet().stream()
                        .map(each -> "%s %s".formatted(each.getKey().name().toLowerCase(Locale.ROOT), each.getValue()))
                        .sorted()
                        .collect(Collectors.joining(", "));
    }

    @GetMapping
    PlansView list(
            @RequestParam(required = false) @Nullable Long before, @RequestParam(defaultValue = "50") int limit) {
        Instant now = clock.instant();
        var page = plans.list(before, Asked.limit(limit));
        return new PlansView(
                page.stream().map(each -> PlanView.of(each, now)).toList(),
                page.size() < limit ? null : page.getLast().number());
    }

    @GetMapping("/{number}")
    PlanDetails show(@PathVariable long number) {
        var plan = existing(number);
        var items = plans.items(number);
        return new PlanDetails(PlanView.of(plan, clock.instant()), PlanTotals.of(items), items);
    }

    /** The very text that the hash is of. */
    @GetMapping(path = "/{number}/content", produces = MediaType.APPLICATION_JSON_VALUE)
    String content(@PathVariable long number) {
        return plans.content(existing(number));
    }

    @GetMapping(path = "/{number}/report", produces = "text/markdown;charset=UTF-8")
    String report(@PathVariable long number) {
        return PlanReport.of(existing(number), plans.items(number), clock.instant());
    }

    @PostMapping("/{number}/discard")
    PlanView discard(@PathVariable long number, @RequestBody Change change) {
        String cause = change.cause();
        var plan = existing(number);
        Instant now = clock.instant();
        if (!plans.discard(number, change.who(), cause, now)) {
            String state = plan.stateAt(now).word();
            throw Problem.conflict("Plan %d is %s already.".formatted(number, state), Map.of("state", state));
        }
        return PlanView.of(existing(number), now);
    }

    private Plan existing(long number) {
        return plans.byNumber(number).orElseThrow(() -> Problem.notFound("There is no plan %d.".formatted(number)));
    }
}
