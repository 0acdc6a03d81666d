package dev.offramp.partnercenter;

/** What became of a destructive call that was allowed. */
public sealed interface Call {

    /** It went over the wire, or may have. */
    record Sent(Reply reply) implements Call {}

    /** It certainly never left: too late after the gate, a hold in force, no token, or no connection. */
    record NotSent(Cause cause, String words) implements Call {
        /** Why it did not leave. */
        public enum Cause {
            LATE,
            HOLD,
            APP_SIGN_IN,
            USER_SIGN_IN,
            NO_CONNECTION
        }
    }
}
