package dev.offramp.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One installation and what happens to it, all drawn from one seed: while some nodes work, each is killed at one point
 * after the other and started again, and between that other things happen. At the end everybody is left alone, everything
 * must come to its end, and the checker looks.
 */
final class Round implements AutoCloseable {

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
    private static final Duration PATIENCE_WITH_WORK = Duration.ofSeconds(8);
    private static final Duration PATIENCE_AT_THE_END = Duration.ofMinutes(5);
    /** So many requests are open at a time: those in doubt must not leave nothing to do. */
    private static final int OPEN = 30;

    private static final int TARGETS_FOR_A_KILL = 20;
    private static final boolean TELLS = Boolean.getBoolean("chaos.tell");

    private final long seed;
    private final Random feeding;
    private final Random happening;
    private final Deck<Event> deck;
    private final int kills;
    private final Installation installation;
    private final List<Node> nodes;
    private final Tally tally = new Tally();
    private final int pool;
    private final long began = System.nanoTime();
    private int sent;
    private int over;
    private long reachableAgain;

    private Round(Plan plan, Path folder) {
        seed = plan.seed();
        kills = plan.kills();
        feeding = new Random(seed);
        happening = new Random(seed + 1);
        deck = new Deck<>(happening, whatElseHappens());
        pool = OPEN + kills * TARGETS_FOR_A_KILL;
        installation = Installation.start(created(folder), pool, seed);
        nodes = IntStream.range(0, plan.nodes())
                .mapToObj(each -> new Node("node-" + each, seed, installation, folder, this::note))
                .toList();
    }

    private static Path created(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param kills at named points */
    record Plan(long seed, int kills, int nodes) {

        @Override
        public String toString() {
            return "-Dchaos.seed=%d -Dchaos.kills=%d -Dchaos.nodes=%d".formatted(seed, kills, nodes);
        }
    }

    /** @param folder where the files of all processes are */
    static Tally run(Plan plan, Path folder) {
        try (var round = new Round(plan, folder)) {
            return round.run();
        }
    }

    private Tally run() {
        long next = System.nanoTime();
        var event = deck.draw();
        while (tally.killsAtPoints() < kills) {
            feed();
            nodes.forEach(Node::look);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            long now = System.nanoTime();
            if (reachableAgain > 0 && now > reachableAgain) {
                allReachable();
            }
            if (now > next && nodes.stream().anyMatch(Node::isUp) && mayCome(event, now - next)) {
                event.what().run();
                event = deck.draw();
                over = installation.ended();
                next = System.nanoTime() + milliseconds(1000, 3500);
            }
        }
        leaveAlone();
        var evidence = installation.evidence();
        var violations = new ArrayList<>(Checker.violations(evidence));
        nodes.forEach(each -> each.bugs().forEach(line -> violations.add("bug: " + line)));
        var took = Duration.ofNanos(System.nanoTime() - began);
        tally.end(seed, sent, evidence.calls().size(), violations, took);
        return tally;
    }

    /**
     * Something happens when something was got done since the last time, and a start that the database's death would end
     * is paid for and shows little; but neither is waited for for long.
     */
    private boolean mayCome(Event event, long late) {
        boolean worth = installation.ended() > over
                && !(event.disturbsStarts() && nodes.stream().anyMatch(Node::comesUp));
        return worth || late > PATIENCE_WITH_WORK.toNanos();
    }

    private long milliseconds(int from, int to) {
        return TimeUnit.MILLISECONDS.toNanos(from + happening.nextInt(to - from));
    }

    /** There is always something to do, and sometimes it comes twice, or is no request at all. */
    private void feed() {
        while (sent < pool && installation.broker.isUp() && sent - installation.ended() < OPEN) {
            var wish = Wish.numbered(sent++);
            var event = wish.event();
            installation.send(wish.customer(), event);
            if (feeding.nextInt(10) == 0) {
                installation.send(wish.customer(), event);
                note("record that came twice");
            }
            if (feeding.nextInt(20) == 0) {
                installation.send(null, "no request at all " + sent);
                note("record that is no request");
            }
        }
    }

    private void note(String what) {
        tally.note(what);
        if (TELLS) {
            System.out.println(
                    "%s  %s (%d of %d requests over)".formatted(LocalTime.now(), what, installation.ended(), sent));
        }
    }

    private record Event(boolean disturbsStarts, Runnable what) {}

    private List<Event> whatElseHappens() {
        var events = new ArrayList<Event>();
        events.addAll(Collections.nCopies(11, new Event(true, this::killProcessOfDatabase)));
        events.addAll(Collections.nCopies(4, new Event(false, this::faultOfTheApi)));
        events.addAll(Collections.nCopies(2, new Event(false, () -> any().killNow())));
        events.addAll(Collections.nCopies(2, new Event(false, this::freezeAny)));
        events.addAll(List.of(
                new Event(false, () -> cut("wire to the broker cut", installation.toBroker)),
                new Event(true, () -> cut("wire to the database cut", installation.toDatabase)),
                new Event(false, () -> cut("wire to Partner Center cut", installation.toSimulator)),
                new Event(false, () -> away("broker out of reach", installation.toBroker, 4500)),
                new Event(true, () -> away("database out of reach", installation.toDatabase, 4000)),
                new Event(false, () -> away("Partner Center out of reach", installation.toSimulator, 3500)),
                new Event(false, this::killBroker),
                new Event(true, this::killDatabase)));
        return events;
    }

    private Node any() {
        return nodes.get(happening.nextInt(nodes.size()));
    }

    private void freezeAny() {
        var node = any();
        int milliseconds = 300 + happening.nextInt(3500);
        if (!node.isFrozen()) {
            node.freeze(milliseconds);
        }
    }

    private void cut(String what, Relay relay) {
        note(what);
        relay.cut();
    }

    private void away(String what, Relay relay, int atMost) {
        allReachable();
        note(what);
        relay.away(true);
        reachableAgain = System.nanoTime() + milliseconds(500, atMost);
    }

    private void allReachable() {
        reachableAgain = 0;
        installation.toBroker.away(false);
        installation.toDatabase.away(false);
        installation.toSimulator.away(false);
    }

    private void killBroker() {
        if (installation.broker.isUp()) {
            note("kill of the broker");
            installation.broker.killAndRestart();
        }
    }

    private void killDatabase() {
        note("kill of the database, all its processes");
        installation.database.killAndRestart();
    }

    /** Once, or several times, each as soon as it has recovered from the last. */
    private void killProcessOfDatabase() {
        int times = 1 + happening.nextInt(6);
        for (int each = 0; each < times; each++) {
            if (each > 0) {
                LockSupport.parkNanos(milliseconds(300, 1300));
            }
            if (installation.database.killOneProcess(happening)) {
                note("kill of the database, one of its processes");
            }
        }
    }

    private void faultOfTheApi() {
        note("fault of the API");
        installation.fault("{\"operation\":\"%s\",\"times\":%d,%s}"
                .formatted(
                        CALLS.get(happening.nextInt(CALLS.size())),
                        1 + happening.nextInt(3),
                        FAULTS.get(happening.nextInt(FAULTS.size()))));
    }

    private void leaveAlone() {
        allReachable();
        installation.clearFaults();
        nodes.forEach(Node::startUnharmed);
        long end = System.nanoTime() + PATIENCE_AT_THE_END.toNanos();
        while (installation.ended() < sent && System.nanoTime() < end) {
            nodes.forEach(Node::keepUp);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        if (installation.ended() < sent) {
            throw new AssertionError("%d of %d requests have come to an end. Open:\n%s\n\n%s"
                    .formatted(
                            installation.ended(),
                            sent,
                            installation.open(),
                            nodes.stream().map(Node::newestLines).collect(Collectors.joining("\n\n"))));
        }
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
        installation.close();
    }
}
