package dev.offramp.simulation;

import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batches;
import dev.offramp.ledger.Customers;
import dev.offramp.ledger.Decisions;
import dev.offramp.ledger.Fence;
import dev.offramp.ledger.Ledger;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Offsets;
import dev.offramp.ledger.Outcomes;
import dev.offramp.ledger.Recoveries;
import dev.offramp.ledger.Refusals;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Turns;
import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.simulation.MemoryRows.Customer;
import dev.offramp.simulation.MemoryRows.Key;
import dev.offramp.simulation.MemoryRows.Sent;
import dev.offramp.simulation.MemoryRows.TryKey;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All parts of the ledger over tables in memory. */
final class MemoryLedger {

    private MemoryLedger() {}

    static Ledger over(MemoryRows rows) {
        return new Ledger(
                new MemoryRequests(rows),
                new MemoryAttempts(rows),
                new MemoryTurns(rows),
                new MemoryBatches(rows),
                new MemoryOutcomes(rows),
                new NoRefusals(),
                unasked(Offsets.class, "The topic is read by the world, which keeps its own offset."),
                unasked(Audit.class, "Nobody asks who did it."),
                new MemoryCustomers(rows),
                new NoDecisions(),
                unasked(Recoveries.class, "Nothing is recovered here."));
    }

    /** A part that nothing in the simulation needs: whoever asks it after all is told so. */
    static <T> T unasked(Class<T> part, String why) {
        return part.cast(Proxy.newProxyInstance(part.getClassLoader(), new Class<?>[] {part}, (_, method, _) -> {
            throw new UnsupportedOperationException(method.getName() + ": " + why);
        }));
    }

    /** Attempts and tries. */
    record MemoryAttempts(MemoryRows rows) implements Attempts {

        @Override
        public List<Try> of(long request) {
            return rows.database.read(
                    "tries of",
                    request,
                    () -> rows.triesOf(request).stream().map(Sent::sent).toList());
        }

        @Override
        public Optional<Try> latest(long request, String step) {
            return rows.database.read("latest try of", request, () -> newest(request, step));
        }

        private Optional<Try> newest(long request, String step) {
            return rows.triesOf(request).stream()
                    .map(Sent::sent)
                    .filter(each -> each.step().equals(step))
                    .max(Comparator.comparingInt(each -> each.id().number()));
        }

        @Override
        public Try write(NewTry next, Instant now) {
            return rows.database.write("write a try of", next.request(), () -> {
                var key = new Key(String.valueOf(next.request()), next.step());
                rows.attempts.lock(key);
                var known = rows.attempts.get(key);
                long attempt = known == null ? ++rows.lastAttempt : known;
                rows.attempts.put(key, attempt);
                int number = newest(next.request(), next.step())
                                .map(each -> each.id().number())
                                .orElse(0)
                        + 1;
                var sent = new Try(
                        new TryId(attempt, number),
                        next.step(),
                        next.msRequestId(),
                        next.msCorrelationId(),
                        now,
                        next.node(),
                        next.fence().batch(),
                        next.beforeImage(),
                        null,
                        null,
                        null,
                        null,
                        null);
                rows.tries.put(
                        new TryKey(attempt, number), new Sent(next.request(), sent, next.fence(), next.factsReadAt()));
                return sent;
            });
        }

        @Override
        public boolean reply(TryId id, RecordedReply reply, Instant now) {
            return rows.database.write("write the reply", reply.kind(), () -> {
                var key = new TryKey(id.attempt(), id.number());
                rows.tries.lock(key);
                var row = rows.tries.get(key);
                if (row == null || row.sent().reply() != null) {
                    return false;
                }
                var sent = row.sent();
                boolean worked = reply.kind() == ReplyKind.DONE || reply.kind() == ReplyKind.ACCEPTED;
                var finding = worked && sent.finding() == Finding.NOT_DONE ? null : sent.finding();
                var foundBy = worked && sent.finding() == Finding.NOT_DONE ? null : sent.foundBy();
                rows.tries.put(key, with(row, reply, now, finding, sent.foundAt(), foundBy));
                return true;
            });
        }

        @Override
        public void found(TryId id, Finding finding, Instant now) {
            rows.database.write("found", finding, () -> {
                var key = new TryKey(id.attempt(), id.number());
                rows.tries.lock(key);
                var row = rows.tries.get(key);
                if (row == null) {
                    return false;
                }
                var sent = row.sent();
                var kind = sent.reply() == null ? null : sent.reply().kind();
                if (sent.finding() != Finding.DONE
                        && (finding == Finding.DONE || kind != ReplyKind.DONE && kind != ReplyKind.ACCEPTED)) {
                    rows.tries.put(key, with(row, sent.reply(), sent.repliedAt(), finding, now, null));
                }
                return true;
            });
        }

        @Override
        public boolean decide(TryId id, Finding finding, String who, Instant now) {
            return rows.database.write("decided", finding, () -> {
                var key = new TryKey(id.attempt(), id.number());
                rows.tries.lock(key);
                var row = rows.tries.get(key);
                if (row == null || row.sent().finding() != null) {
                    return false;
                }
                var sent = row.sent();
                var kind = sent.reply() == null ? null : sent.reply().kind();
                boolean open = kind == null || kind == ReplyKind.LOST;
                boolean accepted = kind == ReplyKind.DONE || kind == ReplyKind.ACCEPTED;
                if (!open && !(accepted && finding == Finding.DONE)) {
                    return false;
                }
                rows.tries.put(key, with(row, sent.reply(), sent.repliedAt(), finding, now, who));
                return true;
            });
        }

        private static Sent with(
                Sent row,
                @Nullable RecordedReply reply,
                @Nullable Instant repliedAt,
                @Nullable Finding finding,
                @Nullable Instant foundAt,
                @Nullable String foundBy) {
            var sent = row.sent();
            return new Sent(
                    row.request(),
                    new Try(
                            sent.id(),
                            sent.step(),
                            sent.msRequestId(),
                            sent.msCorrelationId(),
                            sent.gatedAt(),
                            sent.node(),
                            sent.batch(),
                            sent.beforeImage(),
                            reply,
                            repliedAt,
                            finding,
                            foundAt,
                            foundBy),
                    row.fence(),
                    row.factsReadAt());
        }

        @Override
        public List<DoneChange> doneSince(CustomerId customer, Instant since) {
            return rows.database.read(
                    "done since",
                    () -> rows.tries.all().stream()
                            .filter(each -> {
                                var request = rows.asked(each.request()).request();
                                var kind = each.sent().reply() == null
                                        ? null
                                        : each.sent().reply().kind();
                                return request.customerId().equals(customer)
                                        && (request.settledAt() == null
                                                || !request.settledAt().isBefore(since))
                                        && !each.sent().gatedAt().isBefore(since)
                                        && (kind == ReplyKind.DONE
                                                || each.sent().finding() == Finding.DONE);
                            })
                            .sorted(Comparator.comparing(
                                            (Sent each) -> each.sent().gatedAt())
                                    .thenComparingLong(each -> each.sent().id().attempt())
                                    .thenComparingInt(each -> each.sent().id().number()))
                            .map(each -> new DoneChange(
                                    each.sent().step(),
                                    rows.asked(each.request()).request().subscriptionId(),
                                    each.sent().repliedAt() == null
                                            ? Objects.requireNonNull(each.sent().foundAt())
                                            : each.sent().repliedAt()))
                            .toList());
        }

        @Override
        public Optional<String> beforeLastSuspend(CustomerId customer, SubscriptionId subscription) {
            var chained = new Step.ChangeSubscription(subscription, Change.SUSPEND, false).word();
            return rows.database.read(
                    "before the last suspend",
                    () -> rows.tries.all().stream()
                            .filter(each -> {
                                var request = rows.asked(each.request()).request();
                                return request.customerId().equals(customer)
                                        && (each.sent().step().equals(chained)
                                                || each.sent().step().equals(Change.SUSPEND.word())
                                                        && subscription.equals(request.subscriptionId()));
                            })
                            .map(Sent::sent)
                            .filter(each -> each.wasAccepted() && each.beforeImage() != null)
                            .max(Comparator.comparing(Try::gatedAt))
                            .map(Try::beforeImage));
        }
    }

    /** Turns. */
    record MemoryTurns(MemoryRows rows) implements Turns {

        @Override
        public boolean win(CustomerId customer, Fence fence, int item, Instant now) {
            return rows.database.write("win the turn", () -> {
                rows.customers.lock(customer.value());
                var row = Objects.requireNonNull(rows.customers.get(customer.value()), "it has requests");
                if (!rows.holdsLease(fence, now)) {
                    return false;
                }
                boolean free = row.turn() == null
                        || row.turn().equals(fence) && Objects.equals(row.item(), item)
                        || !rows.holdsLease(row.turn(), now)
                        || rows.everybodyWinsTheTurn;
                if (free) {
                    rows.customers.put(customer.value(), new Customer(fence, item, row.seenAsOurs()));
                }
                return free;
            });
        }

        @Override
        public void giveBack(Fence fence, Collection<Integer> items) {
            rows.database.write("give turns back", () -> {
                var held = new LinkedHashMap<String, Customer>();
                // By their keys, as the rows do not name them.
                for (var id : rows.customerIds()) {
                    var row = rows.customers.get(id);
                    if (row != null && fence.equals(row.turn()) && items.contains(row.item())) {
                        held.put(id, row);
                    }
                }
                held.forEach((id, _) -> {
                    rows.customers.lock(id);
                    var row = Objects.requireNonNull(rows.customers.get(id));
                    if (fence.equals(row.turn()) && items.contains(row.item())) {
                        rows.customers.put(id, new Customer(null, null, row.seenAsOurs()));
                    }
                });
                return true;
            });
        }
    }

    /** What is remembered of customers. */
    record MemoryCustomers(MemoryRows rows) implements Customers {

        @Override
        public void seenAsOurs(CustomerId customer, String as, Instant at) {
            rows.database.write("seen as ours", () -> {
                var key = customer.value();
                var row = rows.customers.get(key);
                if (row != null && row.seenAsOurs() != null && !row.seenAsOurs().isBefore(at)) {
                    return false;
                }
                rows.customers.lock(key);
                row = rows.customers.get(key);
                var known = row == null ? Customer.NEW : row;
                rows.customers.put(key, new Customer(known.turn(), known.item(), at));
                return true;
            });
        }

        @Override
        public Optional<Instant> lastSeenAsOurs(CustomerId customer) {
            return rows.database.read(
                    "last seen as ours",
                    () -> Optional.ofNullable(rows.customers.get(customer.value()))
                            .map(Customer::seenAsOurs));
        }
    }

    /** Outcomes, sent and unsent. */
    record MemoryOutcomes(MemoryRows rows) implements Outcomes {

        private Outcome outcome(MemoryRows.Told told, long ticket) {
            return new Outcome(
                    told.number(),
                    rows.asked(told.request()).request(),
                    told.sequence(),
                    told.resolution().reason(),
                    told.resolution().effect(),
                    told.resolution().message(),
                    told.resolution().details(),
                    told.batch(),
                    told.at(),
                    ticket);
        }

        @Override
        public List<Outcome> unsent(int limit, Shards shards, Set<CustomerId> except) {
            return rows.database.read(
                    "unsent outcomes",
                    () -> rows.outcomes.all().stream()
                            .flatMap(each -> Stream.ofNullable(rows.toSend.get(each.number()))
                                    .map(ticket -> outcome(each, ticket)))
                            .filter(each -> !except.contains(each.request().customerId()))
                            .limit(limit)
                            .toList());
        }

        @Override
        public boolean anyUnsent() {
            return rows.database.read("any unsent?", () -> !rows.toSend.all().isEmpty());
        }

        @Override
        public void sent(Collection<Long> tickets) {
            rows.database.write("note as sent", () -> {
                var numbers = new ArrayList<Long>();
                rows.toSend.forEach((number, ticket) -> {
                    if (tickets.contains(ticket)) {
                        numbers.add(number);
                    }
                });
                numbers.forEach(each -> {
                    rows.toSend.lock(each);
                    var ticket = rows.toSend.get(each);
                    if (ticket != null && tickets.contains(ticket)) {
                        rows.toSend.remove(each);
                    }
                });
                return true;
            });
        }

        @Override
        public List<Outcome> of(long request) {
            return rows.database.read(
                    "outcomes of",
                    request,
                    () -> rows.outcomes.all().stream()
                            .filter(each -> each.request() == request)
                            .sorted(Comparator.comparingInt(MemoryRows.Told::sequence))
                            .map(each -> outcome(each, 0))
                            .toList());
        }

        @Override
        public long countUnsent() {
            return rows.database.read(
                    "count unsent", () -> (long) rows.toSend.all().size());
        }
    }

    /** Batches and their leases. */
    record MemoryBatches(MemoryRows rows) implements Batches {

        @Override
        public Optional<Batch> claim(Claim claim, Instant now) {
            return rows.database.write("claim", () -> {
                var ready = ready(claim, now);
                if (ready.isEmpty()) {
                    return Optional.empty();
                }
                long number = ++rows.lastBatch;
                int customers =
                        (int) ready.stream().map(Request::customerId).distinct().count();
                var batch = new Batch(
                        number,
                        claim.job(),
                        label(claim.job(), ready, customers),
                        Batch.State.RUNNING,
                        now,
                        null,
                        claim.owner(),
                        1,
                        now.plus(claim.lease()),
                        null,
                        null,
                        0,
                        null,
                        null,
                        null,
                        ready.size(),
                        customers,
                        null);
                rows.batches.put(number, batch);
                var byCustomer = new LinkedHashMap<CustomerId, List<Request>>();
                ready.forEach(each -> byCustomer
                        .computeIfAbsent(each.customerId(), _ -> new ArrayList<>())
                        .add(each));
                int item = 0;
                for (var requests : byCustomer.values()) {
                    requests.sort(Comparator.comparingLong(Request::number));
                    for (int from = 0; from < requests.size(); from += claim.maxPerItem()) {
                        item++;
                        for (var each : requests.subList(from, Math.min(from + claim.maxPerItem(), requests.size()))) {
                            rows.requests.put(
                                    each.number(), rows.asked(each.number()).with(claimed(each, number, item)));
                        }
                    }
                }
                return Optional.of(batch);
            });
        }

        private static String label(String job, List<Request> ready, int customers) {
            var sources = new TreeSet<String>();
            ready.forEach(each -> sources.add(each.key().source()));
            int others = sources.size() - 1;
            return (job.equals(Admission.OTHER_JOB) ? "" : job + ", ")
                    + sources.first()
                    + (others == 0 ? "" : others == 1 ? " and 1 other source" : " and " + others + " other sources")
                    + ", "
                    + customers
                    + (customers == 1 ? " customer" : " customers");
        }

        private List<Request> ready(Claim claim, Instant now) {
            var due = new ArrayList<Request>();
            for (var each : rows.requests.all()) {
                var request = each.request();
                if (request.dueAt() != null
                        && !request.dueAt().isAfter(now)
                        && request.admission().job().equals(claim.job())
                        && !claim.notOperations().contains(request.operation())
                        && !claim.notSources().contains(request.key().source())
                        && (request.group() == null || !claim.notGroups().contains(request.group()))
                        && (claim.liveToo()
                                || request.admission().mode() == Mode.OBSERVE
                                || request.operation() == Operation.WITHDRAW
                                || request.reason() == Reason.CONFIRMING
                                || request.reason() == Reason.ACCEPTED_BY_PARTNER_CENTER)
                        && !hasTurn(request.customerId(), now)) {
                    due.add(request);
                }
            }
            due.sort(Comparator.comparing(
                            (Request each) -> rows.asked(each.number()).urgency())
                    .thenComparing(Request::dueAt)
                    .thenComparingLong(Request::number));
            var ready = new ArrayList<Request>();
            for (var each : due) {
                if (ready.size() < claim.maxRequests() && !rows.requests.isLockedByAnother(each.number())) {
                    rows.requests.lock(each.number());
                    ready.add(each);
                }
            }
            return ready;
        }

        private boolean hasTurn(CustomerId customer, Instant now) {
            var row = rows.customers.get(customer.value());
            return row != null && row.turn() != null && !rows.everybodyWinsTheTurn && rows.holdsLease(row.turn(), now);
        }

        private static Request claimed(Request request, long batch, int item) {
            return new Request(
                    request.number(),
                    request.admission(),
                    request.admittedAt(),
                    request.status(),
                    request.reason(),
                    request.effect(),
                    request.message(),
                    request.version() + 1,
                    request.sequence(),
                    null,
                    null,
                    batch,
                    item,
                    request.lastBatch(),
                    request.withdrawnBy(),
                    request.deferrals(),
                    request.notDoneReads(),
                    request.doubtSince(),
                    request.settledAt(),
                    request.released());
        }

        @Override
        public List<String> jobs() {
            return rows.database.read("jobs", rows::jobNames);
        }

        @Override
        public void hadTurn(String job, Instant now) {
            rows.database.write("had its turn", () -> {
                if (rows.jobs.get(job) != null) {
                    rows.jobs.put(job, now);
                }
                return true;
            });
        }

        @Override
        public void addJobs(Collection<String> names) {
            rows.database.write("add jobs", () -> {
                names.stream()
                        .sorted()
                        .filter(each -> rows.jobs.get(each) == null)
                        .forEach(each -> rows.jobs.put(each, Instant.MIN));
                return true;
            });
        }

        /** The row is locked and judged anew, as an update does. */
        private boolean change(
                long number, Predicate<Batch> condition, java.util.function.UnaryOperator<Batch> change) {
            if (rows.batches.get(number) == null || !condition.test(rows.batches.get(number))) {
                return false;
            }
            rows.batches.lock(number);
            var row = Objects.requireNonNull(rows.batches.get(number));
            if (!condition.test(row)) {
                return false;
            }
            rows.batches.put(number, change.apply(row));
            return true;
        }

        private static Predicate<Batch> current(Fence fence, Instant now) {
            return each -> each.leaseNumber() == fence.leaseNumber()
                    && each.state() == Batch.State.RUNNING
                    && each.leaseUntil() != null
                    && each.leaseUntil().isAfter(now);
        }

        @Override
        public Optional<Batch> take(long number, String owner, Duration lease, Instant now) {
            return rows.database.write("take B-", number, () -> {
                boolean taken = change(
                        number,
                        each -> each.state() == Batch.State.STOPPED
                                || each.state() == Batch.State.FAILED
                                || each.state() == Batch.State.RUNNING
                                        && each.leaseUntil() != null
                                        && !each.leaseUntil().isAfter(now),
                        each -> new Batch(
                                each.number(),
                                each.job(),
                                each.label(),
                                Batch.State.RUNNING,
                                each.createdAt(),
                                null,
                                owner,
                                each.leaseNumber() + 1,
                                now.plus(lease),
                                null,
                                null,
                                each.failures(),
                                null,
                                each.state() == Batch.State.RUNNING ? each.stopAsked() : null,
                                each.executionId(),
                                each.requests(),
                                each.customers(),
                                each.summary()));
                return taken ? Optional.of(Objects.requireNonNull(rows.batches.get(number))) : Optional.empty();
            });
        }

        @Override
        public boolean renew(Fence fence, String owner, Duration lease, Instant now) {
            return rows.database.write(
                    "renew B-",
                    fence.batch(),
                    () -> change(
                            fence.batch(),
                            current(fence, now).and(each -> owner.equals(each.owner())),
                            each -> new Batch(
                                    each.number(),
                                    each.job(),
                                    each.label(),
                                    each.state(),
                                    each.createdAt(),
                                    each.endedAt(),
                                    each.owner(),
                                    each.leaseNumber(),
                                    now.plus(lease),
                                    each.stopReason(),
                                    each.stopDetail(),
                                    each.failures(),
                                    each.restartAt(),
                                    each.stopAsked(),
                                    each.executionId(),
                                    each.requests(),
                                    each.customers(),
                                    each.summary())));
        }

        @Override
        public boolean isCurrent(Fence fence, Instant now) {
            return rows.database.read("is the lease current?", () -> rows.isCurrent(fence, now));
        }

        @Override
        public void noteExecution(Fence fence, long executionId) {
            note(fence, each -> with(each, executionId, each.summary()));
        }

        @Override
        public void summarise(Fence fence, String summary) {
            note(fence, each -> with(each, each.executionId(), summary));
        }

        private void note(Fence fence, java.util.function.UnaryOperator<Batch> change) {
            rows.database.write(
                    "note on B-",
                    fence.batch(),
                    () -> change(fence.batch(), each -> each.leaseNumber() == fence.leaseNumber(), change));
        }

        private static Batch with(Batch each, @Nullable Long execution, @Nullable String summary) {
            return new Batch(
                    each.number(),
                    each.job(),
                    each.label(),
                    each.state(),
                    each.createdAt(),
                    each.endedAt(),
                    each.owner(),
                    each.leaseNumber(),
                    each.leaseUntil(),
                    each.stopReason(),
                    each.stopDetail(),
                    each.failures(),
                    each.restartAt(),
                    each.stopAsked(),
                    execution,
                    each.requests(),
                    each.customers(),
                    summary);
        }

        @Override
        public boolean end(
                Fence fence,
                Batch.State state,
                Batch.@Nullable StopReason reason,
                @Nullable String detail,
                @Nullable Instant restartAt,
                Instant now) {
            return rows.database.write(
                    "end B-",
                    fence.batch(),
                    () -> change(
                            fence.batch(),
                            current(fence, now)
                                    .and(each -> each.stopAsked() == null
                                            || state == Batch.State.COMPLETED
                                            || reason == Batch.StopReason.OPERATOR),
                            each -> new Batch(
                                    each.number(),
                                    each.job(),
                                    each.label(),
                                    state,
                                    each.createdAt(),
                                    now,
                                    null,
                                    each.leaseNumber(),
                                    null,
                                    reason,
                                    detail,
                                    each.failures() + (state == Batch.State.FAILED ? 1 : 0),
                                    restartAt,
                                    each.stopAsked(),
                                    each.executionId(),
                                    each.requests(),
                                    each.customers(),
                                    each.summary())));
        }

        private List<Batch> where(String what, Object about, Predicate<Batch> condition, int limit) {
            return rows.database.read(what, about, () -> {
                var found = new ArrayList<Batch>();
                for (var each : rows.batches.all()) {
                    if (condition.test(each) && found.size() < limit) {
                        found.add(each);
                    }
                }
                return found;
            });
        }

        @Override
        public List<Batch> orphaned(Instant now, int limit) {
            return where(
                    "orphaned batches",
                    "",
                    each -> each.state() == Batch.State.RUNNING
                            && each.leaseUntil() != null
                            && !each.leaseUntil().isAfter(now),
                    limit);
        }

        @Override
        public int expireLeases(Instant now) {
            throw new UnsupportedOperationException("Only a node that is alone with its database does so.");
        }

        @Override
        public boolean askRestart(long number, Instant now) {
            return rows.database.write(
                    "ask for a restart of B-",
                    number,
                    () -> change(
                            number,
                            each -> each.state() == Batch.State.STOPPED || each.state() == Batch.State.FAILED,
                            each -> restarting(each, now)));
        }

        private static Batch restarting(Batch each, Instant at) {
            return new Batch(
                    each.number(),
                    each.job(),
                    each.label(),
                    each.state(),
                    each.createdAt(),
                    each.endedAt(),
                    each.owner(),
                    each.leaseNumber(),
                    each.leaseUntil(),
                    each.stopReason(),
                    each.stopDetail(),
                    each.failures(),
                    at,
                    each.stopAsked(),
                    each.executionId(),
                    each.requests(),
                    each.customers(),
                    each.summary());
        }

        @Override
        public List<Long> askRestarts(Filter filter, Instant now) {
            throw new UnsupportedOperationException("Only people ask for it.");
        }

        @Override
        public boolean askStop(long number, String sentence) {
            return rows.database.write(
                    "ask to stop B-",
                    number,
                    () -> change(
                            number,
                            each -> each.state() == Batch.State.RUNNING && each.stopAsked() == null,
                            each -> new Batch(
                                    each.number(),
                                    each.job(),
                                    each.label(),
                                    each.state(),
                                    each.createdAt(),
                                    each.endedAt(),
                                    each.owner(),
                                    each.leaseNumber(),
                                    each.leaseUntil(),
                                    each.stopReason(),
                                    each.stopDetail(),
                                    each.failures(),
                                    each.restartAt(),
                                    sentence,
                                    each.executionId(),
                                    each.requests(),
                                    each.customers(),
                                    each.summary())));
        }

        @Override
        public List<Batch> askedToStop(String owner) {
            return where(
                    "asked to stop",
                    "",
                    each -> each.state() == Batch.State.RUNNING
                            && owner.equals(each.owner())
                            && each.stopAsked() != null,
                    Integer.MAX_VALUE);
        }

        @Override
        public boolean abandon(long number, String sentence, Instant now) {
            throw new UnsupportedOperationException("Only people do so.");
        }

        @Override
        public List<Batch> dueForRestart(Instant now, int limit) {
            var due = where(
                    "due for a restart",
                    "",
                    each -> (each.state() == Batch.State.STOPPED || each.state() == Batch.State.FAILED)
                            && each.restartAt() != null
                            && !each.restartAt().isAfter(now),
                    Integer.MAX_VALUE);
            return due.stream()
                    .sorted(Comparator.comparing(Batch::restartAt).thenComparingLong(Batch::number))
                    .limit(limit)
                    .toList();
        }

        @Override
        public List<Batch> stoppedBecause(Batch.StopReason reason, int limit) {
            return where(
                    "stopped because of",
                    reason,
                    each -> each.state() == Batch.State.STOPPED && each.stopReason() == reason,
                    limit);
        }

        @Override
        public Optional<Batch> byNumber(long number) {
            return rows.database.read("read B-", number, () -> Optional.ofNullable(rows.batches.get(number)));
        }

        @Override
        public List<Batch> list(Filter filter, @Nullable Long before, int limit) {
            throw new UnsupportedOperationException("Only people ask for it.");
        }
    }

    /** Nothing is refused here. */
    private static final class NoRefusals implements Refusals {

        @Override
        public void add(Refusal refusal, Instant now) {
            throw new UnsupportedOperationException("Nothing is refused here.");
        }

        @Override
        public List<Numbered> unsent(int limit) {
            return List.of();
        }

        @Override
        public void sent(Collection<Long> numbers) {}

        @Override
        public List<Numbered> list(@Nullable Long before, int limit) {
            throw new UnsupportedOperationException("Only people look at what was refused.");
        }

        @Override
        public Optional<Numbered> byNumber(long number) {
            throw new UnsupportedOperationException("Only people look at what was refused.");
        }
    }

    /** Nobody looks at the timeline. */
    private static final class NoDecisions implements Decisions {

        @Override
        public void add(long request, Instant at, String facts, String verdict) {}

        @Override
        public List<Decision> of(long request) {
            throw new UnsupportedOperationException("Only people look at the timeline.");
        }
    }
}
