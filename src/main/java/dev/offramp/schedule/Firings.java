package dev.offramp.schedule;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of each firing, for people. */
interface Firings {

    /**
     * One firing.
     *
     * @param dueAt for when it was due
     * @param run the name of the run that it began; null when there was nothing to run
     * @param message a sentence
     */
    record Fired(
            String job,
            Instant dueAt,
            Instant firedAt,
            @Nullable String run,
            String message) {}

    /** Writes it over what was noted for the same time. */
    void note(Fired fired);

    /** The newest of a job. */
    Optional<Fired> last(String job);
}
