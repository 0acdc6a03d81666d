package dev.offramp.operations;

import dev.offramp.operations.access.Caller;
import org.jspecify.annotations.Nullable;

/**
 * What every change says about itself.
 *
 * @param reason why, for the audit trail; required
 * @param by who asks, as the command line knows it: taken where the log-in itself does not tell people apart, which is the
 *     log-in file
 */
record Change(@Nullable String reason, @Nullable String by) {

    private static final int LONGEST = 1000;

    /** @throws Problem when there is none */
    String cause() {
        if (reason == null || reason.isBlank()) {
            throw Problem.badRequest("Every change needs a reason; say why in the member 'reason'.");
        }
        if (reason.length() > LONGEST) {
            throw Problem.badRequest(
                    "The reason has %d characters; %d are enough.".formatted(reason.length(), LONGEST));
        }
        return reason.strip();
    }

    /** Whoever has logged in to ask for this. */
    String who() {
        return Caller.current().signature(by);
    }
}
