package dev.offramp.simulation;

import dev.offramp.testing.Admissions;
import java.lang.reflect.Constructor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where actors take turns: one acts at a time, up to a boundary; there the seed decides who goes on, and how late it is
 * by then. Actors are virtual threads whose only carrier is the thread that runs the stage.
 */
final class Stage {

    private static final Constructor<?> THREAD = constructor();

    private static final long NEVER = Long.MAX_VALUE;

    final SplittableRandom random;
    final List<Actor> actors = new ArrayList<>();
    final List<String> trace = new ArrayList<>();
    private final boolean tracing;
    private final Queue<Runnable> runnable = new ConcurrentLinkedQueue<>();
    private final Executor carrier = runnable::add;
    private int everybody;
    private final Actor alone = new Actor("alone", new Node("alone"), () -> {});
    private final List<Actor> ready = new ArrayList<>();

    /** Who acts now. */
    Actor current = alone;

    /** Microseconds since the start. */
    long now;

    /** How many boundaries there were. */
    long boundaries;

    /** The story in a number: who came to which boundary when. */
    long digest;

    /** One in so many boundaries hands over. */
    int stay = 4;

    @Nullable
    Throwable broken;

    private Instant instant = Admissions.START;
    private long instantOf;

    Stage(long seed, boolean tracing) {
        random = new SplittableRandom(seed);
        this.tracing = tracing;
    }

    /** A process: what it holds in memory dies with it. */
    static final class Node {

        final String name;
        boolean dead;
        long frozenUntil;

        /** Whether it wakes when another has taken over what it held. */
        boolean wakesAtTakeOver;

        Node(String name) {
            this.name = name;
        }
    }

    /** The process was killed: nothing after it happens, whatever is caught or finally done. */
    static final class Crash extends Error {

        private static final long serialVersionUID = 1L;

        Crash() {
            super("killed", null, false, false);
        }
    }

    /** Somebody who acts: one thread of a node. */
    final class Actor {

        final int number = ++everybody;
        final String name;
        final Node node;
        final Thread thread;
        MemoryDatabase.@Nullable Tx tx;
        boolean started;
        boolean done;
        private boolean resumed;
        private boolean handedOver;
        private long wake;
        private @Nullable BooleanSupplier until;

        /** While a call of it is between its last check and the server: until when the node may not freeze over it. */
        long sendingUntil;

        Actor(String name, Node node, Runnable body) {
            this.name = name;
            this.node = node;
            thread = thread(() -> {
                try {
                    body.run();
                } catch (Crash e) {
                    // Killed.
                } catch (Throwable e) {
                    broken = broken == null ? e : broken;
                } finally {
                    done = true;
                }
            });
        }

        private boolean isReady() {
            return node.frozenUntil <= now && (wake <= now || until != null && until.getAsBoolean());
        }
    }

    private Thread thread(Runnable body) {
        try {
            return (Thread) THREAD.newInstance(carrier, null, 0, body);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A virtual thread with a carrier of our own is not to be had otherwise; needs --add-opens java.base/java.lang. */
    private static Constructor<?> constructor() {
        try {
            var constructor = Class.forName("java.lang.VirtualThread")
                    .getDeclaredConstructor(Executor.class, String.class, int.class, Runnable.class);
            constructor.setAccessible(true);
            return constructor;
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    InstantSource clock() {
        return this::instant;
    }

    Instant instant() {
        if (instantOf != now) {
            instantOf = now;
            instant = Admissions.START.plusNanos(now * 1000);
        }
        return instant;
    }

    long micros(Instant time) {
        return Duration.between(Admissions.START, time).toNanos() / 1000;
    }

    Actor spawn(Node node, String name, Runnable body) {
        var actor = new Actor(name, node, body);
        actors.add(actor);
        return actor;
    }

    void tell(String event) {
        if (tracing) {
            trace.add("%12.6f  %-22s %s".formatted(now / 1e6, current.node.name + "/" + current.name, event));
        }
    }

    void tell(Supplier<String> event) {
        if (tracing) {
            tell(event.get());
        }
    }

    /** A boundary: whoever the seed says goes on. */
    void step(String what) {
        step(what, "");
    }

    /**
     * A boundary: whoever the seed says goes on.
     *
     * @param about a number, a word or a constant: it is told with the rest
     */
    void step(String what, Object about) {
        if (current == alone) {
            return;
        }
        if (current.node.dead) {
            throw new Crash();
        }
        boundaries++;
        int words = 31 * what.hashCode() + (about instanceof Enum<?> word ? word.name() : about).hashCode();
        digest = (digest ^ now ^ (long) current.number << 48 ^ words) * 0x9E3779B97F4A7C15L;
        if (tracing) {
            tell(what + " " + about);
        }
        if (random.nextInt(stay) == 0) {
            current.wake = now;
            handOver();
        }
    }

    /** Goes on when the time has come. */
    void sleep(long micros) {
        await(null, micros);
    }

    /** Goes on when the condition holds or the time is over. */
    void await(@Nullable BooleanSupplier until, long atMost) {
        if (current == alone) {
            now += atMost;
            return;
        }
        if (current.node.dead) {
            throw new Crash();
        }
        current.wake = atMost == NEVER ? NEVER : now + atMost;
        current.until = until;
        handOver();
        current.until = null;
    }

    /** Lets somebody who waits look at that time at the latest. */
    void wakeBy(Actor actor, long time) {
        if (actor.started && actor.until != null) {
            actor.wake = Math.min(actor.wake, time);
        }
    }

    void await(BooleanSupplier until) {
        await(until, NEVER);
    }

    private void handOver() {
        var me = current;
        me.resumed = false;
        me.handedOver = true;
        do {
            LockSupport.park(this);
        } while (!me.resumed);
        if (me.node.dead) {
            throw new Crash();
        }
    }

    private void resume(Actor actor) {
        current = actor;
        actor.handedOver = false;
        if (actor.started) {
            actor.resumed = true;
            LockSupport.unpark(actor.thread);
        } else {
            actor.started = true;
            actor.thread.start();
        }
        do {
            goOn();
        } while (!actor.handedOver && !actor.done);
        current = alone;
    }

    /**
     * Carries the actor on. It may stop short of a boundary: where it waits for a lock of the machine's that another stage
     * holds, e.g. that of the one source of random numbers; then it comes again by itself.
     */
    private void goOn() {
        var next = runnable.poll();
        while (next == null) {
            Thread.yield();
            next = runnable.poll();
        }
        next.run();
    }

    /** Lets one act up to its next boundary; false when nobody ever will again. */
    boolean turn() {
        ready.clear();
        for (var actor : actors) {
            if (actor.isReady()) {
                ready.add(actor);
            }
        }
        if (ready.isEmpty()) {
            return passTime();
        }
        now += pause();
        var next = ready.get(ready.size() == 1 ? 0 : random.nextInt(ready.size()));
        resume(next);
        if (next.done) {
            actors.remove(next);
        }
        return true;
    }

    private long pause() {
        int dice = random.nextInt(64);
        return dice < 60 ? 50 + random.nextInt(5_000) : dice < 63 ? random.nextInt(200_000) : random.nextInt(3_000_000);
    }

    private boolean passTime() {
        long next = NEVER;
        for (var actor : actors) {
            long wake = Math.max(actor.wake, actor.node.frozenUntil);
            if (actor.until != null && actor.node.frozenUntil > now) {
                wake = actor.node.frozenUntil;
            }
            next = Math.min(next, wake);
        }
        if (next == NEVER) {
            return false;
        }
        now = Math.max(now, next);
        return true;
    }

    /** Ends all threads of a process at once. */
    void kill(Node node) {
        node.dead = true;
        for (var actor : List.copyOf(actors)) {
            if (actor.node == node) {
                if (actor.tx != null) {
                    actor.tx.abandon();
                }
                if (actor.started) {
                    resume(actor);
                }
                actors.remove(actor);
            }
        }
    }
}
