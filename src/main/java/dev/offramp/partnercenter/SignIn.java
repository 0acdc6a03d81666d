package dev.offramp.partnercenter;

/** What an attempt to get a token brought. */
sealed interface SignIn {

    /** A token. */
    record Granted(AccessToken token) implements SignIn {}

    /** A refusal that asking again does not change. */
    record Refused(Denial denial, String words) implements SignIn {}

    /** No answer, or one that says nothing about us. */
    record Unreachable(String words) implements SignIn {}
}
