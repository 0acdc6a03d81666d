package dev.offramp.safety;

import dev.offramp.job.RunWindow;
import dev.offramp.offboarding.Limit;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How much may be touched without a person, of what, by whom, and in which time. */
public record Budget(Scope scope, Unit unit, Limit limit, Period period) {

    /** What is counted. */
    public enum Unit {
        /** Customers, each once. */
        CUSTOMERS,
        /** Destructive calls: each step of a request is one. */
        CALLS;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Whose budget it is.
     *
     * @param name the word of the operation, the source, the name of the job or the number of the run or plan
     */
    public record Scope(Kind kind, String name) {

        /** In the order in which they are named where several are used up alike. */
        public enum Kind {
            OPERATION,
            SOURCE,
            JOB,
            RUN,
            /** An applied plan: what it says, and nothing else concerns its requests. */
            PLAN;

            public String word() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        /** As people call it. */
        public String inWords() {
            return switch (kind) {
                case OPERATION -> name;
                case SOURCE -> "the source " + name;
                case JOB -> "the job " + name;
                case RUN -> "run " + name;
                case PLAN -> "plan " + name;
            };
        }
    }

    /** In which time is counted. */
    public sealed interface Period {

        /** Which permits count at this time; empty when the budget does not hold then. */
        Optional<Span> at(Instant now);

        /** For people. */
        String inWords();

        /** The last so and so many hours, at any time. */
        record Sliding(Duration length) implements Period {

            @Override
            public Optional<Span> at(Instant now) {
                return Optional.of(new Span(now.minus(length), null));
            }

            @Override
            public String inWords() {
                return Words.duration(length);
            }
        }

        /** One night, from its beginning to its end; by day it does not hold. */
        record Night(RunWindow hours) implements Period {

            @Override
            public Optional<Span> at(Instant now) {
                return hours.openingAt(now)
                        .map(night -> new Span(night.from().minus(1, ChronoUnit.MICROS), night.until()));
            }

            @Override
            public String inWords() {
                return "a night (%s to %s %s)"
                        .formatted(hours.from(), hours.until(), hours.zone().getId());
            }
        }

        /** As long as a run or a plan has requests. */
        record Whole(Scope.Kind of) implements Period {

            @Override
            public Optional<Span> at(Instant now) {
                return Optional.of(new Span(Instant.EPOCH, null));
            }

            @Override
            public String inWords() {
                return "the whole " + of.word();
            }
        }
    }

    /**
     * What counts is what was reserved after a moment.
     *
     * @param until when all of it ends at once; null where it does not
     */
    public record Span(Instant after, @Nullable Instant until) {

        boolean holds(Instant reservedAt) {
            return reservedAt.isAfter(after);
        }
    }
}
