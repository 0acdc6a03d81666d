package dev.offramp.operations.command;

/** Who sits at the terminal, if anybody does. */
public interface Person {

    /** False when input or output is no terminal: then nobody can answer. */
    boolean isThere();

    /** Asks a question; everything but y and yes is a no. */
    boolean agrees(String question);

    /** Asks for a password, which is not shown while it is typed. */
    String password(String prompt);
}
