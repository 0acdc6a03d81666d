package dev.offramp.run;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One file of a run, from its announcement until its lines are requests.
 *
 * @param by who announced it
 * @param requestedBy who asks, where a line does not say it
 * @param cause why, where a line does not say it
 * @param completeAt when its last byte arrived
 * @param layout how its bytes are to be understood; null until somebody has looked
 */
public record Upload(
        long number,
        long run,
        State state,
        @Nullable String message,
        File file,
        long received,
        String by,
        @Nullable String requestedBy,
        String cause,
        Instant createdAt,
        @Nullable Instant completeAt,
        @Nullable Instant endedAt,
        @Nullable String layout,
        Lines lines,
        long leaseNumber,
        int failures) {

    /** What is announced of a file; the digest is SHA-256 in hex. */
    public record File(String name, long size, String digest) {}

    /**
     * Its lines in numbers.
     *
     * @param total all of them; null until they have been counted
     * @param read those that the step at hand has read
     */
    public record Lines(@Nullable Long total, long read, long fresh, long added, long known, long changed, long bad) {}

    /** How far it is. */
    public enum State {
        RECEIVING,
        CHECKING,
        LOADING,
        LOADED,
        /** For a reason that lies in the file: nothing of it was loaded. */
        REFUSED,
        /** For a technical reason: announced again, it goes on where it stood. */
        FAILED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State named(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }

        boolean isEnded() {
            return this == LOADED || this == REFUSED || this == FAILED;
        }
    }
}
