package dev.offramp.operations.command;

/** Why a command did not do what was asked: a sentence and the exit code. */
final class Failure extends RuntimeException {

    /** The service said no. */
    static final int REFUSED = 1;

    /** The command was written wrongly. */
    static final int USAGE = 2;

    /** The service did not answer. */
    static final int NOT_REACHABLE = 3;

    private final int exitCode;

    private Failure(int exitCode, String sentence) {
        super(sentence);
        this.exitCode = exitCode;
    }

    static Failure refused(String sentence) {
        return new Failure(REFUSED, sentence);
    }

    static Failure usage(String sentence) {
        return new Failure(USAGE, sentence);
    }

    static Failure notReachable(String sentence) {
        return new Failure(NOT_REACHABLE, sentence);
    }

    int exitCode() {
        return exitCode;
    }
}
