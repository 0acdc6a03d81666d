package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.unlink;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batches;
import dev.offramp.ledger.Outcomes.Outcome;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.SettableClock;
import dev.offramp.testing.TestDatabase;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes that share a PostgreSQL database and a Partner Center. */
class SeveralNodesTests {

    private final HikariDataSource database = TestDatabase.POSTGRESQL.fresh();
    private final FakePartnerCenter partnerCenter = new FakePartnerCenter();
    private final SettableClock clock = new SettableClock(Admissions.START);
    private final List<BatchNode> nodes = new ArrayList<>();

    @AfterEach
    void close() {
        nodes.forEach(BatchNode::close);
    }

    @Test
    void twoDispatchersHaltedBetweenSelectAndCommitNeverWorkOnOneCustomerTogether() throws Exception {
        BatchNode one = node("one", "offramp.batch.max-requests=1", "offramp.batch.max-running=1");
        BatchNode two = node("two", "offramp.batch.max-requests=1", "offramp.batch.max-running=1");
        Request first = one.admit(cancel("a"));
        Request second = one.admit(Admissions.cancel()
                .of(Admissions.customer("customer-a"), Admissions.subscription("another"))
                .as("another"));
        var together = new CountDownLatch(2);
        partnerCenter.whileCalled = each -> {
            together.countDown();
            waitAWhile(together, 200);
        };

        try (Connection halt = database.getConnection()) {
            halt.setAutoCommit(false);
            try (var statement = halt.createStatement()) {
                statement.execute("lock table batch in share mode");
            }
            List<Thread> looks = look(one, two);
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> waitingForALock() == 2);
            halt.commit();
            for (Thread look : looks) {
                look.join();
            }
        }
        assertThat(one.batch(1).requests()).isEqualTo(1);
        assertThat(one.batch(2).requests())
                .as("both have claimed one of the two")
                .isEqualTo(1);
        untilFinal(List.of(first, second));

        assertThat(partnerCenter.mostAtOnce).hasValue(1);
        assertThat(partnerCenter.calls).hasSize(2);
        assertThat(one.told(first)).endsWith(Reason.DONE);
        assertThat(one.told(second)).endsWith(Reason.DONE);
    }

    @Test
    void twoNodesWithFiveRequestsEachAndOnePermitLeftMakeOneCall() {
        String[] settings = {
            "offramp.safety.budget.customers.cancel-subscription=5",
            "offramp.batch.max-requests=5",
            "offramp.batch.max-running=1"
        };
        BatchNode one = node("one", settings);
        BatchNode two = node("two", settings);
        IntStream.range(0, 4).forEach(each -> one.admit(cancel("used-" + each)));
        one.work();
        assertThat(partnerCenter.calls).hasSize(4);
        List<Request> requests = IntStream.range(0, 10)
                // Each is a group of its own: what is held here is held for itself, and not with a burst.
                .mapToObj(each -> one.admit(cancel("" + each).inGroup("" + each)))
                .toList();

        one.dispatcher().look();
        two.dispatcher().look();
        untilIdle();

        assertThat(one.batch(2).requests()).isEqualTo(5);
        assertThat(one.batch(3).requests()).isEqualTo(5);
        assertThat(partnerCenter.calls).hasSize(5);
        assertThat(requests.stream().filter(each -> one.read(each).status() == Status.SUCCEEDED))
                .hasSize(1);
        assertThat(requests.stream().filter(each -> one.read(each).reason() == Reason.BUDGET_EXCEEDED))
                .hasSize(9);
    }

    @Test
    void manyBatchesOverFewCustomersCallEachCustomerOneAtATimeAndTellEachRequestOnce() {
        var random = new Random(20261120);
        for (int each = 0; each < 3; each++) {
            node("node-" + each, "offramp.batch.max-requests=4", "offramp.batch.max-running=2");
        }
        List<Request> requests = new ArrayList<>();
        for (int each = 0; each < 60; each++) {
            String customer = "customer-" + random.nextInt(4);
            String subscription = customer + "-" + random.nextInt(8);
            requests.add(nodes.getFirst()
                    .admit(Admissions.cancel()
                            .of(Admissions.customer(customer), Admissions.subscription(subscription))
                            .as("request-" + each)));
            if (random.nextInt(4) == 0) {
                partnerCenter.trouble.put(
                        Admissions.subscription(subscription).value(), FakePartnerCenter.Trouble.STALE);
            }
        }

        // Calls that take a while meet each other if nothing keeps them apart.
        partnerCenter.whileCalled = each -> waitAWhile(new CountDownLatch(1), 20);

        untilFinal(requests);

        assertThat(partnerCenter.mostAtOnce).hasValue(1);
        assertThat(partnerCenter.callsAfterTheEffect).isEmpty();
        assertThat(requests).allSatisfy(each -> {
            List<Outcome> told = nodes.getFirst().ledger().outcomes().of(each.number());
            assertThat(told.stream().filter(outcome -> outcome.reason().status().isFinal()))
                    .hasSize(1);
        });
    }

    @Test
    void aNodeThatLosesItsLeaseInTheMiddleSettlesNothingAndItsReplyIsKept() throws Exception {
        BatchNode slow = node("slow");
        BatchNode other = node("other");
        Request request = slow.admit(cancel("a"));
        var called = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        partnerCenter.whileCalled = each -> {
            called.countDown();
            awaitQuietly(goOn);
        };
        slow.dispatcher().look();
        called.await();

        clock.pass(Duration.ofSeconds(11));
        assertThat(other.work()).as("the lease has run out and is adopted").isEqualTo(1);
        assertThat(other.told(request)).as("the open try is in doubt").endsWith(Reason.CONFIRMING);
        goOn.countDown();
        untilIdle();

        assertThat(slow.told(request))
                .as("the old owner settles nothing")
                .containsExactly(Reason.ADMITTED, Reason.CONFIRMING);
        clock.pass(Duration.ofMinutes(4));
        other.work();
        assertThat(other.told(request)).endsWith(Reason.DONE);
        assertThat(other.lastOutcome(request).details().confirmedBy())
                .as("the reply was written to its try nevertheless")
                .isEqualTo("response");
        assertThat(partnerCenter.calls).hasSize(1);
        assertThat(slow.bugs()).as("what the journal calls a bug").isEmpty();
    }

    @Test
    void aFrozenNodeThatWakesStartsNoCallAfterItsNextGate() throws Exception {
        BatchNode frozen = node("frozen", "offramp.batch.concurrency=1");
        BatchNode other = node("other");
        List<Request> requests = IntStream.range(0, 3)
                .mapToObj(each -> frozen.admit(cancel("" + each)))
                .toList();
        var read = new CountDownLatch(1);
        var wake = new CountDownLatch(1);
        partnerCenter.whileRead = _ -> {
            partnerCenter.whileRead = _ -> {};
            read.countDown();
            awaitQuietly(wake);
        };
        frozen.dispatcher().look();
        read.await();

        clock.pass(Duration.ofSeconds(11));
        other.work();
        assertThat(partnerCenter.calls).as("the other node has done it all").hasSize(3);
        wake.countDown();
        untilIdle();

        assertThat(partnerCenter.calls).hasSize(3);
        assertThat(other.jdbc()
                        .sql("select lease_number from attempt_try")
                        .query(Long.class)
                        .list())
                .as("all under the second lease")
                .containsExactly(2L, 2L, 2L);
        assertThat(requests)
                .allSatisfy(each -> assertThat(other.told(each)).containsExactly(Reason.ADMITTED, Reason.DONE));
        assertThat(other.batch(1).state()).isEqualTo(State.COMPLETED);
        assertThat(frozen.bugs()).as("what the journal calls a bug").isEmpty();
    }

    @Test
    void aShutdownWaitsForTheClaimThatIsUnderWay() throws Exception {
        BatchNode node = node("node");
        Request request = node.admit(cancel("a"));
        var lifecycle = new DispatcherLifecycle(
                node.dispatcher(),
                node.watch(),
                node.context.getBean(Runs.class),
                node.context.getBean(Batches.class),
                node.context.getBean(HandingOver.class),
                clock,
                new DispatcherLifecycle.Times(Duration.ofMillis(20), Duration.ofSeconds(1), Duration.ofSeconds(30)),
                false,
                () -> true);
        var down = new CountDownLatch(1);
        try (Connection halt = database.getConnection()) {
            halt.setAutoCommit(false);
            try (var statement = halt.createStatement()) {
                statement.execute("lock table batch in share mode");
            }
            lifecycle.start();
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> waitingForALock() == 1);
            lifecycle.stop(down::countDown);
            assertThat(down.await(200, TimeUnit.MILLISECONDS))
                    .as("down while a claim is under way")
                    .isFalse();
            halt.commit();
        }
        assertThat(down.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(node.batch(1).state()).isEqualTo(State.STOPPED);
        assertThat(partnerCenter.calls).isEmpty();
        BatchNode next = node("next");
        next.work();
        assertThat(next.told(request)).containsExactly(Reason.ADMITTED, Reason.DONE);
    }

    @Test
    void aWrongListOfTwoHundredUnlinksReachesFiveCustomers() {
        BatchNode node = node("node");
        List<Request> requests = IntStream.range(0, 200)
                .mapToObj(each -> node.admit(unlink("" + each)))
                .toList();

        node.work();
        clock.pass(Duration.ofSeconds(15));
        node.work();

        assertThat(partnerCenter.calls).hasSize(5);
        assertThat(requests.subList(0, 5))
                .allSatisfy(each -> assertThat(node.told(each)).endsWith(Reason.DONE));
        assertThat(node.told(requests.get(5))).containsExactly(Reason.ADMITTED, Reason.BUDGET_EXCEEDED);
        assertThat(requests.subList(6, 200))
                .allSatisfy(each -> assertThat(node.told(each)).containsExactly(Reason.ADMITTED, Reason.BURST_ON_HOLD));
        assertThat(node.batch(1).state()).isEqualTo(State.COMPLETED);
    }

    private BatchNode node(String name, String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("offramp.node=" + name);
        BatchNode node = BatchNode.over(database, partnerCenter, clock, all.toArray(String[]::new));
        nodes.add(node);
        return node;
    }

    private static List<Thread> look(BatchNode... all) {
        return List.of(all).stream()
                .map(each -> Thread.ofVirtual().start(() -> each.dispatcher().look()))
                .toList();
    }

    private int waitingForALock() {
        return nodes.getFirst().jdbc().sql("""
                select count(*)
                from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock'
                """).query(Integer.class).single();
    }

    private void untilIdle() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> nodes.stream().allMatch(each -> each.dispatcher().running() == 0));
    }

    private void untilFinal(List<Request> requests) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    nodes.forEach(each -> each.dispatcher().look());
                    return requests.stream()
                            .allMatch(each -> nodes.getFirst().read(each).isFinal());
                });
        untilIdle();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a test", e);
        }
    }

    /** Long enough for a second call to come if nothing keeps it back. */
    private static void waitAWhile(CountDownLatch latch, int millis) {
        try {
            boolean _ = latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a test", e);
        }
    }
}
