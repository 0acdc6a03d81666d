package dev.offramp.schedule;

import dev.offramp.job.JobDefinition;
import dev.offramp.job.Schedule;
import dev.offramp.schedule.FileRuns.Begun;
import dev.offramp.schedule.Firings.Fired;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens when a schedule is due: the day's file, if it is there, becomes the day's run. */
final class Firing {

    private static final Logger log = LoggerFactory.getLogger(Firing.class);

    /** A file that nobody took for longer than this is run by a person, or not at all. */
    private static final Duration LATEST = Duration.ofDays(7);

    private final Path home;
    private final FileRuns runs;
    private final Firings firings;
    private final InstantSource clock;

    Firing(Path home, FileRuns runs, Firings firings, InstantSource clock) {
        this.home = home;
        this.runs = runs;
        this.firings = firings;
        this.clock = clock;
    }

    /** Whether a firing is over. */
    enum Result {
        OVER,
        /** It is to be fired again for the same time. */
        AGAIN
    }

    /**
     * Fires.
     *
     * @param dueAt for when it was due; its day, in the schedule's time zone, is the day of file and run
     */
    Result fire(JobDefinition job, Schedule schedule, Instant dueAt) {
        Path file = home.resolve(dated(schedule.file(), schedule, dueAt));
        String name = dated(schedule.run(), schedule, dueAt);
        boolean tooLate = dueAt.plus(LATEST).isBefore(clock.instant());
        if (!Files.isRegularFile(file)) {
            note(job, dueAt, null, "There was no file %s, so there was nothing to run.".formatted(file));
        } else if (tooLate) {
            note(
                    job,
                    dueAt,
                    null,
                    "No node was up for more than %d days after it was due. If %s still holds: bin/offramp run %s --name %s --file %s"
                            .formatted(LATEST.toDays(), file.getFileName(), job.name(), name, file));
        } else {
            return switch (begin(job, name, file)) {
                case Begun.Settled(String sentence) -> {
                    note(job, dueAt, name, sentence);
                    yield Result.OVER;
                }
                case Begun.InTheWay(String sentence) -> {
                    note(job, dueAt, null, sentence + " It is tried again every minute.");
                    yield Result.AGAIN;
                }
            };
        }
        return Result.OVER;
    }

    private void note(JobDefinition job, Instant dueAt, @Nullable String run, String said) {
        log.info("The schedule of {} for {} has fired: {}", job.name(), dueAt, said);
        firings.note(new Fired(job.name(), dueAt, clock.instant(), run, said));
    }

    private Begun begin(JobDefinition job, String name, Path file) {
        try {
            return runs.begin(
                    job.name(), name, file, "schedule of " + job.name(), "The schedule of %s".formatted(job.name()));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The file %s of the schedule of %s cannot be read".formatted(file, job.name()), e);
        }
    }

    /** {@code {date}} is the day, as in 2026-11-20. */
    private static String dated(String text, Schedule schedule, Instant dueAt) {
        return text.replace(
                "{date}", dueAt.atZone(schedule.zone()).toLocalDate().toString());
    }
}
