package dev.offramp.operations.access;

/** The token of the log-in file. */
@FunctionalInterface
public interface LoginToken {

    /** Takes the same time for every wrong token of a length. */
    boolean accepts(String token);
}
