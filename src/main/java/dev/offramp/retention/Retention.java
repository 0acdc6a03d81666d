package dev.offramp.retention;

import dev.offramp.retention.Sweep.Ages;
import dev.offramp.retention.Sweep.Chunk;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Once a day, on one node: every sweep, chunk by chunk, each chunk a short transaction of its own. Killed at any point the
 * next one goes on; what two nodes do at once is done once.
 */
final class Retention {

    private final List<Sweep> sweeps;
    private final Passes passes;
    private final TransactionTemplate transactions;
    private final InstantSource clock;
    private final RetentionProperties properties;
    private final Comeback comeback;
    private final RetentionJournal journal;

    Retention(
            List<Sweep> sweeps,
            Passes passes,
            TransactionTemplate transactions,
            InstantSource clock,
            RetentionProperties properties,
            Comeback comeback,
            RetentionJournal journal) {
        this.sweeps = List.copyOf(sweeps);
        this.passes = passes;
        this.transactions = transactions;
        this.clock = clock;
        this.properties = properties;
        this.comeback = comeback;
        this.journal = journal;
    }

    /** What a look came to. */
    enum Result {
        /** It was done already since it was due last. */
        NOT_DUE,
        /** Another node does it. */
        NOT_MINE,
        /** It was interrupted, by the end of this node or the loss of its lease, and goes on later. */
        UNFINISHED,
        DONE
    }

    /**
     * Carries out what is due.
     *
     * @param stopping asked between two chunks
     */
    Result runIfDue(BooleanSupplier stopping) {
        var dueAt = lastDue(clock.instant());
        if (passes.isDone(dueAt)) {
            return Result.NOT_DUE;
        }
        if (!passes.hold(clock.instant())) {
            return Result.NOT_MINE;
        }
        passes.begin(dueAt, clock.instant());
        journal.began(properties);
        var records = comeback.endedBefore(clock.instant(), comeback.ask());
        var ages = Ages.at(clock.instant(), properties, records);
        var removed = 0L;
        for (var sweep : sweeps) {
            var swept = sweep(sweep, ages, stopping);
            if (swept < 0) {
                passes.giveBack(clock.instant());
                return Result.UNFINISHED;
            }
            removed += swept;
        }
        passes.end(dueAt, removed, clock.instant());
        passes.giveBack(clock.instant());
        journal.ended(removed);
        return Result.DONE;
    }

    /** The newest time of the configured one that is not in the future. */
    private Instant lastDue(Instant now) {
        var here = ZonedDateTime.ofInstant(now, properties.timeZone());
        var today = here.toLocalDate().atTime(properties.at()).atZone(properties.timeZone());
        return (today.isAfter(here)
                        ? here.toLocalDate()
                                .minusDays(1)
                                .atTime(properties.at())
                                .atZone(properties.timeZone())
                        : today)
                .toInstant();
    }

    /** @return how many were removed; -1 when it is not finished */
    private long sweep(Sweep sweep, Ages ages, BooleanSupplier stopping) {
        var removed = 0L;
        while (true) {
            if (stopping.getAsBoolean() || !passes.hold(clock.instant())) {
                return -1;
            }
            Chunk chunk;
            try {
                chunk = Objects.requireNonNull(transactions.execute(_ -> sweep.next(ages, properties.chunk())));
            } catch (DataAccessException e) {
                // The rest of the sweeps is not to wait for this one; it comes again tomorrow.
                journal.failed(sweep.what(), e);
                return removed;
            }
            removed += chunk.removed();
            journal.removed(sweep.what(), chunk.removed(), removed);
            if (!chunk.more()) {
                return removed;
            }
        }
    }
}
