package dev.offramp.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** Plays one schedule after the other, each by its own seed: what a seed brings depends on nothing else. */
final class Simulation {

    private static final long PROGRESS = 10_000_000_000L;

    private Simulation() {}

    /**
     * What came of it.
     *
     * @param requests all that were admitted
     * @param calls destructive calls that left
     * @param boundaries statements, commits, calls, answers, sends and acknowledgements, in all schedules
     * @param handedOver at how many of them somebody else went on
     * @param digest all stories in a number, in whatever order they were played
     */
    record Played(
            long seeds,
            double perSecond,
            long requests,
            long calls,
            long boundaries,
            long handedOver,
            long digest,
            OptionalLong firstViolated) {

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%,d schedules, %,.0f a second, %,d requests, %,d calls, %d boundaries in each, %d of them handed over%s",
                    seeds,
                    perSecond,
                    requests,
                    calls,
                    boundaries / Math.max(1, seeds),
                    handedOver / Math.max(1, seeds),
                    firstViolated.isPresent() ? "; seed " + firstViolated.getAsLong() + " violated" : "");
        }
    }

    /** Plays {@code many} seeds from {@code first} on, or as many as it takes to find one that violates an invariant. */
    static Played play(long first, long many, Setting setting, Breakage breakage, int threads) {
        var course = new Course(first, many, setting, breakage);
        var players = new ArrayList<Thread>();
        for (int each = 1; each <= threads; each++) {
            players.add(Thread.ofPlatform().name("simulation-" + each).start(course::play));
        }
        players.forEach(Simulation::join);
        return course.played();
    }

    /** What the players share. */
    private static final class Course {

        private final long first;
        private final long many;
        private final Setting setting;
        private final Breakage breakage;
        private final AtomicLong next;
        private final AtomicLong requests = new AtomicLong();
        private final AtomicLong calls = new AtomicLong();
        private final AtomicLong violated = new AtomicLong(Long.MAX_VALUE);
        private final AtomicLong over = new AtomicLong();
        private final AtomicLong boundaries = new AtomicLong();
        private final AtomicLong handedOver = new AtomicLong();
        private final AtomicLong digest = new AtomicLong();
        private final long begun = System.nanoTime();
        private final AtomicLong printAt = new AtomicLong(begun + PROGRESS);

        Course(long first, long many, Setting setting, Breakage breakage) {
            this.first = first;
            this.many = many;
            this.setting = setting;
            this.breakage = breakage;
            next = new AtomicLong(first);
        }

        void play() {
            for (long seed = next.getAndIncrement();
                    seed < first + many && seed < violated.get();
                    seed = next.getAndIncrement()) {
                var world = new World(seed, setting, breakage, false);
                if (world.play() != null) {
                    violated.accumulateAndGet(seed, Math::min);
                }
                requests.addAndGet(world.rows.requests.committedRows().size());
                calls.addAndGet(world.truth.calls.size());
                boundaries.addAndGet(world.stage.boundaries);
                handedOver.addAndGet(world.turns);
                digest.addAndGet(seed * 31 ^ world.digest());
                over.incrementAndGet();
                progress();
            }
        }

        /** A line now and then, so that nobody takes a long course for a stuck one. */
        private void progress() {
            long due = printAt.get();
            if (System.nanoTime() > due && printAt.compareAndSet(due, due + PROGRESS)) {
                System.out.println("Simulation, so far: " + played());
            }
        }

        Played played() {
            double seconds = (System.nanoTime() - begun) / 1e9;
            return new Played(
                    over.get(),
                    over.get() / seconds,
                    requests.get(),
                    calls.get(),
                    boundaries.get(),
                    handedOver.get(),
                    digest.get(),
                    violated.get() == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(violated.get()));
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a test", e);
        }
    }

    /** Everything that happens in one schedule, and what it violates. */
    static List<String> trace(long seed, Setting setting, Breakage breakage) {
        return World.trace(seed, setting, breakage);
    }
}
