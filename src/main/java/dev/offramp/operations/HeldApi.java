package dev.offramp.operations;

import dev.offramp.ledger.Requests;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
    private final Rejections rejections;

    HeldApi(Requests requests, Rejections rejections) {
        this.requests = requests;
        this.rejections = rejections;
    }

    /** The first of the held requests, and how many there are. */
    record HeldView(long count, List<RequestView> requests) {}

    @GetMapping
    HeldView list(
            @RequestParam(required = false) @Nullable String source,
            @RequestParam(required = false) @Nullable String operation,
            @RequestParam(required = false) @Nullable String reason,
            @RequestParam(required = false) @Nullable String group,
            @RequestParam(required = false) @Nullable Long number,
            @RequestParam(defaultValue = "50") int limit) {
        var filter = Asked.held(source, operation, reason, group, number);
        return new HeldView(
                requests.countHeld(filter),
                requests.held(filter, Asked.limit(limit)).stream()
                        .map(RequestView::of)
                        .toList());
    }

    /** Which held requests are meant; a missing member means all. */
    record FilterBody(
            @Nullable String source,
            @Nullable String operation,
            @Nullable String reason,
            @Nullable String group,
            @Nullable Long number) {}

    /** What to reject, how many the asker expects that to be, and why. */
    record RejectBody(
            @Nullable FilterBody filter,
            @Nullable Long expectedCount,
            @Nullable String reason,
            @Nullable String by) {}

    /** How many were rejected. */
    record RejectedView(long rejected) {}

    @PostMapping("/reject")
    RejectedView reject(@RequestBody RejectBody body) {
        if (body.filter() == null) {
            throw Problem.badRequest("Say which held requests are meant in the member 'filter'; {} means all.");
        }
        if (body.expectedCount() == null || body.expectedCount() < 0) {
            throw Problem.badRequest(
                    "Say in the member 'expectedCount' how many requests you expect to reject; GET /api/v1/held counts them.");
        }
        var filter = body.filter();
        return new RejectedView(rejections.reject(
                Asked.held(filter.source(), filter.operation(), filter.reason(), filter.group(), filter.number()),
                body.expectedCount(),
                new Change(body.reason(), body.by())));
    }
}
