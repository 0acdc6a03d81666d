package dev.offramp.offboarding;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Until when a request can still be carried out as it is meant: after that it expires, its cancellation window is closed, or
 * its subscription is about to renew.
 *
 * @param of what ends then
 */
public record LastChance(Instant at, End of) {

    /** A renewal is prepared before it takes place: later than this before it nobody should count on changing it. */
    public static final Duration BEFORE_RENEWAL = Duration.ofHours(48);

    /** What ends. */
    public enum End {
        NOT_AFTER,
        CANCELLATION_WINDOW,
        RENEWAL;

        /** For people, e.g. {@code cancellation-window}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static End named(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }

    /**
     * The earliest end that is still ahead; {@code notAfter} when nothing else is, also when that is over.
     *
     * @param read the subscription that the request names; null when it names none or it could not be read
     */
    public static LastChance of(Operation operation, Terms terms, @Nullable Subscription read, Instant now) {
        var notAfter = new LastChance(terms.notAfter(), End.NOT_AFTER);
        return read == null
                ? notAfter
                : Stream.of(window(operation, read), renewal(operation, read), notAfter)
                        .filter(Objects::nonNull)
                        .filter(each -> each.of() == End.NOT_AFTER || each.at().isAfter(now))
                        .min(Comparator.comparing(LastChance::at))
                        .orElse(notAfter);
    }

    private static @Nullable LastChance window(Operation operation, Subscription read) {
        Instant until = read.cancellationAllowedUntil();
        return operation == Operation.CANCEL_SUBSCRIPTION && until != null
                ? new LastChance(until, End.CANCELLATION_WINDOW)
                : null;
    }

    /** Suspending or reactivating is the same before and after a renewal. */
    private static @Nullable LastChance renewal(Operation operation, Subscription read) {
        boolean minds = operation == Operation.CANCEL_SUBSCRIPTION || operation == Operation.TURN_OFF_AUTO_RENEW;
        Instant end = read.termEnd();
        return minds && end != null && Boolean.TRUE.equals(read.autoRenew())
                ? new LastChance(end.minus(BEFORE_RENEWAL), End.RENEWAL)
                : null;
    }

    /** Whether putting something off until then would miss it. */
    public boolean isMissedBy(Instant until) {
        return until.isAfter(at);
    }
}
