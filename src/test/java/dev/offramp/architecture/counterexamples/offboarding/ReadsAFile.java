package dev.offramp.architecture.counterexamples.offboarding;

import java.nio.file.Files;
import java.nio.file.Path;

/** A decision that reads the world. */
public final class ReadsAFile {

    boolean decide(Path list) {
        return Files.exists(list);
    }
}
