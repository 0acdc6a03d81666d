package dev.offramp.operations;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batches;
import dev.offramp.ledger.WorkArrived;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.support.TransactionTemplate;

/** Restarts that a person asks for; a dispatcher carries them out. */
final class Restarts {

    private final Batches batches;
    private final Audit audit;
    private final TransactionTemplate transactions;
    private final InstantSource clock;
    private final ApplicationEventPublisher events;

    Restarts(
            Batches batches,
            Audit audit,
            TransactionTemplate transactions,
            InstantSource clock,
            ApplicationEventPublisher events) {
        this.batches = batches;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
        this.events = events;
    }

    static boolean isAllowed(Batch batch) {
        return batch.state() == State.STOPPED || batch.state() == State.FAILED;
    }

    /** @throws Problem when there is none */
    Batch existing(long number) {
        return batches.byNumber(number)
                .orElseThrow(() -> Problem.notFound("There is no batch B-%d.".formatted(number)));
    }

    /** Asks for the restart and tells the dispatchers; the batch as it stands then. */
    Batch restart(long number, Change change) {
        String cause = change.cause();
        Batch before = existing(number);
        Instant now = clock.instant();
        boolean asked = Objects.requireNonNull(transactions.execute(_ -> {
            boolean due = batches.askRestart(number, now);
            if (due) {
                audit.add(
                        new Audit.Entry(
                                change.who(),
                                "batch restart asked for",
                                "batch " + before.name(),
                                cause,
                                "It was %s.".formatted(before.state().word())),
                        now);
            }
            return due;
        }));
        Batch after = existing(number);
        if (!asked) {
            throw Problem.conflict(refusal(after), Map.of("state", after.state().word()));
        }
        events.publishEvent(new WorkArrived());
        return after;
    }

    private static String refusal(Batch batch) {
        return switch (batch.state()) {
            case RUNNING -> "%s is running; only a stopped or failed batch can be restarted.".formatted(batch.name());
            case COMPLETED ->
                "%s is completed: all its requests are settled or wait elsewhere, and there is nothing to restart."
                        .formatted(batch.name());
            case ABANDONED ->
                "%s was abandoned: its unfinished requests went back to the dispatcher, and there is nothing to restart."
                        .formatted(batch.name());
            case STOPPED, FAILED -> "%s was just being restarted by somebody else.".formatted(batch.name());
        };
    }
}
