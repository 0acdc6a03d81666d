package dev.offramp.chaos;

import dev.offramp.crash.HaltingOfframp;
import dev.offramp.crash.HaltingOfframp.Point;
import dev.offramp.testing.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * One installation and what happens to it, all drawn from one seed: while two nodes work, each is killed at one point after
 * the other and started again, and between that other things happen. At the end everybody is left alone, everything must
 * come to its end, and the checker looks.
 */
final class Round implements AutoCloseable {

    private static final List<Point> POINTS = List.of(
            Point.TRY_WRITTEN,
            Point.REPLY_READ,
            Point.REPLY_WRITTEN,
            Point.SETTLED,
            Point.CHUNK_COMMITTED,
            Point.OUTCOME_SENT);
    private static final List<String> FAULTS = List.of(
            "\"action\":\"cut-off\",\"when\":\"after-effect\"",
            "\"action\":\"reset\",\"when\":\"after-effect\"",
            "\"action\":\"half-body\"",
            "\"action\":\"garbage\"",
            "\"action\":\"delay\",\"delay\":\"7s\",\"when\":\"after-effect\"",
            "\"action\":\"answer\",\"status\":500,\"when\":\"after-effect\"",
            "\"action\":\"answer\",\"status\":503",
            "\"action\":\"answer\",\"status\":409",
            "\"action\":\"cut-off\"");
    private static final List<String> CALLS = List.of("cancel", "cancel", "cancel", "unlink", "suspend");
    /** A node that does not come to its point in this time is killed where it is. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** One that does not come up at all is not what is looked for here, but nobody waits for it for ever. */
    private static final Duration PATIENCE_WITH_STARTS = Duration.ofMinutes(5);

    private static final boolean TELLS = Boolean.getBoolean("chaos.tell");

    private final long seed;
    private final Random random;
    private final int kills;
    private final Installation installation;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Integer> happened = new TreeMap<>();
    private final int pool;
    private int sent;
    private int atPoints;
    private int elsewhere;

    private Round(long seed, int kills, Path folder) {
        this.seed = seed;
        this.kills = kills;
        random = new Random(seed);
        pool = kills * 6;
        installation = Installation.start(created(folder), pool, seed);
    }

    private static Path created(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What a round has shown.
     *
     * @param atPoints how often a node was killed at a named point
     * @param elsewhere how often anywhere else
     */
    record Result(
            long seed,
            int requests,
            int calls,
            int atPoints,
            int elsewhere,
            Map<String, Integer> happened,
            List<String> violations) {}

    /** @param kills at named points */
    static Result run(long seed, int kills, Path folder) {
        try (var round = new Round(seed, kills, folder)) {
            return round.run();
        }
    }

    private Result run() {
        nodes.add(new Node("one"));
        nodes.add(new Node("two"));
        var next = System.nanoTime() + between(4000, 8000);
        while (atPoints < kills && sent < pool) {
            feed();
            nodes.forEach(Node::look);
            if (System.nanoTime() > next && nodes.stream().allMatch(Node::isUp)) {
                somethingElse();
                next = System.nanoTime() + between(4000, 10000);
            }
        }
        leaveAlone();
        var evidence = installation.evidence();
        var violations = new ArrayList<>(Checker.violations(evidence));
        nodes.forEach(each -> each.bugs().forEach(line -> violations.add("bug: " + line)));
        return new Result(seed, sent, evidence.calls().size(), atPoints, elsewhere, Map.copyOf(happened), violations);
    }

    private long between(int from, int to) {
        return TimeUnit.MILLISECONDS.toNanos(from + random.nextInt(to - from));
    }

    /** There is always something to do, and sometimes it comes twice, or is no request at all. */
    private void feed() {
        while (sent < pool && sent - installation.ended() < 8) {
            var wish = Wish.numbered(sent++);
            var event = wish.event();
            installation.send(wish.customer(), event);
            if (random.nextInt(10) == 0) {
                installation.send(wish.customer(), event);
                note("record sent twice");
            }
            if (random.nextInt(20) == 0) {
                installation.send(null, "no request at all " + sent);
                note("record that is no request");
            }
        }
    }

    private void note(String what) {
        happened.merge(what, 1, Integer::sum);
        if (TELLS) {
            System.out.println(
                    "%s  %s (%d of %d requests over)".formatted(LocalTime.now(), what, installation.ended(), sent));
        }
    }

    private void somethingElse() {
        var node = nodes.get(random.nextInt(nodes.size()));
        switch (random.nextInt(12)) {
            case 0 -> node.killNow("kill at any time");
            case 1, 2 -> node.freeze(300 + random.nextInt(3500), "freeze at any time");
            case 3 -> cut("wire to the broker cut", installation.toBroker, 0);
            case 4 -> cut("wire to the database cut", installation.toDatabase, 0);
            case 5 -> cut("wire to Partner Center cut", installation.toSimulator, 0);
            case 6 -> cut("broker out of reach", installation.toBroker, 1000 + random.nextInt(4000));
            case 7 -> cut("database out of reach", installation.toDatabase, 500 + random.nextInt(4000));
            case 8 -> cut("Partner Center out of reach", installation.toSimulator, 500 + random.nextInt(3000));
            case 9 -> {
                note("broker killed and restarted");
                installation.broker.killAndRestart();
            }
            case 10 -> {
                note("database crashed and restarted");
                installation.database.crashAndRestart();
            }
            default -> {
                note("fault of the API");
                installation.fault("{\"operation\":\"%s\",\"times\":%d,%s}"
                        .formatted(
                                CALLS.get(random.nextInt(CALLS.size())),
                                1 + random.nextInt(3),
                                FAULTS.get(random.nextInt(FAULTS.size()))));
            }
        }
    }

    private void cut(String what, Relay relay, int milliseconds) {
        note(what);
        if (milliseconds == 0) {
            relay.cut();
        } else {
            relay.away(true);
            pause(milliseconds);
            relay.away(false);
        }
    }

    private static void pause(long milliseconds) {
        java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(milliseconds));
    }

    private void leaveAlone() {
        installation.clearFaults();
        nodes.forEach(Node::startUnharmed);
        long end = System.nanoTime() + PATIENCE_WITH_STARTS.toNanos();
        while (installation.ended() < sent && System.nanoTime() < end) {
            nodes.forEach(Node::keepUp);
        }
        if (installation.ended() < sent) {
            throw new AssertionError("-Dchaos.seed=%d: %d of %d requests have come to an end. Open:\n%s\n\n%s\n\n%s"
                    .formatted(
                            seed,
                            installation.ended(),
                            sent,
                            installation.open(),
                            nodes.getFirst().newestLines(),
                            nodes.getLast().newestLines()));
        }
    }

    /** A place for a process that dies again and again. */
    private final class Node {

        private final String name;
        private Program process;
        private Point point = Point.NOWHERE;
        private boolean freezes;
        private boolean served;
        private long started;
        private long up;
        private final List<String> bugs = new ArrayList<>();

        Node(String name) {
            this.name = name;
            process = start();
        }

        /** With the next point, drawn from the seed; sometimes it is frozen between the gate and the socket instead. */
        private Program start() {
            freezes = random.nextInt(8) == 0;
            point = freezes ? Point.TRY_WRITTEN : POINTS.get(random.nextInt(POINTS.size()));
            served = false;
            started = System.nanoTime();
            up = 0;
            return installation.startNode(
                    name,
                    point,
                    1 + random.nextInt(4),
                    freezes ? 500 : 0,
                    // With a time to send as long as the deadline, nothing but the in-doubt rules stands behind the
                    // gate.
                    "offramp.safety.send-within=" + (random.nextBoolean() ? "1s" : "5s"));
        }

        boolean isUp() {
            return process.said(" is up in live mode");
        }

        void look() {
            if (up == 0 && isUp()) {
                up = System.nanoTime();
            }
            if (!served && process.said(HaltingOfframp.sign(point))) {
                served = true;
                if (freezes) {
                    freeze(
                            300 + random.nextInt((int) Installation.DEADLINE.toMillis() - 2000),
                            "freeze after the gate");
                } else {
                    atPoints++;
                    note("kill at " + point);
                    again();
                }
            } else if (!process.isAlive()) {
                note("start that ended by itself");
                again();
            } else if (up > 0 && System.nanoTime() - up > PATIENCE.toNanos()) {
                if (TELLS) {
                    System.out.println(newestLines());
                }
                killNow("kill of one that did not come to its point");
            } else if (System.nanoTime() - started > PATIENCE_WITH_STARTS.toNanos()) {
                throw new AssertionError("-Dchaos.seed=%d: it does not come up:\n%s".formatted(seed, newestLines()));
            }
        }

        void killNow(String what) {
            note(what);
            elsewhere++;
            again();
        }

        private void again() {
            end();
            process = start();
        }

        private void end() {
            process.kill();
            collectBugs();
        }

        /** While the database is away, an execution may say so. */
        private void collectBugs() {
            process.lines().stream()
                    .filter(each -> each.startsWith("BUG ") && !each.contains("org.springframework.dao."))
                    .forEach(bugs::add);
        }

        void freeze(int milliseconds, String what) {
            note(what);
            process.freeze();
            pause(milliseconds);
            process.wake();
        }

        void startUnharmed() {
            end();
            process = installation.startNode(name, Point.NOWHERE, 1, 0);
        }

        void keepUp() {
            if (!process.isAlive()) {
                startUnharmed();
            }
        }

        List<String> bugs() {
            collectBugs();
            return bugs;
        }

        String newestLines() {
            return process.newestLines();
        }

        void close() {
            process.close();
        }
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
        installation.close();
    }
}
