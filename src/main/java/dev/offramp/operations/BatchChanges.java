package dev.offramp.operations;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batches;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Resolution;
import dev.offramp.ledger.WorkArrived;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.transaction.support.TransactionTemplate;

/** What people do to batches: dispatchers and the node that runs one carry it out. */
final class BatchChanges {

    private final Batches batches;
    private final Requests requests;
    private final Executions executions;
    private final Audit audit;
    private final TransactionTemplate transactions;
    private final InstantSource clock;
    private final Consumer<WorkArrived> dispatchers;

    BatchChanges(
            Batches batches,
            Requests requests,
            Executions executions,
            Audit audit,
            TransactionTemplate transactions,
            InstantSource clock,
            Consumer<WorkArrived> dispatchers) {
        this.batches = batches;
        this.requests = requests;
        this.executions = executions;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
        this.dispatchers = dispatchers;
    }

    /** @throws Problem when there is none */
    Batch existing(long number) {
        return batches.byNumber(number)
                .orElseThrow(() -> Problem.notFound("There is no batch B-%d.".formatted(number)));
    }

    /** Asks for the restart and tells the dispatchers; the batch as it stands then. */
    Batch restart(long number, Change change) {
        Instant now = clock.instant();
        Batch after = change(
                number,
                change,
                "batch restart asked for",
                BatchVerbs::restart,
                before -> batches.askRestart(before.number(), now));
        dispatchers.accept(new WorkArrived());
        return after;
    }

    /**
     * Asks for the restart of all that match, if they are exactly as many as expected.
     *
     * @return how many they are
     */
    long restartAll(Batches.Filter filter, long expected, Change change) {
        String cause = change.cause();
        Instant now = clock.instant();
        transactions.executeWithoutResult(_ -> {
            var numbers = batches.askRestarts(filter, now);
            if (numbers.size() != expected) {
                throw Problem.conflict(
                        "%d stopped or failed batches match, not %d; none was restarted. Look again, then ask with %d."
                                .formatted(numbers.size(), expected, numbers.size()),
                        Map.of("count", numbers.size()));
            }
            numbers.forEach(number -> audit.add(
                    new Audit.Entry(
                            change.who(),
                            "batch restart asked for",
                            "batch B-" + number,
                            cause,
                            "One of %d that were restarted together.".formatted(expected)),
                    now));
        });
        dispatchers.accept(new WorkArrived());
        return expected;
    }

    /** Asks the node that runs it to stop it; its requests tell so when that node has done it. */
    Batch stop(long number, Change change) {
        String sentence = "%s stopped it: %s".formatted(change.who(), change.cause());
        return change(
                number,
                change,
                "batch stop asked for",
                BatchVerbs::stop,
                before -> batches.askStop(before.number(), sentence));
    }

    /**
     * Gives a stopped or failed batch up: what is unfinished is ready again, for another batch. The state and the
     * requests change in one transaction, so that no dispatcher takes the batch meanwhile.
     */
    Batch abandon(long number, Change change) {
        Instant now = clock.instant();
        String sentence = "%s abandoned it: %s".formatted(change.who(), change.cause());
        return change(number, change, "batch abandoned", BatchVerbs::abandon, before -> {
            if (!batches.abandon(before.number(), sentence, now)) {
                return false;
            }
            requests.unfinishedOf(before.number())
                    .forEach(each -> requests.lock(each.number())
                            .filter(locked -> !locked.isFinal())
                            .ifPresent(locked -> giveBack(locked, before, change.who(), now)));
            executions.abandon(before);
            return true;
        });
    }

    /** What is told as stalled is told to go on; a call that was sent is looked for, whatever the state says. */
    private void giveBack(Request request, Batch batch, String who, Instant now) {
        if (request.status() != Status.STALLED) {
            requests.handBack(request, now, null, now);
            return;
        }
        var details = Details.with().decidedBy(who).build();
        requests.settle(
                request,
                requests.isOnTheWire(request)
                        ? new Resolution(
                                Reason.CONFIRMING,
                                request.effect(),
                                "%s was abandoned; what became of the call that was sent is being read."
                                        .formatted(batch.name()),
                                now,
                                null,
                                new Resolution.Doubt(
                                        request.notDoneReads(), Objects.requireNonNullElse(request.doubtSince(), now)),
                                details)
                        : Resolution.of(
                                Reason.ADMITTED,
                                request.effect(),
                                "%s was abandoned; the request is ready for another batch.".formatted(batch.name()),
                                details),
                null,
                now);
    }

    /** One change of one batch with its audit entry, both or neither. */
    private Batch change(
            long number,
            Change change,
            String what,
            Function<Batch, Ruling> ruling,
            Function<Batch, Boolean> carriedOut) {
        String cause = change.cause();
        return Objects.requireNonNull(transactions.execute(_ -> {
            Batch before = existing(number);
            refuse(before, ruling);
            if (!carriedOut.apply(before)) {
                Batch after = existing(number);
                refuse(after, ruling);
                throw Problem.conflict(
                        "%s was changed by somebody else in this moment. Look again.".formatted(after.name()),
                        Map.of("state", after.state().word()));
            }
            audit.add(
                    new Audit.Entry(
                            change.who(),
                            what,
                            "batch " + before.name(),
                            cause,
                            "It was %s.".formatted(before.state().word())),
                    clock.instant());
            return existing(number);
        }));
    }

    private static void refuse(Batch batch, Function<Batch, Ruling> ruling) {
        ruling.apply(batch).orConflict(Map.of("state", batch.state().word()));
    }
}
