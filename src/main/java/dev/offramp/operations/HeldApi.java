package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.ledger.Holds;
import dev.offramp.ledger.Holds.Hold;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.operations.access.Caller;
import dev.offramp.operations.access.Users;
import dev.offramp.safety.Approvals.Answer;
import dev.offramp.safety.PendingDecision;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What a guard keeps back until a person decides. */
@RestController
@RequestMapping("/api/v1/held")
class HeldApi {

    private final Requests requests;
    private final Holds holds;
    private final HeldChanges changes;
    private final Users users;

    HeldApi(Requests requests, Holds holds, HeldChanges changes, Users users) {
        this.requests = requests;
        this.holds = holds;
        this.changes = changes;
        this.users = users;
    }

    /** The first of the held requests, and how many there are. */
    record HeldView(long count, List<RequestView> requests) {}

    @GetMapping
    HeldView list(HeldQuery query, @RequestParam(defaultValue = "50") int limit) {
        var filter = query.filter();
        var first = requests.first(filter, Asked.limit(limit));
        var held = holds.of(first.stream().map(Request::number).toList());
        return new HeldView(
                requests.count(filter),
                first.stream()
                        .map(each -> RequestView.of(each)
                                .with(view(held.get(each.number())), Action.forCaller(RequestVerbs.ofHeld(each))))
                        .toList());
    }

    /** Nothing for one that somebody has decided about since it was found. */
    private static @Nullable HoldView view(@Nullable Hold hold) {
        return hold == null ? null : HoldView.of(hold);
    }

    /** What to decide, how many the asker expects that to be, and why. */
    record DecisionBody(
            @Nullable HeldQuery filter,
            @Nullable Long expectedCount,
            @Nullable String reason,
            @Nullable String by) {

        private Requests.Filter which() {
            if (filter == null) {
                throw Problem.badRequest("Say which held requests are meant in the member 'filter'; {} means all.");
            }
            return filter.filter();
        }

        private long expected(String verb) {
            return Asked.expectedCount(
                    expectedCount, "requests you expect to %s; GET /api/v1/held counts them".formatted(verb));
        }

        private Change change() {
            return new Change(reason, by);
        }
    }

    /**
     * How many were released; none when a second person must confirm it.
     *
     * @param decision the number of the decision that waits for a second person
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ReleasedView(
            long released,
            @Nullable Long decision,
            @Nullable String message) {}

    /** How many were rejected. */
    record RejectedView(long rejected) {}

    /** Answered with 202 when it waits for a second person. */
    @PostMapping("/release")
    ResponseEntity<ReleasedView> release(@RequestBody DecisionBody body, Caller caller) {
        return switch (changes.release(body.which(), body.expected("release"), body.change(), users.personOf(caller))) {
            case Answer.Done(int count) -> ResponseEntity.ok(new ReleasedView(count, null, null));
            case Answer.Waiting(PendingDecision decision) ->
                ResponseEntity.accepted()
                        .body(new ReleasedView(
                                0,
                                decision.number(),
                                "%d requests of %d customers wait for a second person, who confirms decision %d until %s; until then they stay held."
                                        .formatted(
                                                decision.requests(),
                                                decision.customers(),
                                                decision.number(),
                                                decision.expiresAt())));
            case Answer.Decided _, Answer.Refused _, Answer.Unknown _ ->
                throw new IllegalStateException("A release was answered like a decision.");
        };
    }

    @PostMapping("/reject")
    RejectedView reject(@RequestBody DecisionBody body) {
        return new RejectedView(changes.reject(body.which(), body.expected("reject"), body.change()));
    }
}
