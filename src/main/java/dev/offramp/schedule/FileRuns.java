package dev.offramp.schedule;

import java.io.IOException;
import java.nio.file.Path;

/** Where a firing takes its file to. */
interface FileRuns {

    /** What became of it, with a sentence. */
    sealed interface Begun {

        String sentence();

        /** The run has the file, or will never have it. */
        record Settled(String sentence) implements Begun {}

        /** Something that passes by itself stands in the way: it is to be begun again. */
        record InTheWay(String sentence) implements Begun {}
    }

    /**
     * Begins the run of a file, or finds it begun: the same job, name and content are the same run.
     *
     * @param by who asks, for people
     * @param cause why
     * @throws IOException when the file cannot be read
     */
    Begun begin(String job, String name, Path file, String by, String cause) throws IOException;
}
