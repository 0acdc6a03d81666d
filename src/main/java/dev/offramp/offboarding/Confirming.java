package dev.offramp.offboarding;

import java.time.Duration;
import java.time.Instant;

/**
 * What to do about a call that Partner Center accepted (an unlink's 200, any 202) until a read shows its effect. It is
 * never repeated.
 *
 * @param looks the waits between the reads
 * @param limit after this a person decides
 */
public record Confirming(BackOff looks, Duration limit) {

    /** From 15 seconds on, doubling up to 10 minutes, for a day. */
    public static final Confirming DEFAULT =
            new Confirming(new BackOff(Duration.ofSeconds(15), Duration.ofMinutes(10)), Duration.ofHours(24));

    /** What comes next. */
    public sealed interface Next {

        /** The effect was seen. */
        record Settled() implements Next {}

        /** Not seen yet. */
        record LookAgainAt(Instant at) implements Next {}

        /** Accepted, and not seen for too long. */
        record PersonMustDecide(String message, String advice) implements Next {}
    }

    /** When to look for the first time. */
    public Instant firstLook(Instant acceptedAt) {
        return acceptedAt.plus(looks.first());
    }

    /** @param acceptedAt when the reply came that accepted the call */
    public Next next(Instant acceptedAt, Seen seen, Instant now) {
        return next(acceptedAt, acceptedAt, seen, now);
    }

    /**
     * @param acceptedAt when the reply came that accepted the call
     * @param since since when its effect is looked for: later when a person wants it to be looked for again
     */
    public Next next(Instant acceptedAt, Instant since, Seen seen, Instant now) {
        Instant from = since.isAfter(acceptedAt) ? since : acceptedAt;
        Instant end = from.plus(limit);
        return switch (seen) {
            case EFFECT -> new Next.Settled();
            case NO_EFFECT, CANNOT_TELL -> now.isBefore(end) ? lookAgain(from, end, now) : giveUp(acceptedAt);
        };
    }

    private Next lookAgain(Instant from, Instant end, Instant now) {
        Instant next = looks.nextLook(from, now);
        return new Next.LookAgainAt(next.isAfter(end) ? end : next);
    }

    private Next giveUp(Instant acceptedAt) {
        return new Next.PersonMustDecide(
                "Partner Center accepted the call at %s, and no read has shown its effect since.".formatted(acceptedAt),
                "Look in Partner Center whether it took effect, and decide.");
    }
}
