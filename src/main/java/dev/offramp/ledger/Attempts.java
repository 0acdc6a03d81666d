package dev.offramp.ledger;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.SubscriptionId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The destructive calls that were wanted, and each time they went over the wire. */
public interface Attempts {

    /** All tries of the request, oldest first, over all its steps. */
    List<Try> of(long request);

    Optional<Try> latest(long request, String step);

    /**
     * Writes the next try of a step, and its attempt if it is the first. Called by the gate only, in its transaction,
     * with the request's row locked.
     */
    Try write(NewTry next, Instant now);

    /**
     * Writes the reply to one try, in a short transaction of its own; a reply that stands already stays. One that
     * accepts overrules a read that showed nothing: it came late, from a process that was thought dead.
     *
     * @return whether this reply is the one that stands
     */
    boolean reply(TryId id, RecordedReply reply, Instant now);

    /** Writes what reading showed about a try whose reply nobody has; from then on it is not in doubt any more. */
    void found(TryId id, Finding finding, Instant now);

    /**
     * Writes what a person says became of a try of which reading cannot tell. Nobody decides "not done" about a try that
     * was accepted.
     *
     * @return false when it was answered or found meanwhile: nothing was changed
     */
    boolean decide(TryId id, Finding finding, String who, Instant now);

    /**
     * The subscription as it was before we suspended it last, whatever request that was for; empty when we did not.
     */
    Optional<String> beforeLastSuspend(CustomerId customer, SubscriptionId subscription);

    /** What is known to have been done for any request of the customer, tried since then; the newest is the last. */
    List<DoneChange> doneSince(CustomerId customer, Instant since);

    /**
     * A step that took effect.
     *
     * @param subscription the one that its request names, if it names one
     * @param at when that became known
     */
    record DoneChange(String step, @Nullable SubscriptionId subscription, Instant at) {}

    /** What reading showed, or a person decided. */
    enum Finding {
        DONE,
        NOT_DONE
    }

    /** One try's identity. */
    record TryId(long attempt, int number) {}

    /** A try to be written. */
    record NewTry(
            long request,
            String step,
            UUID msRequestId,
            UUID msCorrelationId,
            Instant factsReadAt,
            String node,
            Fence fence,
            @Nullable String beforeImage) {}

    /**
     * A try as it stands.
     *
     * @param reply null while it is unanswered
     * @param finding what reading showed or a person decided, null while nobody knows or nobody had to look
     * @param foundBy the person who decided it; null when a read showed it
     */
    record Try(
            TryId id,
            String step,
            UUID msRequestId,
            UUID msCorrelationId,
            Instant gatedAt,
            String node,
            long batch,
            @Nullable String beforeImage,
            @Nullable RecordedReply reply,
            @Nullable Instant repliedAt,
            @Nullable Finding finding,
            @Nullable Instant foundAt,
            @Nullable String foundBy) {

        /** Whether nobody knows what became of it: no reply or one that was lost, and no finding. */
        public boolean inDoubt() {
            return finding == null && (reply == null || reply.kind() == ReplyKind.LOST);
        }

        /** Whether it is known to have been accepted, by its reply or by a read; then it is never made again. */
        public boolean wasAccepted() {
            return finding == Finding.DONE
                    || reply != null && (reply.kind() == ReplyKind.DONE || reply.kind() == ReplyKind.ACCEPTED);
        }
    }

    /** What stands about a try. {@code detail} is e.g. the body of a success or a 202's location. */
    record RecordedReply(
            ReplyKind kind,
            int httpStatus,
            @Nullable String code,
            @Nullable String words,
            @Nullable String detail) {}

    /** The closed set of replies, and the mark of a try that never left. */
    enum ReplyKind {
        DONE,
        ACCEPTED,
        THROTTLED,
        BUSY,
        STALE,
        DECLINED,
        DENIED,
        LOST,
        NOT_SENT
    }
}
