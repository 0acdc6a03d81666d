package dev.offramp.offboarding;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pure decision over facts and time. */
public sealed interface Verdict {

    /** Carry it out; {@code why} is a sentence for the timeline. */
    record Go(String why) implements Verdict {}

    /** What is asked for is the case already; nothing is called. */
    record AlreadyDone(String message) implements Verdict {}

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
