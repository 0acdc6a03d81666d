package dev.offramp.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** Plays one schedule after the other, each by its own seed: what a seed brings depends on nothing else. */
final class Simulation {

    private static final int THREADS = Integer.getInteger("simulation.threads", 1);

    private Simulation() {}

    /** What came of it. */
    record Played(long seeds, double perSecond, long turns, OptionalLong firstViolated) {

        @Override
        public String toString() {
            return "%,d schedules, %,.0f a second, %d boundaries handed over in each%s"
                    .formatted(
                            seeds,
                            perSecond,
                            turns / Math.max(1, seeds),
                            firstViolated.isPresent() ? "; seed " + firstViolated.getAsLong() + " violated" : "");
        }
    }

    /** Plays {@code many} seeds from {@code first} on, or as many as it takes to find one that violates an invariant. */
    static Played play(long first, long many, Breakage breakage) {
        var next = new AtomicLong(first);
        var violated = new AtomicLong(Long.MAX_VALUE);
        var turns = new AtomicLong();
        var threads = new ArrayList<Thread>();
        long begun = System.nanoTime();
        for (int each = 0; each < THREADS; each++) {
            threads.add(Thread.ofPlatform().name("simulation-" + each).start(() -> {
                for (long seed = next.getAndIncrement();
                        seed < first + many && seed < violated.get();
                        seed = next.getAndIncrement()) {
                    var world = new World(seed, breakage, false);
                    if (world.play() != null) {
                        violated.accumulateAndGet(seed, Math::min);
                    }
                    turns.addAndGet(world.turns);
                }
            }));
        }
        threads.forEach(Simulation::join);
        double seconds = (System.nanoTime() - begun) / 1e9;
        long seeds = Math.min(next.get(), first + many) - first;
        return new Played(
                seeds,
                seeds / seconds,
                turns.get(),
                violated.get() == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(violated.get()));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a test", e);
        }
    }

    /** Everything that happens in one schedule, and what it violates. */
    static List<String> trace(long seed, Breakage breakage) {
        return World.trace(seed, breakage);
    }
}
