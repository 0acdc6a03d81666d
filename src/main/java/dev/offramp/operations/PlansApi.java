package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.operations.access.Caller;
import dev.offramp.operations.access.Users;
import dev.offramp.safety.Approvals.Answer;
import dev.offramp.safety.PendingDecision;
import dev.offramp.safety.Plan;
import dev.offramp.safety.Plan.Fate;
import dev.offramp.safety.Plan.Item;
import dev.offramp.safety.PlanApplying;
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
import org.springframework.http.ResponseEntity;
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
    private final PlanChanges changes;
    private final Requests requests;
    private final Users users;
    private final InstantSource clock;

    PlansApi(Plans plans, PlanChanges changes, Requests requests, Users users, InstantSource clock) {
        this.plans = plans;
        this.changes = changes;
        this.requests = requests;
        this.users = users;
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
     * @param state making, made, approved, applied, discarded or expired
     * @param judged how many of its requests are read and judged
     * @param madeFor why
     * @param hash SHA-256 of {@code GET …/content}, once it is made
     * @param decision the number of the decision that a second person was asked for
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
            @Nullable String hash,
            @Nullable Long decision,
            @Nullable String approvedBy,
            @Nullable Instant approvedAt,
            @Nullable String appliedBy,
            @Nullable Instant appliedAt) {

        static PlanView of(Plan plan, Instant now) {
            var approval = plan.approval();
            var applied = plan.applied();
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
                    plan.hash(),
                    plan.decision(),
                    approval == null ? null : approval.by(),
                    approval == null ? null : approval.at(),
                    applied == null ? null : applied.by(),
                    applied == null ? null : applied.at());
        }
    }

    /** One page, newest first; {@code before} of the next page is {@code next}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PlansView(List<PlanView> plans, @Nullable Long next) {}

    /** A plan with what it comes to, what it says about each request and, once it is applied, what became of each. */
    record PlanDetails(PlanView plan, PlanTotals totals, List<Item> items, List<Fate> fates) {}

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
        List<Request> open = found.stream().filter(PlanApplying::isPlannable).toList();
        if (open.isEmpty()) {
            throw Problem.conflict(
                    "No open request matches, and none that was only planned or observed, so that there is nothing to plan.",
                    Map.of("count", 0));
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
        var plan = changes.existing(number);
        var items = plans.items(number);
        return new PlanDetails(PlanView.of(plan, clock.instant()), PlanTotals.of(items), items, plans.fates(number));
    }

    /** The very text that the hash is of. */
    @GetMapping(path = "/{number}/content", produces = MediaType.APPLICATION_JSON_VALUE)
    String content(@PathVariable long number) {
        return plans.content(changes.existing(number));
    }

    @GetMapping(path = "/{number}/report", produces = "text/markdown;charset=UTF-8")
    String report(@PathVariable long number) {
        return PlanReport.of(changes.existing(number), plans.items(number), plans.fates(number), clock.instant());
    }

    /**
     * What to approve.
     *
     * @param hash the SHA-256 of the plan that was looked at
     */
    record ApprovalBody(
            @Nullable String hash,
            @Nullable String reason,
            @Nullable String by) {

        private String seen() {
            String seen = Asked.nothing(hash);
            if (seen == null) {
                throw Problem.badRequest(
                        "Say in the member 'hash' which plan you looked at: its SHA-256, as GET /api/v1/plans/{number} shows it.");
            }
            return seen.toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How it stands now.
     *
     * @param message what it waits for, if it waits
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ApprovedView(PlanView plan, @Nullable String message) {}

    /** Answered with 202 when it waits for a second person. */
    @PostMapping("/{number}/approve")
    ResponseEntity<ApprovedView> approve(@PathVariable long number, @RequestBody ApprovalBody body, Caller caller) {
        var change = new Change(body.reason(), body.by());
        return switch (changes.approve(number, body.seen(), change, users.personOf(caller))) {
            case Answer.Done _ -> ResponseEntity.ok(new ApprovedView(view(number), null));
            case Answer.Waiting(PendingDecision decision) ->
                ResponseEntity.accepted()
                        .body(new ApprovedView(
                                view(number),
                                "%d requests of %d customers wait for a second person, who confirms decision %d until %s; until then the plan cannot be applied."
                                        .formatted(
                                                decision.requests(),
                                                decision.customers(),
                                                decision.number(),
                                                decision.expiresAt())));
            case Answer.Decided _, Answer.Refused _, Answer.Unknown _ ->
                throw new IllegalStateException("An approval was answered like a decision.");
        };
    }

    /** How many requests were made; what was left out is named in the plan's fates. */
    record AppliedView(PlanView plan, int made, int skipped) {}

    @PostMapping("/{number}/apply")
    AppliedView apply(@PathVariable long number, @RequestBody Change change, Caller caller) {
        var applied = changes.apply(number, change, users.personOf(caller));
        return new AppliedView(view(number), applied.made(), applied.skipped());
    }

    @PostMapping("/{number}/discard")
    PlanView discard(@PathVariable long number, @RequestBody Change change) {
        changes.discard(number, change);
        return view(number);
    }

    private PlanView view(long number) {
        return PlanView.of(changes.existing(number), clock.instant());
    }
}
