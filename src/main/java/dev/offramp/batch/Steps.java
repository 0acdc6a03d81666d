package dev.offramp.batch;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Batches;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Reason;
import dev.offramp.safety.Guards;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.transaction.support.TransactionTemplate;

/** The steps around the chunk: guard before it, summary and verdict after it. */
final class Steps {

    private static final Set<Reason> NEEDS_A_LOOK =
            Set.of(Reason.IN_DOUBT, Reason.RETRIES_EXHAUSTED, Reason.PERMISSION_MISSING, Reason.INTERNAL_ERROR);

    private final Runs runs;
    private final Requests requests;
    private final Batches batches;
    private final Attempts attempts;
    private final Guards guards;
    private final Json json;
    private final InstantSource clock;
    private final TransactionTemplate transactions;

    Steps(
            Runs runs,
            Requests requests,
            Batches batches,
            Attempts attempts,
            Guards guards,
            Json json,
            InstantSource clock,
            TransactionTemplate transactions) {
        this.runs = runs;
        this.requests = requests;
        this.batches = batches;
        this.attempts = attempts;
        this.guards = guards;
        this.json = json;
        this.clock = clock;
        this.transactions = transactions;
    }

    /**
     * Notes which execution it is, and keeps back what may not be begun, before any call: first what the guards hold, then
     * what is put off: it cools off, or its job is outside its window.
     */
    void guard(StepExecution execution) {
        Run run = runOf(execution);
        batches.noteExecution(run.fence(), execution.getJobExecution().getId());
        Instant now = clock.instant();
        List<Request> unfinished = requests.unfinishedOf(run.fence().batch());
        Map<Long, Resolution> kept = new HashMap<>();
        guards.hold(unfinished, now).forEach(each -> kept.put(each.request().number(), each.resolution()));
        for (Request request : unfinished) {
            if (!kept.containsKey(request.number())
                    && attempts.of(request.number()).isEmpty()) {
                guards.delay(request, now).ifPresent(put -> kept.put(request.number(), put));
            }
        }
        unfinished.stream()
                .filter(each -> kept.containsKey(each.number()))
                .sorted(Comparator.comparingLong(Request::number))
                .forEach(each ->
                        requests.settle(each, Objects.requireNonNull(kept.get(each.number())), run.fence(), now));
        execution.setWriteCount(kept.size());
    }

    /** Writes the counts over those of the run before. */
    void summarise(StepExecution execution) {
        Run run = runOf(execution);
        Map<String, Long> counts = new TreeMap<>();
        requests.countsOf(run.fence().batch()).forEach((status, count) -> counts.put(status.word(), count));
        transactions.executeWithoutResult(_ -> batches.summarise(run.fence(), json.plain(counts)));
    }

    /**
     * Judges the execution.
     *
     * @throws PersonNeeded when a request of the batch is stalled for a reason that nobody can wait out
     * @throws IllegalStateException when a request was forgotten without that the run was to stop: a bug
     */
    void judge(StepExecution execution) {
        Run run = runOf(execution);
        List<Request> unfinished = requests.unfinishedOf(run.fence().batch());
        List<Request> stalled = unfinished.stream()
                .filter(each -> NEEDS_A_LOOK.contains(each.reason()))
                .toList();
        if (run.stopped().isPresent()) {
            execution.setTerminateOnly();
            return;
        }
        if (unfinished.size() > stalled.size()) {
            throw new IllegalStateException("%d of its requests were neither settled nor stalled."
                    .formatted(unfinished.size() - stalled.size()));
        }
        if (!stalled.isEmpty()) {
            throw new PersonNeeded(stalled);
        }
    }

    private Run runOf(StepExecution execution) {
        long batch = batchOf(execution);
        return runs.of(batch)
                .orElseThrow(() -> new IllegalStateException(
                        "B-%d was started without a lease; only the dispatcher starts batches.".formatted(batch)));
    }

    static long batchOf(StepExecution execution) {
        Long batch = execution.getJobParameters().getLong(BatchJobs.BATCH);
        if (batch == null) {
            throw new IllegalStateException("The job was started without the parameter 'batch'.");
        }
        return batch;
    }

    /** Requests of the batch are stalled: the execution ends FAILED and says which. */
    static final class PersonNeeded extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PersonNeeded(List<Request> stalled) {
            super(sentence(stalled), null, false, false);
        }

        private static String sentence(List<Request> stalled) {
            Request first = stalled.getFirst();
            return stalled.size() == 1
                    ? "Its request %s is stalled (%s): %s"
                            .formatted(first.key(), first.reason().word(), first.message())
                    : "%d of its requests are stalled, first %s (%s): %s"
                            .formatted(
                                    stalled.size(), first.key(), first.reason().word(), first.message());
        }
    }
}
