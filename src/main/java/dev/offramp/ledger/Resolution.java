package dev.offramp.ledger;

import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A change of a request's state, as decided; becomes the state and one outcome row in one transaction.
 *
 * @param wakeAt for a deferral: when it is due again; null only when it waits for another request
 * @param waitsFor the number of the request whose end wakes it
 * @param doubt how the search for the effect of a call stands
 */
public record Resolution(
        Reason reason,
        Effect effect,
        String message,
        @Nullable Instant wakeAt,
        @Nullable Long waitsFor,
        Doubt doubt,
        Details details) {

    public Resolution {
        if (reason.status() == Status.DEFERRED && wakeAt == null && waitsFor == null) {
            throw new IllegalArgumentException("Nothing would ever wake a request that is deferred: " + reason.word());
        }
        if (reason.status() == Status.REJECTED && effect != Effect.NONE) {
            throw new IllegalArgumentException(
                    "Rejected means that nothing was changed, not %s: %s".formatted(effect.word(), reason.word()));
        }
    }

    /**
     * How the search for an effect stands.
     *
     * @param notDoneReads reads in a row that counted as "not done"
     * @param since since when the effect is looked for; null when nothing is in doubt or confirming
     */
    public record Doubt(int notDoneReads, @Nullable Instant since) {
        public static final Doubt NONE = new Doubt(0, null);
    }

    public static Resolution of(Reason reason, Effect effect, String message, Details details) {
        return new Resolution(reason, effect, message, null, null, Doubt.NONE, details);
    }

    /** The same with another effect. */
    public Resolution with(Effect other) {
        return new Resolution(reason, other, message, wakeAt, waitsFor, doubt, details);
    }

    /**
     * The same with the time until which a person may decide, when it is held: until it expires, and never later than the
     * request itself may be begun.
     */
    public Resolution decidedUntil(Instant notAfter, Duration expires, Instant now) {
        if (status() != Status.HELD) {
            return this;
        }
        return Stream.of(Optional.ofNullable(details.decideBy()), Optional.of(now.plus(expires)), Optional.of(notAfter))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder())
                .map(until -> with(details.withDecideBy(until)))
                .orElse(this);
    }

    Resolution with(Details others) {
        return new Resolution(reason, effect, message, wakeAt, waitsFor, doubt, others);
    }

    public Status status() {
        return reason.status();
    }
}
