package dev.offramp.partnercenter;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What Partner Center said to one destructive call. */
public sealed interface Reply {

    Answer answer();

    /** The change is in force. {@code body} is the resource as sent back, empty for an unlink. */
    record Done(Answer answer, String body) implements Reply {}

    /** 202: it will be carried out; look at {@code location}, a path of our own address, later. */
    record Accepted(Answer answer, @Nullable String location) implements Reply {}

    /** 429: nothing happened; nobody may call before the delay is over. */
    record Throttled(Answer answer, Duration retryAfter) implements Reply {}

    /** 409: not now; nothing happened. */
    record Busy(Answer answer, Duration waitFor) implements Reply {}

    /** 400/2055 or 412: our copy is old; read again and decide again. */
    record Stale(Answer answer) implements Reply {}

    /** The server says no and nothing happened. {@code meaning} tells rules apart that we know. */
    record Declined(Answer answer, Meaning meaning) implements Reply {
        /** Refusals that have a rule of their own. */
        public enum Meaning {
            /** 900117, 900213. */
            WINDOW_CLOSED,
            /** 2011: it is deleted already; a read must confirm. */
            ALREADY_DELETED,
            /** 20002, 3000, 404: not (or no longer) our customer; a read must confirm. */
            NOT_OUR_CUSTOMER,
            OTHER
        }
    }

    /** 401 or 403 about ourselves: nothing happened, and the next call would fare the same. */
    record Denied(Answer answer, Denial denial) implements Reply {}

    /** Silence, a broken connection or a server error: it may or may not have happened; look before asking again. */
    record Lost(Answer answer) implements Reply {}
}
