package dev.offramp.schedule;

import java.io.IOException;
import java.nio.file.Path;

/** Where a firing takes its file to. */
interface FileRuns {

    /**
     * Begins the run of a file, or finds it begun: the same job, name and content are the same run.
     *
     * @param by who asks, for people
     * @param cause why
     * @return what became of it, a sentence
     * @throws IOException when the file cannot be read
     */
    String begin(String job, String name, Path file, String by, String cause) throws IOException;
}
