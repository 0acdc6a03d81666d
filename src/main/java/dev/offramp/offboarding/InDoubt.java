package dev.offramp.offboarding;

import java.time.Duration;
import java.time.Instant;

/**
 * What to do about a try that nobody knows the reply to. A read that shows the effect settles it. A read that does not
 * counts only when it was begun so late that the call can have no effect any more, and only two in a row allow the call
 * to be repeated.
 *
 * @param deadline the overall deadline of one call
 * @param settleCancel how long after that a cancellation may still become visible
 * @param settleUnlink the same for an unlink
 * @param settleOrder the same for an order and for an Azure subscription, which take longest
 * @param betweenReads the least time between two reads that count
 * @param looks the waits while a read cannot tell
 * @param limit how long a read that cannot tell is looked at again before a person decides
 */
public record InDoubt(
        Duration deadline,
        Duration settleCancel,
        Duration settleUnlink,
        Duration settleOrder,
        Duration betweenReads,
        BackOff looks,
        Duration limit) {

    public InDoubt {
        if (deadline.isNegative()
                || settleCancel.isNegative()
                || settleUnlink.isNegative()
                || settleOrder.isNegative()
                || limit.isNegative()) {
            throw new IllegalArgumentException("Times of the in-doubt rules must not be negative");
        }
        if (!betweenReads.isPositive()) {
            throw new IllegalArgumentException("There must be time between two reads that count");
        }
    }

    /** Reads in a row that did not show the effect and came late enough. */
    public static final int READS_UNTIL_REPEATED = 2;

    /** With the times of the documentation. */
    public static final InDoubt DEFAULT = new InDoubt(
            Duration.ofSeconds(60),
            Duration.ofMinutes(2),
            Duration.ofMinutes(5),
            Duration.ofMinutes(20),
            Duration.ofSeconds(15),
            new BackOff(Duration.ofSeconds(15), Duration.ofMinutes(10)),
            Duration.ofHours(24));

    /**
     * The doubt as the ledger has it.
     *
     * @param newestGate when the gate wrote the newest try of the request
     * @param since since when its effect is being looked for
     * @param notDoneReads reads in a row that counted and did not show the effect; 0 again with each new try
     */
    public record Doubt(Step step, Instant newestGate, Instant since, int notDoneReads) {}

    /** What comes next. */
    public sealed interface Next {

        /** The effect was seen. */
        record Settled() implements Next {}

        /** Nothing is known yet; {@code notDoneReads} is to be kept with the request. */
        record LookAgainAt(Instant at, int notDoneReads) implements Next {}

        /** It was not done: ask again with the same {@code MS-RequestId}, through facts, verdict and gate. */
        record RepeatNow() implements Next {}

        /** Reading cannot tell. */
        record PersonMustDecide(String message, String advice) implements Next {}
    }

    /**
     * @param readAt when the read was begun, by the deciding clock
     */
    public Next next(Doubt doubt, Seen seen, Instant readAt, Instant now) {
        return switch (seen) {
            case EFFECT -> new Next.Settled();
            case NO_EFFECT -> notDone(doubt, readAt, now);
            case CANNOT_TELL -> cannotTell(doubt, now);
        };
    }

    /** From when on a read that does not show the effect counts. */
    public Instant countsFrom(Doubt doubt) {
        return doubt.newestGate().plus(deadline).plus(settleTime(doubt.step()));
    }

    private Next notDone(Doubt doubt, Instant readAt, Instant now) {
        Instant countsFrom = countsFrom(doubt);
        if (!readAt.isAfter(countsFrom)) {
            Instant justLate = countsFrom.plusMillis(1);
            return new Next.LookAgainAt(later(justLate, now), 0);
        }
        int reads = doubt.notDoneReads() + 1;
        return reads >= READS_UNTIL_REPEATED
                ? new Next.RepeatNow()
                : new Next.LookAgainAt(now.plus(betweenReads), reads);
    }

    private Next cannotTell(Doubt doubt, Instant now) {
        Instant end = doubt.since().plus(limit);
        if (!now.isBefore(end)) {
            return new Next.PersonMustDecide(
                    "Since %s nobody can tell whether the call took effect.".formatted(doubt.since()),
                    "Look in Partner Center whether it took effect, and decide.");
        }
        Instant next = looks.nextLook(doubt.since(), now);
        return new Next.LookAgainAt(next.isAfter(end) ? end : next, 0);
    }

    private Duration settleTime(Step step) {
        return switch (step) {
            case Step.ChangeSubscription _ -> settleCancel;
            case Step.CancelOrder _, Step.CancelAzureSubscription _ -> settleOrder;
            case Step.RemoveRelationship _ -> settleUnlink;
        };
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
