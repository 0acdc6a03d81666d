package dev.offramp.simulation;

import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Attempts.Finding;
import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Fence;
import dev.offramp.ledger.Ledger;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.RequestKey;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Order;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Releases;
import dev.offramp.offboarding.Status;
import dev.offramp.simulation.MemoryRows.Asked;
import dev.offramp.simulation.MemoryRows.Key;
import dev.offramp.simulation.MemoryRows.Told;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;

/** Requests in memory, under the contract of the ledger. */
final class MemoryRequests implements Requests {

    private static final Resolution ADMITTED =
            Resolution.of(Reason.ADMITTED, Effect.NONE, "The request was admitted.", Details.NONE);

    private static final Set<Operation> CLEARING =
            Set.of(Operation.CANCEL_SUBSCRIPTION, Operation.SUSPEND_SUBSCRIPTION, Operation.TURN_OFF_AUTO_RENEW);

    private static final String ONLY_PEOPLE = "Only people and the intake's limit ask for it.";

    private final MemoryRows rows;
    private final MemoryDatabase database;

    MemoryRequests(MemoryRows rows) {
        this.rows = rows;
        database = rows.database;
    }

    // Changes

    @Override
    public List<Long> admit(List<Admission> admissions, Instant now) {
        if (admissions.isEmpty()) {
            return List.of();
        }
        return database.write("admit", () -> {
            var numbers = add(admissions, ADMITTED, now);
            for (var admission : admissions) {
                var waiting = database.read(
                        "withdraws",
                        () -> rows.requests.all().stream()
                                .map(Asked::request)
                                .filter(each -> each.operation() == Operation.WITHDRAW && each.settledAt() == null)
                                .filter(each -> withdraws(each, admission.key()))
                                .map(Request::number)
                                .toList());
                for (long number : waiting) {
                    rows.requests.lock(number);
                    var withdraw = get(number);
                    if (!withdraw.isFinal()) {
                        var target = numberOf(admission.key()).orElseThrow();
                        rows.requests.lock(target);
                        takeBack(get(target), withdraw, now);
                    }
                }
            }
            return numbers;
        });
    }

    private static boolean withdraws(Request withdraw, RequestKey target) {
        return withdraw.key().source().equals(target.source())
                && target.id().equals(withdraw.admission().withdrawsId());
    }

    private List<Long> add(List<Admission> admissions, Resolution resolution, Instant now) {
        admissions.stream()
                .map(each -> each.customerId().value())
                .distinct()
                .sorted()
                .forEach(each -> {
                    rows.customers.lock(each);
                    if (rows.customers.get(each) == null) {
                        rows.customers.put(each, MemoryRows.Customer.NEW);
                    }
                });
        var numbers = new ArrayList<Long>();
        for (var admission : admissions) {
            var key = Key.of(admission.key());
            rows.keys.lock(key);
            if (rows.keys.get(key) != null && !rows.duplicatesAllowed) {
                throw new DuplicateKeyException("There is a request " + key);
            }
            boolean isFinal = resolution.status().isFinal();
            var notBefore = admission.terms().notBefore();
            long number = ++rows.lastRequest;
            rows.keys.put(key, number);
            rows.requests.put(
                    number,
                    new Asked(
                            new Request(
                                    number,
                                    admission,
                                    now,
                                    resolution.status(),
                                    resolution.reason(),
                                    resolution.effect(),
                                    resolution.message(),
                                    1,
                                    1,
                                    isFinal ? null : notBefore == null || notBefore.isBefore(now) ? now : notBefore,
                                    null,
                                    null,
                                    null,
                                    null,
                                    null,
                                    0,
                                    0,
                                    null,
                                    isFinal ? now : null,
                                    Releases.NONE),
                            now,
                            null));
            numbers.add(number);
            tell(number, 1, resolution, null, now);
        }
        return numbers;
    }

    private void tell(long request, int sequence, Resolution resolution, @Nullable Long batch, Instant now) {
        rows.tell.accept(new Told(++rows.lastOutcome, request, sequence, resolution, batch, now));
    }

    @Override
    public long reject(Admission admission, Resolution resolution, Instant now) {
        return database.write(
                "reject", () -> add(List.of(admission), resolution, now).getFirst());
    }

    @Override
    public void tellAgain(Collection<RequestKey> keys) {
        database.write("tell again", () -> {
            for (var key : keys) {
                numberOf(key).ifPresent(number -> {
                    int sequence = get(number).sequence();
                    rows.outcomes.all().stream()
                            .filter(each -> each.request() == number && each.sequence() == sequence)
                            .forEach(each -> {
                                rows.toSend.lock(each.number());
                                rows.toSend.put(each.number(), ++rows.lastTicket);
                            });
                });
            }
            return true;
        });
    }

    @Override
    public long withdraw(Admission withdraw, Instant forgetAt, Instant now) {
        return database.write("withdraw", () -> {
            var customer = withdraw.customerId().value();
            if (rows.customers.get(customer) == null) {
                rows.customers.lock(customer);
                if (rows.customers.get(customer) == null) {
                    rows.customers.put(customer, MemoryRows.Customer.NEW);
                }
            }
            var targetKey = new RequestKey(
                    withdraw.key().source(), Objects.requireNonNull(withdraw.withdrawsId(), "it names its target"));
            var target = numberOf(targetKey).or(() -> {
                rows.customers.lock(customer);
                return numberOf(targetKey);
            });
            target.ifPresent(rows.requests::lock);
            long number = add(List.of(withdraw), ADMITTED, now).getFirst();
            setDue(number, target.isEmpty() ? forgetAt : null);
            target.ifPresent(each -> takeBack(get(each), get(number), now));
            return number;
        });
    }

    private void setDue(long number, @Nullable Instant dueAt) {
        var request = get(number);
        rows.requests.put(
                number,
                rows.asked(number)
                        .with(new Request(
                                request.number(),
                                request.admission(),
                                request.admittedAt(),
                                request.status(),
                                request.reason(),
                                request.effect(),
                                request.message(),
                                request.version(),
                                request.sequence(),
                                dueAt,
                                request.waitsFor(),
                                request.batch(),
                                request.item(),
                                request.lastBatch(),
                                request.withdrawnBy(),
                                request.deferrals(),
                                request.notDoneReads(),
                                request.doubtSince(),
                                request.settledAt(),
                                request.released())));
    }

    @Override
    public boolean settle(Request asRead, Resolution resolution, @Nullable Fence fence, Instant now) {
        return database.write("settle", asRead.number(), () -> change(asRead, resolution, fence, now));
    }

    private boolean change(Request asRead, Resolution resolution, @Nullable Fence fence, Instant now) {
        if (rows.nothingIsSuperseded && resolution.reason() == Reason.SUPERSEDED) {
            return true;
        }
        boolean changed = transition(asRead, resolution, fence, now);
        if (changed) {
            settleWithdrawsOf(asRead.number(), now);
        }
        return changed;
    }

    @Override
    public boolean handBack(Request asRead, Instant dueAt, @Nullable Fence fence, Instant now) {
        return database.write("hand back", asRead.number(), () -> {
            boolean current = rows.isCurrent(fence, now);
            rows.requests.lock(asRead.number());
            var stands = get(asRead.number());
            if (stands.version() != asRead.version() || stands.settledAt() != null || !current || !in(stands, fence)) {
                return false;
            }
            rows.requests.put(
                    asRead.number(),
                    rows.asked(asRead.number())
                            .with(new Request(
                                    stands.number(),
                                    stands.admission(),
                                    stands.admittedAt(),
                                    stands.status(),
                                    stands.reason(),
                                    stands.effect(),
                                    stands.message(),
                                    stands.version() + 1,
                                    stands.sequence(),
                                    dueAt,
                                    stands.waitsFor(),
                                    null,
                                    null,
                                    asRead.batch() == null ? asRead.lastBatch() : asRead.batch(),
                                    stands.withdrawnBy(),
                                    stands.deferrals(),
                                    stands.notDoneReads(),
                                    stands.doubtSince(),
                                    null,
                                    stands.released())));
            rows.returnPermits(asRead.number(), null);
            settleWithdrawsOf(asRead.number(), now);
            return true;
        });
    }

    private static boolean in(Request stands, @Nullable Fence fence) {
        return fence == null || Objects.equals(stands.batch(), fence.batch());
    }

    private boolean transition(Request asRead, Resolution decided, @Nullable Fence fence, Instant now) {
        var resolution = decided.decidedUntil(asRead.terms().notAfter(), Ledger.HOLD_EXPIRES, now);
        boolean waits = false;
        if (resolution.waitsFor() != null) {
            rows.requests.lock(resolution.waitsFor());
            var earlier = get(resolution.waitsFor());
            waits = !Order.mustWaitFor(
                            standing(asRead, false), List.of(standing(earlier, isOnTheWireNow(earlier.number()))))
                    .isEmpty();
        }
        // As the statement sees the lease when it begins, not as it stands when the row has been waited for.
        boolean current = rows.isCurrent(fence, now);
        rows.requests.lock(asRead.number());
        var stands = get(asRead.number());
        if (stands.version() != asRead.version() || stands.settledAt() != null || !current || !in(stands, fence)) {
            return false;
        }
        var status = resolution.status();
        boolean leaves = status == Status.DEFERRED || status == Status.HELD || status == Status.ACCEPTED;
        boolean same = (status == Status.DEFERRED || status == Status.STALLED)
                && asRead.reason() == resolution.reason()
                && asRead.effect() == resolution.effect();
        int sequence = asRead.sequence() + (same ? 0 : 1);
        rows.requests.put(
                asRead.number(),
                new Asked(
                        new Request(
                                stands.number(),
                                stands.admission(),
                                stands.admittedAt(),
                                status,
                                resolution.reason(),
                                resolution.effect(),
                                resolution.message(),
                                stands.version() + 1,
                                sequence,
                                dueAt(resolution, waits, now),
                                waits ? resolution.waitsFor() : null,
                                leaves ? null : asRead.batch(),
                                leaves ? null : asRead.item(),
                                leaves && asRead.batch() != null ? asRead.batch() : asRead.lastBatch(),
                                stands.withdrawnBy(),
                                status == Status.DEFERRED ? asRead.deferrals() + 1 : 0,
                                resolution.doubt().notDoneReads(),
                                resolution.doubt().since(),
                                status.isFinal() ? now : null,
                                released(asRead, resolution)),
                        now,
                        rows.asked(asRead.number()).neededBy()));
        if (waits) {
            var awaited = rows.asked(Objects.requireNonNull(resolution.waitsFor()));
            rows.requests.put(awaited.request().number(), awaited.neededBy(rows.asked(asRead.number())));
        }
        if (!same) {
            tell(asRead.number(), sequence, withSteps(asRead.number(), resolution), asRead.batch(), now);
        }
        rows.returnPermits(asRead.number(), status);
        if (status.isFinal()) {
            wake(asRead.number(), false, now);
        } else if ((status == Status.HELD || status == Status.DEFERRED)
                && asRead.operation() == Operation.REMOVE_RESELLER_RELATIONSHIP
                && !isOnTheWireNow(asRead.number())) {
            wake(asRead.number(), true, now);
        }
        return true;
    }

    /** The newest try of each step, in the order in which the steps were first taken. */
    private Resolution withSteps(long request, Resolution resolution) {
        if (resolution.effect() == Effect.NONE && resolution.reason() != Reason.RENEWED) {
            return resolution;
        }
        var newest = new TreeMap<Long, Details.StepTaken>();
        for (var each : rows.triesOf(request)) {
            var sent = each.sent();
            newest.put(
                    sent.id().attempt(),
                    new Details.StepTaken(
                            sent.step(),
                            sent.gatedAt(),
                            sent.reply() == null
                                    ? null
                                    : sent.reply()
                                            .kind()
                                            .name()
                                            .toLowerCase(Locale.ROOT)
                                            .replace('_', '-'),
                            sent.finding() != Finding.DONE
                                    ? null
                                    : sent.foundBy() == null ? Details.READ_BACK : Details.AUDIT_RECORD,
                            sent.msRequestId().toString(),
                            sent.msCorrelationId().toString()));
        }
        var details = resolution.details();
        return new Resolution(
                resolution.reason(),
                resolution.effect(),
                resolution.message(),
                resolution.wakeAt(),
                resolution.waitsFor(),
                resolution.doubt(),
                new Details(
                        details.advice(),
                        details.blockers(),
                        details.effectiveAt(),
                        details.nextAttemptAt(),
                        details.nextWindowAt(),
                        details.decideBy(),
                        details.endsOn(),
                        details.refund(),
                        details.before(),
                        details.after(),
                        details.confirmedBy(),
                        details.partnerCenter(),
                        details.decidedBy(),
                        details.heldBackBy(),
                        List.copyOf(newest.values())));
    }

    private static Releases released(Request asRead, Resolution next) {
        boolean byItself = asRead.reason() == Reason.CANARY && next.details().decidedBy() == null;
        return asRead.status() == Status.HELD && next.status() == Status.ACCEPTED && !byItself
                ? asRead.released().and(asRead.reason(), asRead.message())
                : asRead.released();
    }

    private static @Nullable Instant dueAt(Resolution resolution, boolean waits, Instant now) {
        if (resolution.status() == Status.ACCEPTED) {
            return now;
        }
        if (resolution.status() != Status.DEFERRED) {
            return null;
        }
        return resolution.waitsFor() != null && !waits ? now : resolution.wakeAt();
    }

    private void wake(long awaited, boolean clearingOnly, Instant now) {
        if (rows.nobodyIsWoken) {
            return;
        }
        var waiting = rows.requests.all().stream()
                .map(Asked::request)
                .filter(each -> waitsFor(each, awaited, clearingOnly))
                .map(Request::number)
                .toList();
        for (long number : waiting) {
            rows.requests.lock(number);
            var request = get(number);
            if (waitsFor(request, awaited, clearingOnly)) {
                rows.requests.put(
                        number,
                        rows.asked(number)
                                .with(new Request(
                                        request.number(),
                                        request.admission(),
                                        request.admittedAt(),
                                        request.status(),
                                        request.reason(),
                                        request.effect(),
                                        request.message(),
                                        request.version(),
                                        request.sequence(),
                                        now,
                                        null,
                                        request.batch(),
                                        request.item(),
                                        request.lastBatch(),
                                        request.withdrawnBy(),
                                        request.deferrals(),
                                        request.notDoneReads(),
                                        request.doubtSince(),
                                        request.settledAt(),
                                        request.released())));
            }
        }
    }

    private static boolean waitsFor(Request request, long awaited, boolean clearingOnly) {
        return Objects.equals(request.waitsFor(), awaited)
                && request.status() == Status.DEFERRED
                && request.batch() == null
                && (!clearingOnly || CLEARING.contains(request.operation()));
    }

    private static Order.Standing standing(Request request, boolean onTheWire) {
        return new Order.Standing(
                request.number(),
                request.operation(),
                request.subscriptionId(),
                request.order(),
                request.status(),
                onTheWire);
    }

    private void settleWithdrawsOf(long number, Instant now) {
        var target = get(number);
        if (target.withdrawnBy() == null) {
            return;
        }
        var waiting = rows.requests.all().stream()
                .map(Asked::request)
                .filter(each -> each.operation() == Operation.WITHDRAW && each.settledAt() == null)
                .filter(each -> withdraws(each, target.key()))
                .map(Request::number)
                .toList();
        for (long each : waiting) {
            rows.requests.lock(each);
            var withdraw = get(each);
            if (withdraw.settledAt() != null) {
                continue;
            }
            var stands = get(number);
            if (stands.reason() == Reason.BY_SOURCE) {
                change(withdraw, takenBack(stands), null, now);
            } else {
                takeBack(stands, withdraw, now);
            }
        }
    }

    private void takeBack(Request target, Request withdraw, Instant now) {
        if (target.operation() == Operation.WITHDRAW) {
            change(
                    withdraw,
                    said(
                            Reason.OPERATION_NOT_ALLOWED,
                            Effect.NONE,
                            "Request %s is a withdraw itself and cannot be withdrawn."
                                    .formatted(target.key().id())),
                    null,
                    now);
        } else if (target.isFinal()) {
            change(
                    withdraw,
                    said(
                            Reason.TOO_LATE,
                            Effect.NONE,
                            "Request %s is final already: %s: %s, effect %s."
                                    .formatted(
                                            target.key().id(),
                                            target.status().word(),
                                            target.reason().word(),
                                            target.effect().word())),
                    null,
                    now);
        } else if (isOnTheWireNow(target.number())) {
            rows.requests.lock(target.number());
            var stands = get(target.number());
            if (stands.withdrawnBy() == null) {
                rows.requests.put(
                        target.number(),
                        rows.asked(target.number())
                                .with(new Request(
                                        stands.number(),
                                        stands.admission(),
                                        stands.admittedAt(),
                                        stands.status(),
                                        stands.reason(),
                                        stands.effect(),
                                        stands.message(),
                                        stands.version(),
                                        stands.sequence(),
                                        stands.dueAt(),
                                        stands.waitsFor(),
                                        stands.batch(),
                                        stands.item(),
                                        stands.lastBatch(),
                                        withdraw.number(),
                                        stands.deferrals(),
                                        stands.notDoneReads(),
                                        stands.doubtSince(),
                                        stands.settledAt(),
                                        stands.released())));
            }
        } else {
            change(
                    target,
                    said(
                            Reason.BY_SOURCE,
                            target.effect(),
                            "The request was withdrawn by its source (request %s)."
                                    .formatted(withdraw.key().id())),
                    null,
                    now);
            rows.requests.lock(withdraw.number());
            var stands = get(withdraw.number());
            if (!stands.isFinal()) {
                change(stands, takenBack(target), null, now);
            }
        }
    }

    private static Resolution takenBack(Request target) {
        return said(
                Reason.DONE,
                Effect.NONE,
                "Request %s was withdrawn.".formatted(target.key().id()));
    }

    private static Resolution said(Reason reason, Effect effect, String message) {
        return Resolution.of(reason, effect, message, Details.NONE);
    }

    @Override
    public Optional<Request> lock(long number) {
        return database.read("lock", number, () -> {
            if (rows.requests.get(number) == null) {
                return Optional.empty();
            }
            if (database.stage.current.tx != null) {
                rows.requests.lock(number);
            }
            return Optional.of(get(number));
        });
    }

    @Override
    public void lockAll(Collection<RequestKey> keys) {
        database.read("lock all", () -> {
            keys.stream()
                    .distinct()
                    .flatMap(each -> numberOf(each).stream())
                    .sorted()
                    .forEach(rows.requests::lock);
            return true;
        });
    }

    // Reading

    private Request get(long number) {
        return rows.asked(number).request();
    }

    private Optional<Long> numberOf(RequestKey key) {
        return Optional.ofNullable(rows.keys.get(Key.of(key)));
    }

    @Override
    public Map<RequestKey, String> digests(Collection<RequestKey> keys) {
        return database.read("digests", () -> {
            var digests = new HashMap<RequestKey, String>();
            for (var key : keys) {
                if (!rows.duplicatesAllowed) {
                    numberOf(key)
                            .ifPresent(number ->
                                    digests.put(key, get(number).admission().digest()));
                }
            }
            return digests;
        });
    }

    @Override
    public Optional<Request> byNumber(long number) {
        return database.read(
                "read",
                number,
                () -> Optional.ofNullable(rows.requests.get(number)).map(Asked::request));
    }

    @Override
    public Optional<Request> byKey(RequestKey key) {
        return database.read("by key", () -> numberOf(key).map(this::get));
    }

    @Override
    public List<Request> unfinishedOf(long batch) {
        return database.read("unfinished of B-", batch, () -> inBatch(batch));
    }

    private List<Request> inBatch(long batch) {
        var found = new ArrayList<Request>();
        for (var each : rows.requests.all()) {
            var request = each.request();
            if (request.batch() != null && request.batch() == batch && request.settledAt() == null) {
                found.add(request);
            }
        }
        return found;
    }

    @Override
    public List<Integer> unfinishedItems(long batch, int after, int limit) {
        return database.read(
                "items of B-",
                batch,
                () -> inBatch(batch).stream()
                        .map(Request::item)
                        .filter(each -> each != null && each > after)
                        .distinct()
                        .sorted()
                        .limit(limit)
                        .toList());
    }

    @Override
    public List<Request> ofItem(long batch, int item) {
        return database.read("read an item", () -> {
            var found = inBatch(batch);
            found.removeIf(each -> each.item() == null || each.item() != item);
            return rows.asWorkedOn.apply(found);
        });
    }

    @Override
    public List<EarlierRequest> openBefore(CustomerId customer, long number) {
        return database.read("open before", number, () -> {
            var found = new ArrayList<EarlierRequest>();
            for (var each : rows.requests.all()) {
                var request = each.request();
                if (request.customerId().equals(customer)
                        && request.settledAt() == null
                        && request.number() < number
                        && request.operation() != Operation.WITHDRAW) {
                    found.add(new EarlierRequest(request, isOnTheWireNow(request.number())));
                }
            }
            return found;
        });
    }

    @Override
    public List<Request> onTheWireAfter(CustomerId customer, long number) {
        return database.read("calling after", number, () -> {
            var found = new ArrayList<Request>();
            for (var each : rows.requests.all()) {
                var request = each.request();
                if (request.customerId().equals(customer)
                        && request.settledAt() == null
                        && request.number() > number
                        && request.operation() != Operation.WITHDRAW
                        && isOnTheWireNow(request.number())) {
                    found.add(request);
                }
            }
            return found;
        });
    }

    @Override
    public boolean isOnTheWire(Request request) {
        return database.read("on the wire?", () -> isOnTheWireNow(request.number()));
    }

    private boolean isOnTheWireNow(long number) {
        var asked = rows.asked(number);
        var stands = asked.request();
        for (var row : rows.tries.all()) {
            if (row.request() != number) {
                continue;
            }
            var sent = row.sent();
            var kind = sent.reply() == null ? null : sent.reply().kind();
            if (sent.finding() == null && (kind == null || kind == ReplyKind.LOST || kind == ReplyKind.ACCEPTED)) {
                return true;
            }
            if (sent.finding() == Finding.DONE || kind == ReplyKind.DONE && sent.finding() == null) {
                var at = sent.foundAt() == null ? sent.repliedAt() : sent.foundAt();
                if (stands.effect() == Effect.NONE
                        || stands.effect() == Effect.UNKNOWN
                        || stands.reason() == Reason.CONFIRMING
                        || stands.reason() == Reason.IN_DOUBT
                        || at != null && !at.isBefore(asked.changedAt())) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public List<Request> list(Filter filter, @Nullable Long before, int limit) {
        throw new UnsupportedOperationException(ONLY_PEOPLE);
    }

    @Override
    public List<Request> first(Filter filter, int limit) {
        throw new UnsupportedOperationException(ONLY_PEOPLE);
    }

    @Override
    public long count(Filter filter) {
        throw new UnsupportedOperationException(ONLY_PEOPLE);
    }

    @Override
    public List<Long> lockAll(Filter filter) {
        throw new UnsupportedOperationException(ONLY_PEOPLE);
    }

    @Override
    public long countOpen() {
        throw new UnsupportedOperationException(ONLY_PEOPLE);
    }

    @Override
    public Map<Status, Long> countsOf(long batch) {
        return database.read("counts of B-", batch, () -> {
            var counts = new EnumMap<Status, Long>(Status.class);
            for (var each : rows.requests.all()) {
                var request = each.request();
                if (Objects.equals(request.batch(), batch)
                        || request.batch() == null && Objects.equals(request.lastBatch(), batch)) {
                    counts.merge(request.status(), 1L, Long::sum);
                }
            }
            return counts;
        });
    }
}
