package dev.offramp.offboarding;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pure decision over facts and time. */
public sealed interface Verdict {

    /**
     * Carry out the next step.
     *
     * @param why a sentence for the timeline
     */
    record Go(String why, Step step) implements Verdict {}

    /**
     * Nothing is left to do: what is asked for is the case, by what the request did itself or from before; nothing is
     * called.
     */
    record AlreadyDone(String message) implements Verdict {}

    /** The subscription ran out at the end of its term, as was wanted. */
    record Ended(String message) implements Verdict {}

    /** Not now: look again at {@code until}. */
    record WaitUntil(Reason reason, Instant until, String message) implements Verdict {}

    /**
     * No: asking again will not help until something named here changes.
     *
     * @param reason one that belongs to {@link Status#REJECTED}
     * @param nextWindowAt when a closed window opens again, if that can be told
     */
    record Blocked(
            Reason reason,
            String message,
            String advice,
            List<Blocker> blockers,
            @Nullable Instant nextWindowAt) implements Verdict {}

    /** A person must decide; {@code reason} belongs to {@link Status#HELD}. */
    record Hold(Reason reason, String message, String advice) implements Verdict {}
}
