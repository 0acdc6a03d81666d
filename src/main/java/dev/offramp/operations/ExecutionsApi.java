package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.operations.BatchesApi.BatchView;
import dev.offramp.operations.Executions.ExecutionView;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Job executions: each run of a batch; what is done to one is done to its batch. */
@RestController
@RequestMapping("/api/v1/executions")
class ExecutionsApi {

    private final Executions executions;
    private final BatchChanges changes;

    ExecutionsApi(Executions executions, BatchChanges changes) {
        this.executions = executions;
        this.changes = changes;
    }

    /** One page, newest first; {@code before} of the next page is {@code next}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ExecutionsView(
            List<ExecutionView> executions, @Nullable Long next) {}

    /** A run with its batch. */
    record ExecutionDetails(ExecutionView execution, BatchView batch, List<Action> allowedActions) {}

    @GetMapping
    ExecutionsView list(
            @RequestParam(required = false) @Nullable String job,
            @RequestParam(required = false) @Nullable Long before,
            @RequestParam(defaultValue = "50") int limit) {
        var page = executions.list(Asked.nothing(job), before, Asked.limit(limit));
        return new ExecutionsView(
                page, page.size() < limit ? null : page.getLast().id());
    }

    @GetMapping("/{id}")
    ExecutionDetails show(@PathVariable long id) {
        var batch = changes.existing(batchOf(id));
        return new ExecutionDetails(
                executions.byId(id).orElseThrow(), BatchView.of(batch), Action.forCaller(BatchVerbs.of(batch)));
    }

    @PostMapping("/{id}/restart")
    ExecutionDetails restart(@PathVariable long id, @RequestBody Change change) {
        changes.restart(batchOf(id), change);
        return show(id);
    }

    @PostMapping("/{id}/stop")
    ExecutionDetails stop(@PathVariable long id, @RequestBody Change change) {
        changes.stop(batchOf(id), change);
        return show(id);
    }

    @PostMapping("/{id}/abandon")
    ExecutionDetails abandon(@PathVariable long id, @RequestBody Change change) {
        changes.abandon(batchOf(id), change);
        return show(id);
    }

    private long batchOf(long id) {
        return executions
                .batchOf(id)
                .orElseThrow(() -> Problem.notFound("There is no job execution %d.".formatted(id)));
    }
}
