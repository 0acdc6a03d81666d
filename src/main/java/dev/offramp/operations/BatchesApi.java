package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Batches;
import dev.offramp.ledger.Requests;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Batches: what runs, what was stopped, what failed, and restarting it. */
@RestController
@RequestMapping("/api/v1/batches")
class BatchesApi {

    private static final int SHOWN = 200;

    private final Batches batches;
    private final Requests requests;
    private final Executions executions;
    private final BatchChanges changes;

    BatchesApi(Batches batches, Requests requests, Executions executions, BatchChanges changes) {
        this.batches = batches;
        this.requests = requests;
        this.executions = executions;
        this.changes = changes;
    }

    /** A batch as the API shows it; {@code name} is its short number for people. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BatchView(
            long number,
            String name,
            String job,
            String label,
            String state,
            @Nullable String stopReason,
            @Nullable String stopDetail,
            int requests,
            int customers,
            int failures,
            Instant createdAt,
            @Nullable Instant endedAt,
            @Nullable Instant restartAt,
            @Nullable String stopAsked,
            @Nullable String owner,
            @Nullable String summary) {

        static BatchView of(Batch batch) {
            StopReason reason = batch.stopReason();
            return new BatchView(
                    batch.number(),
                    batch.name(),
                    batch.job(),
                    batch.label(),
                    batch.state().word(),
                    reason == null ? null : reason.word(),
                    batch.stopDetail(),
                    batch.requests(),
                    batch.customers(),
                    batch.failures(),
                    batch.createdAt(),
                    batch.endedAt(),
                    batch.restartAt(),
                    batch.stopAsked(),
                    batch.owner(),
                    batch.summary());
        }
    }

    /** One page, newest first; {@code before} of the next page is {@code next}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BatchesView(List<BatchView> batches, @Nullable Long next) {}

    /** All about one batch; at most 200 unfinished requests are shown. */
    record BatchDetails(
            BatchView batch,
            Map<String, Long> counts,
            List<Executions.ExecutionView> executions,
            int unfinishedCount,
            List<RequestView> unfinished,
            List<Action> allowedActions) {}

    @GetMapping
    BatchesView list(
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String stopReason,
            @RequestParam(required = false) @Nullable String job,
            @RequestParam(required = false) @Nullable Long before,
            @RequestParam(defaultValue = "50") int limit) {
        var page = batches.list(filter(state, stopReason, job), before, Asked.limit(limit));
        return new BatchesView(
                page.stream().map(BatchView::of).toList(),
                page.size() < limit ? null : page.getLast().number());
    }

    @GetMapping("/{name}")
    BatchDetails show(@PathVariable String name) {
        return details(changes.existing(Asked.batch(name)));
    }

    @PostMapping("/{name}/restart")
    BatchDetails restart(@PathVariable String name, @RequestBody Change change) {
        return details(changes.restart(Asked.batch(name), change));
    }

    @PostMapping("/{name}/stop")
    BatchDetails stop(@PathVariable String name, @RequestBody Change change) {
        return details(changes.stop(Asked.batch(name), change));
    }

    @PostMapping("/{name}/abandon")
    BatchDetails abandon(@PathVariable String name, @RequestBody Change change) {
        return details(changes.abandon(Asked.batch(name), change));
    }

    /** Which stopped or failed batches are meant; a missing member means all. */
    record FilterBody(
            @Nullable String state,
            @Nullable String stopReason,
            @Nullable String job) {}

    /** What to restart, how many the asker expects that to be, and why. */
    record RestartBody(
            @Nullable FilterBody filter,
            @Nullable Long expectedCount,
            @Nullable String reason,
            @Nullable String by) {}

    /** How many are to be restarted. */
    record RestartedView(long restarted) {}

    @PostMapping("/restart")
    RestartedView restartAll(@RequestBody RestartBody body) {
        var filter = body.filter();
        if (filter == null) {
            throw Problem.badRequest("Say which batches are meant in the member 'filter'; {} means all.");
        }
        return new RestartedView(changes.restartAll(
                filter(filter.state(), filter.stopReason(), filter.job()),
                Asked.expectedCount(
                        body.expectedCount(), "batches you expect to restart; GET /api/v1/batches lists them"),
                new Change(body.reason(), body.by())));
    }

    private static Batches.Filter filter(@Nullable String state, @Nullable String stopReason, @Nullable String job) {
        return new Batches.Filter(Asked.state(state), Asked.stopReason(stopReason), Asked.nothing(job));
    }

    private BatchDetails details(Batch batch) {
        var counts = new TreeMap<String, Long>();
        requests.countsOf(batch.number()).forEach((status, count) -> counts.put(status.word(), count));
        var unfinished = requests.unfinishedOf(batch.number());
        return new BatchDetails(
                BatchView.of(batch),
                counts,
                executions.of(batch),
                unfinished.size(),
                unfinished.stream().limit(SHOWN).map(RequestView::of).toList(),
                Action.forCaller(BatchVerbs.of(batch)));
    }
}
