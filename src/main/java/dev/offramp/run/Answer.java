package dev.offramp.run;

import org.jspecify.annotations.Nullable;

/** What becomes of something that was asked of runs. */
public sealed interface Answer {

    /** It was done. */
    record Done(Run run) implements Answer {}

    /** There is no such thing. */
    record Missing(String sentence) implements Answer {}

    /** It cannot be done at all. */
    record Wrong(String sentence) implements Answer {}

    /**
     * It does not fit how things stand.
     *
     * @param received how many bytes have arrived, where that is the question
     */
    record InTheWay(String sentence, @Nullable Long received) implements Answer {}
}
