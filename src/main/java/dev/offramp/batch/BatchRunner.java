package dev.offramp.batch;

import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.ledger.Batches;
import dev.offramp.ledger.Fence;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.offboarding.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.transaction.TransactionException;

/** Runs one batch under a lease that was just taken: starts or restarts its job, waits for it, writes down how it ended. */
final class BatchRunner {

    private static final Duration LOOK_AT_PERMISSION_AGAIN = Duration.ofMinutes(10);

    private final Runs runs;
    private final Executions executions;
    private final Batches batches;
    private final Requests requests;
    private final JobRules rules;
    private final InstantSource clock;
    private final BatchJournal journal;

    BatchRunner(
            Runs runs,
            Executions executions,
            Batches batches,
            Requests requests,
            JobRules rules,
            InstantSource clock,
            BatchJournal journal) {
        this.runs = runs;
        this.executions = executions;
        this.batches = batches;
        this.requests = requests;
        this.rules = rules;
        this.clock = clock;
        this.journal = journal;
    }

    void run(Batch batch) {
        Run run = runs.open(new Fence(batch.number(), batch.leaseNumber()));
        try {
            journal.started(batch);
            stopAsked(batch).ifPresent(asked -> run.stop(asked.reason(), asked.sentence()));
            end(batch, run, executions.run(batch));
        } catch (Exception e) { // The rim of a batch: whatever broke, the lease runs out and a dispatcher adopts it.
            brokeOff(batch, e);
        } finally {
            runs.close(run);
        }
    }

    private void brokeOff(Batch batch, Exception cause) {
        if (isTakenOver(batch, cause)) {
            journal.takenOver(batch, cause);
        } else {
            LostDatabase.tell(journal, batch.name(), cause);
        }
    }

    /** Nobody but a new owner writes into the job execution beside the one that runs it: that it was written tells it, too. */
    private boolean isTakenOver(Batch batch, Exception cause) {
        if (cause instanceof OptimisticLockingFailureException) {
            return true;
        }
        try {
            return batches.byNumber(batch.number())
                    .filter(now -> now.leaseNumber() == batch.leaseNumber())
                    .isEmpty();
        } catch (DataAccessException | TransactionException e) {
            return false; // It cannot be known now; what broke off is told as it is.
        }
    }

    private void end(Batch batch, Run run, JobExecution execution) {
        BatchStatus status = execution.getStatus();
        if (status == BatchStatus.COMPLETED) {
            completed(batch, run);
            return;
        }
        var asked = stopAsked(batch);
        boolean ended = asked.isEmpty()
                && (status == BatchStatus.STOPPED ? stopped(batch, run, run.stopped()) : failed(batch, run, execution));
        if (!ended) {
            // Perhaps a person asked only just now; nothing that a person stopped goes on by itself.
            stopAsked(batch).ifPresent(stop -> stopped(batch, run, Optional.of(stop)));
        }
    }

    private Optional<Run.Stop> stopAsked(Batch batch) {
        return batches.byNumber(batch.number())
                .flatMap(each -> Optional.ofNullable(each.stopAsked()))
                .map(sentence -> new Run.Stop(StopReason.OPERATOR, sentence));
    }

    private void completed(Batch batch, Run run) {
        Instant now = clock.instant();
        if (requests.unfinishedOf(batch.number()).isEmpty()) {
            batches.end(run.fence(), State.COMPLETED, null, null, null, now);
            journal.ended(batch, "completed.");
        } else {
            // Not to be had by the rules of the steps; the ledger is the truth, so the rest goes into another batch.
            requests.unfinishedOf(batch.number()).forEach(each -> requests.handBack(each, now, run.fence(), now));
            batches.end(run.fence(), State.COMPLETED, null, null, null, now);
            journal.ended(batch, "completed; what was unfinished went back to the dispatcher.");
        }
    }

    private boolean stopped(Batch batch, Run run, Optional<Run.Stop> stop) {
        Instant now = clock.instant();
        stop.flatMap(each -> stalledBy(each.reason()))
                .ifPresent(reason -> stall(batch, run, reason, stop.get().sentence(), now));
        boolean ended = batches.end(
                run.fence(),
                State.STOPPED,
                stop.map(Run.Stop::reason).orElse(null),
                stop.map(Run.Stop::sentence).orElse("Requests changed while it ran."),
                restartAt(stop.map(Run.Stop::reason).orElse(null), now),
                now);
        if (ended) {
            journal.ended(batch, "stopped: " + stop.map(Run.Stop::sentence).orElse("it goes on at once."));
        }
        return ended;
    }

    /** One outcome each for what the world keeps waiting; none for a node that only hands over. */
    private void stall(Batch batch, Run run, Reason reason, String sentence, Instant now) {
        for (Request request : requests.unfinishedOf(batch.number())) {
            if (request.reason() == Reason.IN_DOUBT) {
                continue; // A person decides about it, whatever else keeps the batch waiting.
            }
            requests.settle(
                    request,
                    Resolutions.stalled(request, reason, sentence, advice(reason, batch), null),
                    run.fence(),
                    now);
        }
    }

    private static String advice(Reason reason, Batch batch) {
        return reason == Reason.STOPPED_BY_OPERATOR
                ? "It goes on when a person restarts " + batch.name() + " or abandons it."
                : "It goes on by itself when this is over.";
    }

    private boolean failed(Batch batch, Run run, JobExecution execution) {
        Instant now = clock.instant();
        List<Duration> restartAfter = rules.restartAfter(batch.job());
        Instant restartAt =
                batch.failures() < restartAfter.size() ? now.plus(restartAfter.get(batch.failures())) : null;
        execution.getAllFailureExceptions().stream()
                .filter(each -> !(each instanceof Steps.PersonNeeded))
                .findFirst()
                .ifPresent(cause -> journal.broke(batch, cause));
        String why = execution.getAllFailureExceptions().stream()
                .findFirst()
                .map(Throwable::getMessage)
                .orElse("The job ended " + execution.getStatus() + ".");
        if (!batches.end(run.fence(), State.FAILED, null, why, restartAt, now)) {
            return false;
        }
        journal.ended(
                batch,
                "failed: %s %s"
                        .formatted(
                                why,
                                restartAt == null
                                        ? "It is not restarted by itself: a person must look (bin/offramp batch show "
                                                + batch.name() + ")."
                                        : "It is restarted at " + restartAt + "."));
        return true;
    }

    private static Optional<Reason> stalledBy(StopReason reason) {
        return switch (reason) {
            case BRAKE, OBSERVE_MODE -> Optional.of(Reason.BRAKE_ON);
            case OUTAGE -> Optional.of(Reason.PARTNER_CENTER_UNAVAILABLE);
            case SIGN_IN -> Optional.of(Reason.SIGN_IN_NEEDED);
            case PERMISSION -> Optional.of(Reason.PERMISSION_MISSING);
            case OPERATOR -> Optional.of(Reason.STOPPED_BY_OPERATOR);
            case DRAIN, LEASE_LOST -> Optional.empty();
        };
    }

    private static @Nullable Instant restartAt(@Nullable StopReason reason, Instant now) {
        if (reason == null) {
            return now;
        }
        return switch (reason) {
            case DRAIN, LEASE_LOST -> now;
            case PERMISSION -> now.plus(LOOK_AT_PERMISSION_AGAIN);
            case BRAKE, OBSERVE_MODE, OUTAGE, SIGN_IN, OPERATOR -> null;
        };
    }
}
