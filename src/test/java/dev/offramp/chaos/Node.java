package dev.offramp.chaos;

import dev.offramp.crash.HaltingOfframp;
import dev.offramp.crash.HaltingOfframp.Point;
import dev.offramp.testing.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A place for a process that dies again and again; each of its lives is drawn from the seed, whatever else happens. */
final class Node {

    /** One that does not come to its point in this time is killed where it is. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** One that does not come up at all is not what is looked for here, but nobody waits for it for ever. */
    private static final Duration PATIENCE_WITH_STARTS = Duration.ofMinutes(5);

    private final String name;
    private final Installation installation;
    private final Path folder;
    private final Consumer<String> notes;
    private final Random random;
    private final Deck<Life> deck;
    private final List<String> bugs = new ArrayList<>();
    private Program process;
    private Life life;
    private int lives;
    private long started;
    private long up;
    /** When it is woken, and when it is killed wherever it is; 0 for never. */
    private long wakeAt;

    private long killAt;
    private boolean froze;

    Node(String name, long seed, Installation installation, Path folder, Consumer<String> notes) {
        this.name = name;
        this.installation = installation;
        this.folder = folder;
        this.notes = notes;
        random = new Random(seed * 31 + name.hashCode());
        deck = new Deck<>(random, Life.ALL);
        life = deck.draw();
        process = start();
    }

    /** @param freezes whether it stops itself there, to be woken, and is not killed */
    private record Life(Point point, boolean freezes) {

        static final List<Life> ALL = List.of(
                new Life(Point.TRY_WRITTEN, false),
                new Life(Point.REPLY_READ, false),
                new Life(Point.REPLY_WRITTEN, false),
                new Life(Point.SETTLED, false),
                new Life(Point.CHUNK_COMMITTED, false),
                new Life(Point.OUTCOME_SENT, false),
                new Life(Point.TRY_WRITTEN, true));
    }

    private Program start() {
        lives++;
        started = System.nanoTime();
        up = 0;
        wakeAt = 0;
        killAt = 0;
        froze = false;
        return installation.startNode(
                name,
                life.point(),
                1 + random.nextInt(3),
                life.freezes(),
                // With a time to send as long as the deadline, nothing but the in-doubt rules stands behind the gate.
                "offramp.safety.send-within=" + (random.nextBoolean() ? "1s" : "5s"));
    }

    boolean isUp() {
        return up > 0;
    }

    /** Whether it is at the part of its start that needs the database. */
    boolean comesUp() {
        return !isUp() && process.said("Tomcat initialized");
    }

    boolean isFrozen() {
        return wakeAt > 0;
    }

    void look() {
        long now = System.nanoTime();
        if (isFrozen()) {
            wakeIfDue(now);
            return;
        }
        if (!isUp() && process.said(" is up in live mode")) {
            up = now;
        }
        if (!process.isAlive()) {
            notes.accept("start that ended by itself");
            again();
        } else if (!froze && process.said(HaltingOfframp.sign(life.point()))) {
            atThePoint(now);
        } else if (killAt > 0 && now > killAt || isUp() && now - up > PATIENCE.toNanos()) {
            killNow();
        } else if (now - started > PATIENCE_WITH_STARTS.toNanos()) {
            throw new AssertionError("A node does not come up:\n" + process.newestLines());
        }
    }

    private void atThePoint(long now) {
        if (!life.freezes()) {
            notes.accept(Tally.AT_POINT + life.point());
            again();
        } else if (process.isStopped()) {
            notes.accept("freeze between gate and socket");
            froze = true;
            wakeAt = now + TimeUnit.MILLISECONDS.toNanos(300 + random.nextInt(2700));
        }
    }

    private void wakeIfDue(long now) {
        if (now > wakeAt) {
            process.wake();
            wakeAt = 0;
            if (life.freezes() && froze) {
                killAt = now + TimeUnit.MILLISECONDS.toNanos(1000 + random.nextInt(2000));
            }
        }
    }

    void killNow() {
        notes.accept(isUp() ? "kill of a node anywhere" : "kill of a node while it starts");
        again();
    }

    void freeze(int milliseconds) {
        notes.accept("freeze at any time");
        process.freeze();
        wakeAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
    }

    private void again() {
        end();
        life = deck.draw();
        process = start();
    }

    private void end() {
        process.kill();
        process.lines().stream().filter(each -> each.startsWith("BUG ")).forEach(bugs::add);
        try {
            Files.write(folder.resolve("%s-%d.log".formatted(name, lives)), process.lines());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void startUnharmed() {
        end();
        life = new Life(Point.NOWHERE, false);
        process = start();
    }

    void keepUp() {
        if (!process.isAlive()) {
            startUnharmed();
        }
    }

    /** Ends it for good, and says what broke in it that should not. */
    List<String> bugs() {
        end();
        return bugs;
    }

    String newestLines() {
        return process.newestLines();
    }

    void close() {
        process.close();
    }
}
