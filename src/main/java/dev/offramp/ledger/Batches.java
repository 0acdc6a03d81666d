package dev.offramp.ledger;

import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batch.StopReason;
import dev.offramp.offboarding.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All batches, and the leases under which they run. */
public interface Batches {

    /**
     * Claims ready requests of one job into a new running batch under a new lease, all in one transaction: due, in no
     * batch, {@code FOR UPDATE SKIP LOCKED}, customers whose turn counts left out, and operations, sources or groups that
     * are closed now left out. Those come first whose last chance is nearest, or that of one that waits for them; of
     * equals, and of those where none is known, the ones that became due first. Items are numbered by the most urgent
     * request of a customer and hold at most {@code maxPerItem} of one customer, in ledger order. The version of each
     * claimed request rises: what was read of it before is not as it stands any more.
     *
     * @return empty when nothing was ready
     */
    Optional<Batch> claim(Claim claim, Instant now);

    /**
     * What to claim, for whom.
     *
     * @param job the name of the job whose requests are claimed
     * @param liveToo false: only requests that were admitted in observe mode, withdraws, and what was sent already and
     *     is to be settled by reading
     */
    record Claim(
            String owner,
            String job,
            Duration lease,
            int maxRequests,
            int maxPerItem,
            Collection<Operation> notOperations,
            Collection<String> notSources,
            Collection<String> notGroups,
            boolean liveToo) {}

    /**
     * The names of all jobs that have or ever had requests, those that are no longer defined, too: the one that had its
     * turn least recently first, all nodes together.
     */
    List<String> jobs();

    /** Something of this job was claimed: the others come before it now. */
    void hadTurn(String job, Instant now);

    /** Adds the names of jobs that are missing; no request is admitted for a job whose name is not there. */
    void addJobs(Collection<String> names);

    /**
     * Takes the lease of a batch that is not running, or whose lease has run out, and sets it running with the next
     * lease number.
     *
     * @return empty when somebody else was faster or it is not to be had
     */
    Optional<Batch> take(long number, String owner, Duration lease, Instant now);

    /**
     * Makes the lease last longer, from now on.
     *
     * @return false when the lease is no longer this one, or has run out even if nobody took it (another batch may have
     *     won a customer's turn meanwhile); the caller must stop at its next gate
     */
    boolean renew(Fence fence, String owner, Duration lease, Instant now);

    /** Whether the lease is current. */
    boolean isCurrent(Fence fence, Instant now);

    void noteExecution(Fence fence, long executionId);

    /**
     * Ends the lease and writes how the execution ended; {@link State#FAILED} raises {@code failures}. What a person
     * asked to stop ends only as completed or because of {@link StopReason#OPERATOR}: it never goes on by itself.
     *
     * @return false when the lease was lost, or a person asks to stop and another reason is given: nothing was changed
     */
    boolean end(
            Fence fence,
            State state,
            @Nullable StopReason reason,
            @Nullable String detail,
            @Nullable Instant restartAt,
            Instant now);

    /** Writes the summary over the one before. */
    void summarise(Fence fence, String summary);

    /** Running ones whose lease has run out, oldest first. */
    List<Batch> orphaned(Instant now, int limit);

    /** Ends the leases of all running batches: only with proof that their owner is dead (a file lock of the database). */
    int expireLeases(Instant now);

    /**
     * A person wants it restarted: due at once for the next dispatcher that looks.
     *
     * @return false when it is neither stopped nor failed: nothing was changed
     */
    boolean askRestart(long number, Instant now);

    /**
     * The same for all stopped and failed ones that match, locked until the caller's transaction ends.
     *
     * @return their numbers
     */
    List<Long> askRestarts(Filter filter, Instant now);

    /**
     * A person wants it stopped: the node that runs it does so when it looks after its leases next.
     *
     * @param sentence who and why, for people
     * @return false when it is not running, or somebody asked already: nothing was changed
     */
    boolean askStop(long number, String sentence);

    /** Running ones of this owner that a person wants stopped. */
    List<Batch> askedToStop(String owner);

    /**
     * Gives up a batch that is stopped or failed: nobody takes it any more.
     *
     * @return false when it is neither: nothing was changed
     */
    boolean abandon(long number, String sentence, Instant now);

    /** Stopped or failed ones whose {@code restart_at} has come. */
    List<Batch> dueForRestart(Instant now, int limit);

    /** Stopped ones with this reason. */
    List<Batch> stoppedBecause(StopReason reason, int limit);

    Optional<Batch> byNumber(long number);

    /** Newest first; {@code before} is the cursor (exclusive), null for the first page. */
    List<Batch> list(Filter filter, @Nullable Long before, int limit);

    /** Which batches are meant; null members match all. */
    record Filter(
            @Nullable State state,
            @Nullable StopReason stopReason,
            @Nullable String job) {

        public static final Filter ALL = new Filter(null, null, null);
    }
}
