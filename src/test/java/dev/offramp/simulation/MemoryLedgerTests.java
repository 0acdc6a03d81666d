package dev.offramp.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.offramp.ledger.Admission;
import dev.offramp.ledger.Attempts.Finding;
import dev.offramp.ledger.Attempts.NewTry;
import dev.offramp.ledger.Attempts.RecordedReply;
import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Batch;
import dev.offramp.ledger.Batches.Claim;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Fence;
import dev.offramp.ledger.Ledger;
import dev.offramp.ledger.Outcomes.Outcome;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.RequestKey;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The simulated ledger and the one in the database give the same answers and show the same after any sequence of what
 * can be asked of them. {@code -Dsimulation.ledger.first=4711} begins with another seed.
 */
@OnBothDatabases
class MemoryLedgerTests {

    private static final long FIRST = Long.getLong("simulation.ledger.first", 0);
    private static final int SEQUENCES = Integer.getInteger("simulation.ledger.sequences", 40);
    private static final int STEPS = 40;

    private static final Duration LEASE = Duration.ofSeconds(10);

    private final DataSource dataSource;
    private final Ledger real;
    private final MemoryRows rows = new MemoryRows(new MemoryDatabase(new Stage(0, false)));
    private final Ledger simulated = MemoryLedger.over(rows);

    private SplittableRandom random = new SplittableRandom(0);
    private Instant now = Admissions.START;
    private long lastBatch;

    /** What happened in this sequence, for whoever looks for the difference. */
    private final List<String> story = new ArrayList<>();

    private List<CustomerId> customers = List.of();
    private List<SubscriptionId> subscriptions = List.of();
    private String source = "";
    private int asked;
    private final List<Long> numbers = new ArrayList<>();
    private final List<Request> readEarlier = new ArrayList<>();
    private final List<Long> batches = new ArrayList<>();

    MemoryLedgerTests(TestDatabase database) {
        dataSource = database.fresh();
        real = Ledger.over(dataSource);
    }

    @Test
    void doesWhatTheLedgerInTheDatabaseDoes() {
        for (long seed = FIRST; seed < FIRST + SEQUENCES; seed++) {
            begin(seed);
            for (int step = 0; step < STEPS; step++) {
                act();
            }
            look();
        }
    }

    @Test
    void refusesAKnownKey() {
        begin(FIRST);
        admit();
        var known = List.of(read(numbers.getFirst()).admission());

        assertThatThrownBy(() -> real.requests().admit(known, now)).isInstanceOf(DataIntegrityViolationException.class);
        assertThatThrownBy(() -> simulated.requests().admit(known, now))
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    private void begin(long seed) {
        random = new SplittableRandom(seed);
        customers = List.of(Admissions.customer("one of " + seed), Admissions.customer("another of " + seed));
        subscriptions = List.of(
                Admissions.subscription("one of " + seed),
                Admissions.subscription("another of " + seed),
                Admissions.subscription("a third of " + seed));
        source = "/contoso/" + seed;
        asked = 0;
        numbers.clear();
        readEarlier.clear();
        batches.clear();
        story.clear();
        story.add("seed " + seed);
    }

    private void act() {
        if (numbers.isEmpty()) {
            admit();
            return;
        }
        int dice = random.nextInt(100);
        if (dice < 12) {
            admit();
        } else if (dice < 14) {
            reject();
        } else if (dice < 19) {
            withdraw();
        } else if (dice < 22) {
            tellAgain();
        } else if (dice < 32) {
            claim();
        } else if (dice < 36) {
            take();
        } else if (dice < 42) {
            askOfABatch();
        } else if (dice < 45) {
            end();
        } else if (dice < 51) {
            turns();
        } else if (dice < 54) {
            reserve();
        } else if (dice < 66) {
            writeTry();
        } else if (dice < 78) {
            learn();
        } else if (dice < 92) {
            settle();
        } else if (dice < 94) {
            handBack();
        } else if (dice < 96) {
            seenAsOurs();
        } else {
            send();
        }
        if (random.nextInt(3) == 0) {
            now = now.plusMillis(random.nextInt(6_000));
        }
        if (random.nextInt(10) == 0) {
            look();
        }
    }

    /** Asks both; they give the same answer. */
    private <T> T both(String what, Function<Ledger, T> question) {
        story.add(now + " " + what);
        var answer = question.apply(real);
        assertThat(question.apply(simulated)).as(() -> told(what)).isEqualTo(answer);
        return answer;
    }

    private void tellBoth(String what, java.util.function.Consumer<Ledger> wish) {
        both(what, ledger -> {
            wish.accept(ledger);
            return true;
        });
    }

    private String told(String what) {
        return what + " after" + System.lineSeparator() + String.join(System.lineSeparator(), story);
    }

    // Requests

    private Admissions asking() {
        var customer = one(customers);
        return switch (random.nextInt(6)) {
            case 0 -> Admissions.unlink().of(customer);
            case 1 ->
                Admissions.change(Operation.SUSPEND_SUBSCRIPTION)
                        .of(customer, one(subscriptions))
                        .inGroup("wave-1");
            case 2 ->
                Admissions.cancel().of(customer, one(subscriptions)).notBefore(now.plusSeconds(random.nextInt(20)));
            case 3 -> Admissions.cancel().of(customer, one(subscriptions)).observed();
            default -> Admissions.cancel().of(customer, one(subscriptions));
        };
    }

    private Admission next() {
        return asking().from(source)
                .as("r" + ++asked)
                .notAfter(Admissions.START.plus(Duration.ofDays(7L + random.nextInt(3))))
                .build();
    }

    private void admit() {
        var all = IntStream.rangeClosed(0, random.nextInt(3))
                .mapToObj(_ -> next())
                .toList();
        numbers.addAll(both("admit " + all.size(), ledger -> ledger.requests().admit(all, now)));
    }

    private void reject() {
        var admission = next();
        var resolution = Resolution.of(Reason.TOO_OLD, Effect.NONE, "Too old.", Details.NONE);
        numbers.add(both("reject", ledger -> ledger.requests().reject(admission, resolution, now)));
    }

    private void withdraw() {
        int target = 1 + random.nextInt(asked + 2);
        var withdraw = Admissions.withdraw("r" + target)
                .of(one(customers))
                .from(source)
                .as("w" + ++asked)
                .build();
        var forgetAt = now.plusSeconds(random.nextInt(60));
        numbers.add(both("withdraw r" + target, ledger -> ledger.requests().withdraw(withdraw, forgetAt, now)));
    }

    private void tellAgain() {
        var keys = List.of(
                new RequestKey(source, "r" + (1 + random.nextInt(asked + 1))),
                read(one(numbers)).key());
        tellBoth("tell again", ledger -> ledger.requests().tellAgain(keys));
    }

    private Request read(long number) {
        return real.requests().byNumber(number).orElseThrow();
    }

    /** As it stands, or as it stood some time ago. */
    private Request asRead() {
        if (!readEarlier.isEmpty() && random.nextInt(8) == 0) {
            return one(readEarlier);
        }
        var request = read(one(numbers));
        readEarlier.add(request);
        return request;
    }

    private void settle() {
        var request = asRead();
        var resolution = resolution(request);
        var fence = fence(request);
        both(
                "settle %d %s %s".formatted(request.number(), resolution.reason(), fence),
                ledger -> ledger.requests().settle(request, resolution, fence, now));
    }

    private Resolution resolution(Request request) {
        var later = now.plusSeconds(random.nextInt(30));
        return switch (random.nextInt(10)) {
            case 0, 1 -> Resolution.of(Reason.DONE, Effect.CANCELLED, "Done.", Details.NONE);
            case 2, 3 -> deferred(Reason.CONFIRMING, later, null, new Resolution.Doubt(random.nextInt(2), now));
            case 4 -> {
                var earlier =
                        numbers.stream().filter(each -> each < request.number()).toList();
                yield earlier.isEmpty()
                        ? deferred(Reason.BUSY, later, null, Resolution.Doubt.NONE)
                        : deferred(Reason.WAITING_FOR_EARLIER_REQUEST, null, one(earlier), Resolution.Doubt.NONE);
            }
            case 5 -> Resolution.of(Reason.BRAKE_ON, request.effect(), "Stopped.", Details.NONE);
            case 6 ->
                Resolution.of(one(List.of(Reason.BUDGET_EXCEEDED, Reason.CANARY)), Effect.NONE, "Held.", Details.NONE);
            case 7 -> Resolution.of(Reason.WINDOW_CLOSED, Effect.NONE, "Closed.", Details.NONE);
            case 8 ->
                Resolution.of(
                        Reason.ADMITTED,
                        request.effect(),
                        "Released.",
                        random.nextBoolean()
                                ? Details.NONE
                                : Details.with().decidedBy("jane").build());
            default -> Resolution.of(Reason.IN_DOUBT, Effect.UNKNOWN, "Nobody knows.", Details.NONE);
        };
    }

    private static Resolution deferred(
            Reason reason, @Nullable Instant wakeAt, @Nullable Long waitsFor, Resolution.Doubt doubt) {
        return new Resolution(reason, Effect.NONE, "Later.", wakeAt, waitsFor, doubt, Details.NONE);
    }

    private void handBack() {
        var request = asRead();
        var fence = fence(request);
        var dueAt = now.plusSeconds(random.nextInt(10));
        both("hand back " + request.number(), ledger -> ledger.requests().handBack(request, dueAt, fence, now));
    }

    private void reserve() {
        var request = read(one(numbers));
        if (request.operation() == Operation.WITHDRAW) {
            return;
        }
        var step = request.operation().word();
        story.add("reserve a permit for " + request.number());
        var key = new MemoryRows.Key(String.valueOf(request.number()), step);
        rows.database.write("reserve", () -> {
            if (rows.permits.get(key) == null) {
                rows.permits.put(key, new MemoryRows.Allowed(request.number(), step, false, now));
            }
            return true;
        });
        if (permits().stream().noneMatch(each -> each.startsWith(request.number() + " "))) {
            JdbcClient.create(dataSource)
                    .sql("""
                        insert into permit (request_number, step, operation, customer_id, state, reserved_at)
                        select number, operation, operation, customer_id, 'reserved', admitted_at
                        from request where number = :number
                        """)
                    .param("number", request.number())
                    .update();
        }
    }

    private List<String> permits() {
        return JdbcClient.create(dataSource)
                .sql("select request_number, step, state from permit where request_number in (:numbers)")
                .param("numbers", numbers)
                .query((row, _) -> "%d %s %s".formatted(row.getLong(1), row.getString(2), row.getString(3)))
                .list()
                .stream()
                .sorted()
                .toList();
    }

    // Batches and turns

    private void claim() {
        var claim = new Claim(
                "node-" + (1 + random.nextInt(2)),
                Admission.OTHER_JOB,
                LEASE,
                random.nextInt(3) == 0 ? 2 : 1000,
                1 + random.nextInt(3),
                random.nextInt(5) == 0 ? List.of(Operation.CANCEL_SUBSCRIPTION) : List.of(),
                random.nextInt(9) == 0 ? List.of(source) : List.of(),
                random.nextInt(9) == 0 ? List.of("wave-1") : List.of(),
                random.nextInt(6) > 0);
        both("claim", ledger -> ledger.batches().claim(claim, now)).ifPresent(batch -> {
            batches.add(batch.number());
            lastBatch = batch.number();
        });
        tellBoth("had its turn", ledger -> ledger.batches().hadTurn(claim.job(), now));
    }

    private Batch batch() {
        long number = batches.isEmpty() ? Math.max(1, lastBatch) : one(batches);
        return real.batches().byNumber(number).orElse(NO_BATCH);
    }

    private static final Batch NO_BATCH = new Batch(
            0,
            "none",
            "none",
            Batch.State.COMPLETED,
            Instant.EPOCH,
            null,
            null,
            1,
            null,
            null,
            null,
            0,
            null,
            null,
            null,
            0,
            0,
            null);

    /** The lease under which it is worked on, one that is over, or none at all. */
    private @Nullable Fence fence(Request request) {
        if (random.nextInt(4) == 0) {
            return null;
        }
        return request.batch() == null
                ? fence()
                : real.batches().byNumber(request.batch()).map(this::fence).orElseThrow();
    }

    private Fence fence() {
        return fence(batch());
    }

    private Fence fence(Batch batch) {
        return new Fence(batch.number(), batch.leaseNumber() - (random.nextInt(8) == 0 ? 1 : 0));
    }

    private void take() {
        var batch = batch();
        var owner = "node-" + (1 + random.nextInt(2));
        both("take " + batch.name(), ledger -> ledger.batches().take(batch.number(), owner, LEASE, now));
    }

    private void askOfABatch() {
        var fence = fence();
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                var owner = "node-" + (1 + random.nextInt(2));
                both("renew", ledger -> ledger.batches().renew(fence, owner, LEASE, now));
            }
            case 2 -> both("restart", ledger -> ledger.batches().askRestart(fence.batch(), now));
            case 3 -> both("stop", ledger -> ledger.batches().askStop(fence.batch(), "Stop."));
            case 4 -> tellBoth("note", ledger -> ledger.batches().noteExecution(fence, 7));
            default -> tellBoth("summarise", ledger -> ledger.batches().summarise(fence, "{}"));
        }
    }

    private void end() {
        var fence = fence();
        var state = one(List.of(Batch.State.STOPPED, Batch.State.FAILED, Batch.State.COMPLETED));
        var reason = state == Batch.State.STOPPED
                ? one(List.of(Batch.StopReason.BRAKE, Batch.StopReason.OPERATOR, Batch.StopReason.OUTAGE))
                : null;
        var restartAt = random.nextBoolean() ? now.plusSeconds(random.nextInt(20)) : null;
        both(
                "end %s %s %s".formatted(fence, state, reason),
                ledger -> ledger.batches().end(fence, state, reason, "Words.", restartAt, now));
    }

    private void turns() {
        var fence = fence();
        int item = 1 + random.nextInt(3);
        if (random.nextBoolean()) {
            var customer = read(one(numbers)).customerId();
            both("win %s %d".formatted(fence, item), ledger -> ledger.turns().win(customer, fence, item, now));
        } else {
            tellBoth("give back", ledger -> ledger.turns().giveBack(fence, List.of(item)));
        }
    }

    // Tries

    private void writeTry() {
        var request = read(one(numbers));
        var batch = batch();
        if (request.operation() == Operation.WITHDRAW || batch == NO_BATCH) {
            return;
        }
        var step = random.nextInt(4) == 0 ? "another" : request.operation().word();
        var next = new NewTry(
                request.number(),
                step,
                uuid(),
                uuid(),
                now,
                "node-1",
                fence(batch),
                random.nextBoolean() ? "{}" : null);
        both("try of " + request.number(), ledger -> ledger.attempts().write(next, now));
    }

    private UUID uuid() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private void learn() {
        var tries = numbers.stream()
                .flatMap(each -> real.attempts().of(each).stream())
                .toList();
        if (tries.isEmpty()) {
            return;
        }
        Try sent = one(tries);
        var finding = one(List.of(Finding.values()));
        switch (random.nextInt(4)) {
            case 0, 1 -> {
                var reply = new RecordedReply(one(List.of(ReplyKind.values())), 200, null, "words", null);
                both(
                        "reply %s %s".formatted(sent.id(), reply.kind()),
                        ledger -> ledger.attempts().reply(sent.id(), reply, now));
            }
            case 2 ->
                tellBoth(
                        "found %s %s".formatted(sent.id(), finding),
                        ledger -> ledger.attempts().found(sent.id(), finding, now));
            default ->
                both(
                        "decide %s %s".formatted(sent.id(), finding),
                        ledger -> ledger.attempts().decide(sent.id(), finding, "jane", now));
        }
    }

    private void seenAsOurs() {
        var customer = one(customers);
        var at = now.minusSeconds(random.nextInt(10));
        tellBoth("seen as ours", ledger -> ledger.customers().seenAsOurs(customer, "customer", at));
    }

    private void send() {
        var unsent = real.outcomes().unsent(1 + random.nextInt(9)).stream()
                .map(each -> each.number())
                .toList();
        tellBoth(
                "sent " + unsent,
                ledger -> ledger.outcomes()
                        .sent(ledger.outcomes().unsent(1000).stream()
                                .filter(each -> unsent.contains(each.number()))
                                .map(Outcome::ticket)
                                .toList()));
    }

    // What is to be seen

    /** The two databases count their tickets each in their own way. */
    private static Outcome withoutTicket(Outcome outcome) {
        return new Outcome(
                outcome.number(),
                outcome.request(),
                outcome.sequence(),
                outcome.reason(),
                outcome.effect(),
                outcome.message(),
                outcome.details(),
                outcome.batch(),
                outcome.createdAt(),
                0);
    }

    private void look() {
        both("look", this::seen);
        assertThat(rows.permits.committedRows().stream()
                        .filter(each -> numbers.contains(each.request()))
                        .map(each ->
                                "%d %s %s".formatted(each.request(), each.step(), each.spent() ? "spent" : "reserved"))
                        .sorted())
                .as(() -> told("permits"))
                .containsExactlyElementsOf(permits());
    }

    private Map<String, Object> seen(Ledger ledger) {
        var seen = new LinkedHashMap<String, Object>();
        var requests = ledger.requests();
        for (long each : numbers) {
            var request = requests.byNumber(each).orElseThrow();
            seen.put("request " + each, request);
            seen.put("key of " + each, requests.byKey(request.key()));
            seen.put("on the wire " + each, requests.isOnTheWire(request));
            seen.put("outcomes of " + each, ledger.outcomes().of(each));
            seen.put("tries of " + each, ledger.attempts().of(each));
            seen.put(
                    "latest try of " + each,
                    ledger.attempts().latest(each, request.operation().word()));
        }
        for (var each : customers) {
            seen.put("open before, of " + each, requests.openBefore(each, Long.MAX_VALUE));
            seen.put("on the wire after, of " + each, requests.onTheWireAfter(each, numbers.getFirst()));
            seen.put("ours " + each, ledger.customers().lastSeenAsOurs(each));
            seen.put("done " + each, ledger.attempts().doneSince(each, now.minusSeconds(20)));
        }
        for (long each : batches) {
            seen.put("batch " + each, ledger.batches().byNumber(each));
            seen.put("unfinished of " + each, requests.unfinishedOf(each));
            seen.put("counts of " + each, requests.countsOf(each));
            var items = requests.unfinishedItems(each, 0, 2);
            seen.put("items of " + each, items);
            seen.put(
                    "first items of " + each,
                    items.stream().map(item -> requests.ofItem(each, item)).toList());
        }
        seen.put("digests", requests.digests(keys()));
        seen.put(
                "unsent",
                ledger.outcomes().unsent(50).stream()
                        .map(MemoryLedgerTests::withoutTicket)
                        .toList());
        seen.put("any unsent", ledger.outcomes().anyUnsent());
        seen.put("count unsent", ledger.outcomes().countUnsent());
        seen.put("jobs", ledger.batches().jobs());
        seen.put("orphaned", ledger.batches().orphaned(now, 3));
        seen.put("due for a restart", ledger.batches().dueForRestart(now, 3));
        seen.put("stopped", ledger.batches().stoppedBecause(Batch.StopReason.BRAKE, 3));
        seen.put("asked to stop", ledger.batches().askedToStop("node-1"));
        return seen;
    }

    private Collection<RequestKey> keys() {
        return IntStream.rangeClosed(1, asked + 1)
                .mapToObj(each -> new RequestKey(source, "r" + each))
                .toList();
    }

    private <T> T one(List<T> of) {
        return Objects.requireNonNull(of.get(random.nextInt(of.size())));
    }
}
