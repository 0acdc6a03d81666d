package dev.offramp.simulation;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Burst;
import dev.offramp.offboarding.Operation;
import dev.offramp.safety.Bursts;
import dev.offramp.safety.Exceeded;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Bursts as rows in memory; who opens or ends one holds the row of its operation's budget. */
final class MemoryBursts implements Bursts {

    private final MemoryRows rows;
    private final MemoryDatabase database;
    private final MemoryDatabase.Table<String, Open> bursts;
    private final Consumer<String> lock;

    /** @param lock takes the row of a budget */
    MemoryBursts(MemoryRows rows, Consumer<String> lock) {
        this.rows = rows;
        database = rows.database;
        bursts = rows.bursts;
        this.lock = lock;
    }

    static Rest rest(Request request) {
        return new Rest(request.key().source(), request.operation(), request.group());
    }

    static String key(Rest rest) {
        return "%s %s %s"
                .formatted(rest.source(), rest.operation().word(), Objects.requireNonNullElse(rest.group(), ""));
    }

    @Override
    public Optional<Burst> of(Request request) {
        return database.read("which burst?", request.number(), () -> open(rest(request)))
                .map(Open::burst);
    }

    private Optional<Open> open(Rest rest) {
        return Optional.ofNullable(bursts.get(key(rest)));
    }

    @Override
    public boolean isAttempted(Request request) {
        return database.read("attempted?", request.number(), () -> rows.isAttempted(request.number()));
    }

    @Override
    public void lock(Set<Operation> operations) {
        operations.stream().sorted().forEach(this::lock);
    }

    private void lock(Operation operation) {
        lock.accept("operation:" + operation.word());
    }

    @Override
    public void open(Request request, Exceeded exceeded, boolean inOrder, Instant now) {
        var rest = rest(request);
        database.write("a burst", request.number(), () -> {
            lock(rest.operation());
            if (open(rest).isEmpty()) {
                bursts.put(
                        key(rest),
                        new Open(
                                rest,
                                new Burst(
                                        rest.inWords(),
                                        now,
                                        request.number(),
                                        request.key().toString(),
                                        exceeded.sentence(),
                                        inOrder)));
            }
            return true;
        });
    }

    @Override
    public List<Open> list() {
        return database.read(
                "bursts",
                () -> bursts.all().stream()
                        .sorted(Comparator.comparing((Open each) -> each.burst().since())
                                .thenComparing(each -> key(each.rest())))
                        .toList());
    }

    @Override
    public boolean end(Rest rest, String who, String cause, Instant now) {
        return database.write("end a burst", () -> {
            lock(rest.operation());
            return remove(rest);
        });
    }

    private boolean remove(Rest rest) {
        bursts.lock(key(rest));
        boolean there = open(rest).isPresent();
        if (there) {
            bursts.remove(key(rest));
        }
        return there;
    }

    @Override
    public int endFinished(Instant now) {
        int ended = 0;
        for (var each : list()) {
            boolean removed = database.write("end a finished burst", () -> {
                lock(each.rest().operation());
                return !rows.isAnyOpen(each.rest()) && remove(each.rest());
            });
            ended += removed ? 1 : 0;
        }
        return ended;
    }
}
