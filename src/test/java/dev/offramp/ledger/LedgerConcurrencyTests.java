package dev.offramp.ledger;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.Admissions.withdraw;
import static dev.offramp.testing.LedgerFixture.LEASE;
import static dev.offramp.testing.LedgerFixture.done;
import static dev.offramp.testing.LedgerFixture.fence;
import static dev.offramp.testing.LedgerFixture.resolution;
import static dev.offramp.testing.LedgerFixture.waitingFor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Batches.Claim;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.dao.DataIntegrityViolationException;

/** Several nodes at once over one database. */
@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
@Timeout(60)
class LedgerConcurrencyTests {

    private static final int THREADS = 8;

    private final TestDatabase database;
    private final LedgerFixture fixture;
    private final Ledger ledger;
    private final ExecutorService nodes = Executors.newFixedThreadPool(THREADS);

    LedgerConcurrencyTests(TestDatabase database) {
        this.database = database;
        fixture = LedgerFixture.over(database.fresh());
        ledger = fixture.ledger();
    }

    @AfterEach
    void endsItsThreads() {
        nodes.shutdownNow();
    }

    @Test
    void neverHasTwoItemsOfOneCustomerInFlight() {
        var contoso = customer("contoso");
        fixture.admit(cancel().of(contoso), cancel().of(contoso));
        var selected = new CyclicBarrier(2);

        // Both dispatchers have selected a request before either of them commits.
        var batches = atOnce(
                2,
                node -> () -> fixture.transactions().execute(status -> {
                    var claim = new Claim(
                            "node-" + node, Admission.OTHER_JOB, LEASE, 1, 50, List.of(), List.of(), List.of(), true);
                    var batch = ledger.batches().claim(claim, fixture.now());
                    await(selected);
                    return batch;
                }));
        var claimed = batches.stream().flatMap(Optional::stream).toList();
        // H2 counts what it skips towards the limit: the second dispatcher gets its request with the next claim.
        assertThat(claimed).hasSizeBetween(database == TestDatabase.POSTGRESQL ? 2 : 1, 2);

        var won = atOnce(
                claimed.size(), node -> () -> ledger.turns().win(contoso, fence(claimed.get(node)), 1, fixture.now()));
        assertThat(won).containsOnlyOnce(true);
    }

    @Test
    void claimsEachRequestOnce() {
        ledger.requests()
                .admit(
                        IntStream.range(0, 200)
                                .mapToObj(i -> cancel().of(customer("c" + i)).build())
                                .toList(),
                        fixture.now());

        var batches = atOnce(THREADS, node -> () -> {
            var mine = new ArrayList<Batch>();
            var claim =
                    new Claim("node-" + node, Admission.OTHER_JOB, LEASE, 7, 50, List.of(), List.of(), List.of(), true);
            for (var batch = ledger.batches().claim(claim, fixture.now());
                    batch.isPresent();
                    batch = ledger.batches().claim(claim, fixture.now())) {
                mine.add(batch.get());
            }
            return mine;
        });

        var all = batches.stream().flatMap(List::stream).toList();
        assertThat(all.stream().mapToInt(Batch::requests).sum()).isEqualTo(200);
        assertThat(all.stream()
                        .flatMap(each -> ledger.requests().unfinishedOf(each.number()).stream())
                        .map(Request::number))
                .hasSize(200)
                .doesNotHaveDuplicates();
    }

    @Test
    void settlesARequestOnce() {
        var asRead = fixture.admit(cancel());

        var settled = atOnce(
                THREADS, node -> () -> ledger.requests().settle(asRead, done(Effect.CANCELLED), null, fixture.now()));

        assertThat(settled).containsOnlyOnce(true).hasSize(THREADS);
        assertThat(fixture.told(asRead)).containsExactly(Reason.ADMITTED, Reason.DONE);
        assertThat(ledger.outcomes().countUnsent()).isEqualTo(2);
    }

    @Test
    void admitsAKeyOnce() {
        var admission = cancel().build();

        var admitted = atOnce(THREADS, node -> () -> {
            try {
                ledger.requests().admit(List.of(admission), fixture.now());
                return true;
            } catch (DataIntegrityViolationException knownAlready) {
                return false;
            }
        });

        assertThat(admitted).containsOnlyOnce(true).hasSize(THREADS);
        assertThat(ledger.requests().countOpen()).isEqualTo(1);
        assertThat(ledger.outcomes().countUnsent()).isEqualTo(1);
    }

    @Test
    void admitsRequestsOfTheSameNewCustomersInAnyOrder() {
        var admitted = atOnce(THREADS, node -> () -> {
            var order = IntStream.range(0, 50).map(i -> node % 2 == 0 ? i : 49 - i);
            var admissions = order.mapToObj(i ->
                            cancel().as(node + "-" + i).of(customer("new " + i)).build())
                    .toList();
            return ledger.requests().admit(admissions, fixture.now()).size();
        });

        assertThat(admitted).containsOnly(50);
        assertThat(ledger.requests().countOpen()).isEqualTo(50L * THREADS);
    }

    @Test
    void givesABatchToOneNode() {
        fixture.admit(cancel());
        var orphan = fixture.claim();
        fixture.pass(LEASE);

        var taken = atOnce(
                THREADS, node -> () -> ledger.batches().take(orphan.number(), "node-" + node, LEASE, fixture.now()));

        assertThat(taken.stream().filter(each -> each.isPresent())).hasSize(1);
        assertThat(ledger.batches().byNumber(orphan.number()).orElseThrow().leaseNumber())
                .isEqualTo(orphan.leaseNumber() + 1);
    }

    @Test
    void givesATurnToOneItem() {
        var contoso = customer("contoso");
        var fences = new ArrayList<Fence>();
        for (int i = 0; i < THREADS; i++) {
            fixture.admit(cancel().of(contoso));
            fences.add(fence(fixture.claim()));
        }

        var won = atOnce(THREADS, node -> () -> ledger.turns().win(contoso, fences.get(node), 1, fixture.now()));

        assertThat(won).containsOnlyOnce(true).hasSize(THREADS);
    }

    @Test
    void judgesATurnByTheLeasesAsTheyStandAfterTheWait() {
        var contoso = customer("contoso");
        fixture.admit(cancel().of(contoso));
        var dead = fixture.claim();
        ledger.turns().win(contoso, fence(dead), 1, fixture.now());
        fixture.pass(LEASE);
        fixture.admit(cancel().of(contoso));
        var other = fixture.claim();

        // The other batch finds the turn's lease run out and the customer's row locked by whoever adopts the dead one.
        Future<Boolean> waiting = Objects.requireNonNull(fixture.transactions().execute(status -> {
            lock(contoso);
            var win = nodes.submit(() -> ledger.turns().win(contoso, fence(other), 1, fixture.now()));
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(this::somebodyWaitsForALock);
            var adopted = joined(nodes.submit(() -> ledger.batches()
                    .take(dead.number(), "node-2", LEASE, fixture.now())
                    .orElseThrow()));
            assertThat(ledger.turns().win(contoso, fence(adopted), 1, fixture.now()))
                    .isTrue();
            return win;
        }));

        assertThat(joined(waiting)).isFalse();
    }

    private void lock(CustomerId customer) {
        fixture.jdbc()
                .sql("select id from customer where id = :id for update")
                .param("id", customer.value())
                .query(String.class)
                .single();
    }

    /** Awaitility asks on a thread of its own, so on a connection of its own. */
    private boolean somebodyWaitsForALock() {
        var waiting = switch (database) {
            case H2 -> "select count(*) from information_schema.sessions where blocker_id is not null";
            case POSTGRESQL ->
                "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                        + " and datname = current_database()";
        };
        return fixture.jdbc().sql(waiting).query(Integer.class).single() > 0;
    }

    private static <T> T joined(Future<T> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("The other thread did not end well", e);
        }
    }

    @Test
    void losesNoWakeUpBetweenWaitingAndTheEndOfWhatIsWaitedFor() {
        for (int round = 0; round < 20; round++) {
            var earlier = fixture.admit(cancel());
            var later = fixture.admit(cancel());

            atOnce(
                    2,
                    node -> () -> node == 0
                            ? ledger.requests().settle(earlier, done(Effect.CANCELLED), null, fixture.now())
                            : ledger.requests().settle(later, waitingFor(earlier), null, fixture.now()));

            assertThat(fixture.read(later).dueAt()).isEqualTo(fixture.now());
        }
    }

    @Test
    void missesNoWithdrawThatArrivesTogetherWithItsTarget() {
        for (int round = 0; round < 20; round++) {
            var target = cancel().as("target " + round).build();
            var withdraw = withdraw("target " + round).build();

            atOnce(
                    2,
                    node -> () -> node == 0
                            ? ledger.requests()
                                    .admit(List.of(target), fixture.now())
                                    .getFirst()
                            : ledger.requests().withdraw(withdraw, fixture.now().plusSeconds(60), fixture.now()));

            assertThat(ledger.requests().byKey(target.key()).orElseThrow().status())
                    .isEqualTo(Status.WITHDRAWN);
            assertThat(ledger.requests().byKey(withdraw.key()).orElseThrow().status())
                    .isEqualTo(Status.SUCCEEDED);
        }
    }

    @Test
    void withdrawsOrSettlesButNotBoth() {
        for (int round = 0; round < 20; round++) {
            var target = fixture.admit(cancel());
            var withdraw = withdraw(target.key().id()).build();

            atOnce(
                    2,
                    node -> () -> node == 0
                            ? ledger.requests().settle(target, resolution(Reason.WINDOW_CLOSED), null, fixture.now())
                            : ledger.requests().withdraw(withdraw, fixture.now().plusSeconds(60), fixture.now()) > 0);

            var withdrawn = fixture.read(target).status() == Status.WITHDRAWN;
            assertThat(ledger.requests().byKey(withdraw.key()).orElseThrow().reason())
                    .isEqualTo(withdrawn ? Reason.DONE : Reason.TOO_LATE);
            assertThat(fixture.told(target)).hasSize(2);
        }
    }

    @Test
    void withdrawsManyWhileManyAreSettledAndNobodyWaitsInACircle() {
        for (int round = 0; round < 10; round++) {
            var targets = ledger
                    .requests()
                    .admit(
                            IntStream.range(0, 20)
                                    .mapToObj(i -> cancel().build())
                                    .toList(),
                            fixture.now())
                    .stream()
                    .map(fixture::read)
                    .toList();
            var withdraws = targets.reversed().stream()
                    .map(target -> withdraw(target.key().id()).build())
                    .toList();

            atOnce(
                    2,
                    node -> () -> fixture.transactions().execute(status -> {
                        if (node == 0) {
                            targets.forEach(target -> ledger.requests()
                                    .settle(target, resolution(Reason.WINDOW_CLOSED), null, fixture.now()));
                        } else {
                            ledger.requests()
                                    .lockAll(targets.stream().map(Request::key).toList());
                            withdraws.forEach(each -> ledger.requests().withdraw(each, fixture.now(), fixture.now()));
                        }
                        return node;
                    }));

            assertThat(targets)
                    .allSatisfy(
                            target -> assertThat(fixture.read(target).isFinal()).isTrue());
        }
    }

    /** Runs one task on each of so many threads, all starting together. */
    private <T> List<T> atOnce(int threads, IntFunction<Callable<T>> tasks) {
        var start = new CyclicBarrier(threads);
        var futures = new ArrayList<Future<T>>();
        for (int thread = 0; thread < threads; thread++) {
            var task = tasks.apply(thread);
            futures.add(nodes.submit(() -> {
                await(start);
                return task.call();
            }));
        }
        var results = new ArrayList<T>();
        for (var future : futures) {
            results.add(joined(future));
        }
        return results;
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("The others did not come", e);
        }
    }
}
