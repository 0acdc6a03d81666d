package dev.offramp.simulation;

import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Fence;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.RequestKey;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Status;
import dev.offramp.safety.Bursts;
import dev.offramp.safety.SafetyUnderSimulation.Flight;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The tables of the ledger in memory, and the switches that break it on purpose. */
final class MemoryRows {

    final MemoryDatabase database;
    final MemoryDatabase.Table<Long, Asked> requests;
    final MemoryDatabase.Table<Key, Long> keys;
    final MemoryDatabase.Table<String, Customer> customers;
    final MemoryDatabase.Table<Long, Batch> batches;
    final MemoryDatabase.Table<Key, Long> attempts;
    final MemoryDatabase.Table<TryKey, Sent> tries;
    final MemoryDatabase.Table<Long, Told> outcomes;
    /** Unsent outcomes: their tickets. */
    final MemoryDatabase.Table<Long, Long> toSend;

    final MemoryDatabase.Table<Key, Allowed> permits;
    final MemoryDatabase.Table<String, Instant> jobs;
    final MemoryDatabase.Table<String, Bursts.Open> bursts;
    final MemoryDatabase.Table<String, Flight> flights;
    /** Who goes first, or waits for those that do. */
    final MemoryDatabase.Table<FollowerKey, Following> followers;

    final MemoryDatabase.Table<Long, MemoryPlans.Row> plans;
    final MemoryDatabase.Table<MemoryPlans.ItemKey, MemoryPlans.ItemRow> planItems;

    long lastRequest;
    long lastBatch;
    long lastAttempt;
    long lastOutcome;
    long lastTicket;
    long lastFlight;
    long lastPlan;

    /** Breakages: what the ledger promises and does not keep. */
    boolean duplicatesAllowed;

    boolean nobodyIsFenced;
    boolean everybodyWinsTheTurn;
    boolean nobodyIsWoken;
    boolean nothingIsSuperseded;
    UnaryOperator<List<Request>> asWorkedOn = each -> each;
    Consumer<Told> tell = this::addOutcome;

    MemoryRows(MemoryDatabase database) {
        this.database = database;
        requests = database.table();
        keys = database.table();
        customers = database.table();
        batches = database.table();
        attempts = database.table();
        tries = database.table();
        outcomes = database.table();
        toSend = database.table();
        permits = database.table();
        jobs = database.table();
        bursts = database.table();
        flights = database.table();
        followers = database.table();
        plans = database.table();
        planItems = database.table();
        jobs.begin(Admission.OTHER_JOB, Instant.MIN);
    }

    /**
     * A request with the time of its last change.
     *
     * @param neededBy by when one must be carried out that waits for it
     */
    record Asked(
            Request request, Instant changedAt, @Nullable Instant neededBy) {

        Asked with(Request other) {
            return new Asked(other, changedAt, neededBy);
        }

        /** By when it is to be carried out. */
        Instant urgency() {
            var own = request.terms().notAfter();
            return neededBy == null || own.isBefore(neededBy) ? own : neededBy;
        }

        Asked neededBy(Asked waiting) {
            var by = waiting.urgency();
            return neededBy == null || by.isBefore(neededBy) ? new Asked(request, changedAt, by) : this;
        }
    }

    /** Two words that are unique together. */
    record Key(String one, String other) implements Comparable<Key> {

        static Key of(RequestKey key) {
            return new Key(key.source(), key.id());
        }

        @Override
        public int compareTo(Key key) {
            int by = one.compareTo(key.one);
            return by == 0 ? other.compareTo(key.other) : by;
        }
    }

    /** A customer's turn, and since when it is known as ours. */
    record Customer(
            @Nullable Fence turn,
            @Nullable Integer item,
            @Nullable Instant seenAsOurs) {

        static final Customer NEW = new Customer(null, null, null);
    }

    /** Which try. */
    record TryKey(long attempt, int number) implements Comparable<TryKey> {

        @Override
        public int compareTo(TryKey key) {
            int by = Long.compare(attempt, key.attempt);
            return by == 0 ? Integer.compare(number, key.number) : by;
        }
    }

    /** Which request follows which canaries. */
    record FollowerKey(long request, long flight) implements Comparable<FollowerKey> {

        @Override
        public int compareTo(FollowerKey key) {
            int by = Long.compare(request, key.request);
            return by == 0 ? Long.compare(flight, key.flight) : by;
        }
    }

    /** A request that goes first, or waits for those that do. */
    record Following(FollowerKey key, boolean leads) {}

    /** A try with what the ledger keeps beside it. */
    record Sent(long request, Try sent, Fence fence, Instant factsReadAt) {}

    /** One outcome. */
    record Told(
            long number,
            long request,
            int sequence,
            Resolution resolution,
            @Nullable Long batch,
            Instant at) {}

    /** A permit. */
    record Allowed(long request, String step, boolean spent, Instant reservedAt) {}

    List<String> customerIds() {
        return requests.all().stream()
                .map(each -> each.request().customerId().value())
                .distinct()
                .sorted()
                .toList();
    }

    /** The one that had its turn least recently first. */
    List<String> jobNames() {
        var names = new ArrayList<String>();
        jobs.forEach((name, _) -> names.add(name));
        names.sort(Comparator.comparing((String each) -> Objects.requireNonNull(jobs.get(each)))
                .thenComparing(Comparator.naturalOrder()));
        return names;
    }

    Asked asked(long number) {
        return Objects.requireNonNull(requests.get(number), () -> "There is no request " + number);
    }

    boolean isAttempted(long request) {
        for (var each : tries.all()) {
            if (each.request() == request) {
                return true;
            }
        }
        return false;
    }

    /** Whether its end says by what it is confirmed. */
    boolean isConfirmed(long request) {
        for (var each : outcomes.all()) {
            if (each.request() == request && each.resolution().status().isFinal()) {
                return each.resolution().details().confirmedBy() != null;
            }
        }
        return false;
    }

    boolean isAnyOpen(Bursts.Rest rest) {
        for (var each : requests.all()) {
            if (!each.request().isFinal() && MemoryBursts.rest(each.request()).equals(rest)) {
                return true;
            }
        }
        return false;
    }

    void addOutcome(Told told) {
        outcomes.put(told.number(), told);
        toSend.put(told.number(), ++lastTicket);
    }

    boolean isCurrent(@Nullable Fence fence, Instant now) {
        return fence == null || nobodyIsFenced || holdsLease(fence, now);
    }

    boolean holdsLease(Fence fence, Instant now) {
        var batch = batches.get(fence.batch());
        return batch != null
                && batch.leaseNumber() == fence.leaseNumber()
                && batch.state() == Batch.State.RUNNING
                && batch.leaseUntil() != null
                && batch.leaseUntil().isAfter(now);
    }

    List<Sent> triesOf(long request) {
        var found = new ArrayList<Sent>();
        for (var each : tries.all()) {
            if (each.request() == request) {
                found.add(each);
            }
        }
        found.sort(Comparator.comparing((Sent each) -> each.sent().gatedAt())
                .thenComparing(each -> each.sent().id().attempt())
                .thenComparing(each -> each.sent().id().number()));
        return found;
    }

    void returnPermits(long request, @Nullable Status status) {
        for (var permit : List.copyOf(permits.all())) {
            if (permit.request() != request || permit.spent()) {
                continue;
            }
            var key = new Key(String.valueOf(request), permit.step());
            boolean left = triesOf(request).stream()
                    .map(Sent::sent)
                    .anyMatch(each -> each.step().equals(permit.step())
                            && (each.reply() == null || each.reply().kind() != ReplyKind.NOT_SENT));
            if (left) {
                permits.put(key, new Allowed(request, permit.step(), true, permit.reservedAt()));
            } else if (status != Status.STALLED) {
                permits.remove(key);
            }
        }
    }
}
