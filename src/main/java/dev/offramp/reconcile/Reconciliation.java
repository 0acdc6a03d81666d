package dev.offramp.reconcile;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One comparison of a day with the ledger, asked for or made.
 *
 * @param message how it stands, in a sentence
 * @param report all that was found, as JSON; null while it is not made, and in lists
 */
public record Reconciliation(
        long number,
        LocalDate day,
        State state,
        Instant askedAt,
        String askedBy,
        String cause,
        @Nullable Instant endedAt,
        String message,
        int withoutRequest,
        int missing,
        int late,
        @Nullable String report) {

    /** How it stands. */
    public enum State {
        ASKED,
        DONE,
        FAILED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
