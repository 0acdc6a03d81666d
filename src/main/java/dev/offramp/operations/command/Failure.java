package dev.offramp.operations.command;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Why a command did not do what was asked: a sentence and the exit code. */
final class Failure extends RuntimeException {

    /** The service said no. */
    static final int REFUSED = 1;

    /** The command was written wrongly. */
    static final int USAGE = 2;

    /** The service did not answer. */
    static final int NOT_REACHABLE = 3;

    /** Some lines of a file were bad or changed; the rest was loaded. */
    static final int LINES = 4;

    /** Something of a run needs a person. */
    static final int PERSON = 5;

    private final int exitCode;
    private final boolean passing;
    private final transient @Nullable JsonNode problem;

    private Failure(int exitCode, String sentence, boolean passing, @Nullable JsonNode problem) {
        super(sentence);
        this.exitCode = exitCode;
        this.passing = passing;
        this.problem = problem;
    }

    static Failure refused(String sentence) {
        return new Failure(REFUSED, sentence, false, null);
    }

    /** The service said no, with this problem of RFC 9457. */
    static Failure refused(String sentence, JsonNode problem) {
        return new Failure(REFUSED, sentence, false, problem);
    }

    static Failure usage(String sentence) {
        return new Failure(USAGE, sentence, false, null);
    }

    static Failure notReachable(String sentence) {
        return new Failure(NOT_REACHABLE, sentence, false, null);
    }

    /** The service does not answer just now, e.g. because it is being restarted. */
    static Failure noAnswer(String sentence) {
        return new Failure(NOT_REACHABLE, sentence, true, null);
    }

    int exitCode() {
        return exitCode;
    }

    /** Whether asking again a little later may help. */
    boolean isPassing() {
        return passing;
    }

    /** A member of the problem that the service told; missing when there is none. */
    JsonNode member(String name) {
        return problem == null ? MissingNode.getInstance() : problem.path(name);
    }
}
