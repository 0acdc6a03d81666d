package dev.offramp.batch;

import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;

/** What the batch part tells, in the order in which it happens. */
public interface BatchJournal {

    default void started(Batch batch) {}

    /** Partner Center answered; the answer is only in memory. */
    default void replyRead(Request request, Try to) {}

    /** The answer is durable. */
    default void replyWritten(Request request, Try to) {}

    /** A request's state was written; the chunk's transaction is not committed yet. */
    default void settled(Request request, Resolution resolution) {}

    /** A chunk's transaction is committed. */
    default void chunkCommitted(long batch) {}

    default void ended(Batch batch, String how) {}

    /** An execution failed, and not because requests of it need a person. */
    default void broke(Batch batch, Throwable cause) {}

    /** Its execution broke off here as another node has taken the batch over meanwhile. */
    default void takenOver(Batch batch, Throwable cause) {}

    /** Something broke off because the database was lost in the middle of it. */
    default void databaseLost(String where, Throwable cause) {}

    /** What held requests are about could not be read or kept. */
    default void heldReadingFailed(RuntimeException cause) {}

    /** A plan could not be gone on with. */
    default void planMakingFailed(RuntimeException cause) {}

    /** Something broke that should not. */
    default void bug(String where, Throwable cause) {}
}
