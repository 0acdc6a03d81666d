package dev.offramp.operations;

import java.util.Map;

/** Whether a verb may be carried out on a thing as it stands. */
sealed interface Ruling {

    /** It may. */
    record Allowed() implements Ruling {}

    /** It may not, and this sentence says why. */
    record Refused(String why) implements Ruling {}

    static Ruling allowed() {
        return new Allowed();
    }

    static Ruling refused(String why, Object... words) {
        return new Refused(why.formatted(words));
    }

    /** @throws Problem a conflict with the sentence, when it may not */
    default void orConflict(Map<String, Object> members) {
        if (this instanceof Refused(String why)) {
            throw Problem.conflict(why, members);
        }
    }
}
