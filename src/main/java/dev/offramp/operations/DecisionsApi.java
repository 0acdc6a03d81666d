package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.operations.access.Caller;
import dev.offramp.operations.access.Users;
import dev.offramp.safety.DecisionBook;
import dev.offramp.safety.PendingDecision;
import dev.offramp.safety.PendingDecision.Item;
import dev.offramp.safety.PendingDecision.State;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Decisions that one person asked for and a second one confirms. */
@RestController
@RequestMapping("/api/v1/decisions")
class DecisionsApi {

    private final DecisionBook book;
    private final HeldChanges changes;
    private final Users users;
    private final InstantSource clock;

    DecisionsApi(DecisionBook book, HeldChanges changes, Users users, InstantSource clock) {
        this.book = book;
        this.changes = changes;
        this.users = users;
        this.clock = clock;
    }

    /**
     * One decision.
     *
     * @param kind release
     * @param state waiting, carried-out, rejected or expired
     * @param askedFor why, in the words of the first person
     * @param decidedFor why, in the words of whoever decided
     * @param carriedOut on how many requests it was carried out
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DecisionView(
            long number,
            String kind,
            String state,
            int requests,
            int customers,
            String askedBy,
            String askedFor,
            Instant askedAt,
            Instant expiresAt,
            @Nullable String decidedBy,
            @Nullable String decidedFor,
            @Nullable Instant decidedAt,
            @Nullable Integer carriedOut) {

        static DecisionView of(PendingDecision decision, Instant now) {
            return new DecisionView(
                    decision.number(),
                    decision.kind().word(),
                    decision.stateAt(now).word(),
                    decision.requests(),
                    decision.customers(),
                    decision.askedBy(),
                    decision.cause(),
                    decision.askedAt(),
                    decision.expiresAt(),
                    decision.decidedBy(),
                    decision.decidedCause(),
                    decision.decidedAt(),
                    decision.carriedOut());
        }
    }

    /** One page, newest first; {@code before} of the next page is {@code next}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DecisionsView(
            List<DecisionView> decisions, @Nullable Long next) {}

    /**
     * One request it is about.
     *
     * @param skipped why it was not carried out on this one
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ItemView(
            long request, String customerId, @Nullable String skipped) {

        static ItemView of(Item item) {
            return new ItemView(item.request(), item.customer(), item.skipped());
        }
    }

    /** A decision with the requests it is about. */
    record DecisionDetails(DecisionView decision, List<ItemView> items) {}

    @GetMapping
    DecisionsView list(
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable Long before,
            @RequestParam(defaultValue = "50") int limit) {
        Instant now = clock.instant();
        var page = book.list(state(state), before, Asked.limit(limit), now);
        return new DecisionsView(
                page.stream().map(each -> DecisionView.of(each, now)).toList(),
                page.size() < limit ? null : page.getLast().number());
    }

    @GetMapping("/{number}")
    DecisionDetails show(@PathVariable long number) {
        return book.byNumber(number)
                .map(this::details)
                .orElseThrow(() -> Problem.notFound("There is no decision %d.".formatted(number)));
    }

    /** Carried out at once, on the requests that have not changed since; for another person than the one who asked. */
    @PostMapping("/{number}/confirm")
    DecisionDetails confirm(@PathVariable long number, @RequestBody Change change, Caller caller) {
        return details(changes.confirm(number, change, users.personOf(caller)));
    }

    @PostMapping("/{number}/reject")
    DecisionDetails reject(@PathVariable long number, @RequestBody Change change, Caller caller) {
        return details(changes.rejectDecision(number, change, users.personOf(caller)));
    }

    private DecisionDetails details(PendingDecision decision) {
        return new DecisionDetails(
                DecisionView.of(decision, clock.instant()),
                book.items(decision.number()).stream().map(ItemView::of).toList());
    }

    private static @Nullable State state(@Nullable String word) {
        String asked = Asked.nothing(word);
        return asked == null
                ? null
                : Arrays.stream(State.values())
                        .filter(each -> each.word().equals(asked))
                        .findFirst()
                        .orElseThrow(() -> Problem.badRequest("There is no state '%s'; write one of %s."
                                .formatted(
                                        asked,
                                        Arrays.stream(State.values())
                                                .map(State::word)
                                                .collect(Collectors.joining(", ")))));
    }
}
