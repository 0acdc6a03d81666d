package dev.offramp.outcome;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.LedgerFixture.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.offramp.ledger.Admission.Place;
import dev.offramp.ledger.Outcomes.Outcome;
import dev.offramp.ledger.Refusals.Refusal;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Effect;
import dev.offramp.outcome.Relay.Round;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class RelayTests {

    private static final int SHARDS = 8;

    private final TestDatabase database;
    private final LedgerFixture fixture;
    private final ManualSender broker = new ManualSender();

    RelayTests(TestDatabase database) {
        this.database = database;
        fixture = LedgerFixture.over(database.fresh());
    }

    @Test
    void tellsEveryOutcomeOnceInTheOrderOfEachCustomer() {
        admitAndFinish("a1", "a");
        admitAndFinish("b1", "b");
        admitAndFinish("a2", "a");

        assertThat(relay().publishOnce()).isEqualTo(Round.GO_ON);
        assertThat(relay().publishOnce()).isEqualTo(Round.IDLE);

        assertThat(broker.taken).containsExactlyInAnyOrder("a1#1", "a1#2", "b1#1", "b1#2", "a2#1", "a2#2");
        assertThat(of("a")).containsExactly("a1#1", "a1#2", "a2#1", "a2#2");
        assertThat(of("b")).containsExactly("b1#1", "b1#2");
    }

    @Test
    void holdsBackTheLaterOutcomesOfACustomerWhoseSendFailedAndNoOthers() {
        admitAndFinish("a1", "a");
        admitAndFinish("b1", "b");
        broker.failWhen(id -> id.equals("a1#1") ? new RecordTooLargeException("The test says so") : null);

        assertThat(relay().publishOnce()).isEqualTo(Round.FAILED);

        assertThat(broker.tried).doesNotContain("a1#2");
        assertThat(broker.taken).containsExactly("b1#1", "b1#2");
        assertThat(fixture.ledger().outcomes().countUnsent()).isEqualTo(2);

        broker.heal();
        assertThat(relay().publishOnce()).isEqualTo(Round.GO_ON);
        assertThat(of("a")).containsExactly("a1#1", "a1#2");
        assertThat(fixture.ledger().outcomes().countUnsent()).isZero();
    }

    @Test
    void letsNobodyElseWaitForAPageThatCannotBeSent() {
        for (var each = 0; each < 60; each++) {
            admitAndFinish("a" + each, "a");
        }
        admitAndFinish("b1", "b");
        broker.failWhen(id -> id.startsWith("a") ? new RecordTooLargeException("The test says so") : null);

        assertThat(relay().publishOnce()).isEqualTo(Round.FAILED);

        assertThat(broker.taken).containsExactly("b1#1", "b1#2");
        assertThat(broker.tried).as("one for the customer that is stuck").hasSize(3);
    }

    @Test
    void triesNobodyElseInThisRoundWhenTheBrokerIsAway() {
        for (var each : List.of("a", "b", "c")) {
            admitAndFinish(each + "1", each);
        }
        broker.failWhen(id -> new TimeoutException("The test took the broker away"));

        assertThat(relay().publishOnce()).isEqualTo(Round.FAILED);

        assertThat(broker.tried).hasSize(1);
        assertThat(fixture.ledger().outcomes().countUnsent()).isEqualTo(6);
    }

    @Test
    void tellsAgainUnderTheSameIdWhatWasAcknowledgedButNotNoted() {
        admitAndFinish("a1", "a");
        var dying = relay(new RelayJournal() {
            @Override
            public void acknowledged(List<Outcome> outcomes) {
                throw new IllegalStateException("The process dies here");
            }
        });

        assertThatThrownBy(dying::publishOnce).hasMessage("The process dies here");
        relay().publishOnce();

        assertThat(of("a")).containsExactly("a1#1", "a1#1", "a1#2");
    }

    @Test
    void tellsTheNewestOutcomeAgainWhenAsked() {
        var request = admitAndFinish("a1", "a");
        relay().publishOnce();

        fixture.ledger().requests().tellAgain(List.of(request.key()));
        relay().publishOnce();

        assertThat(of("a")).containsExactly("a1#1", "a1#2", "a1#2");
    }

    @Test
    void tellsAgainWhatWasAskedForWhileItWasBeingSent() {
        var request = admitAndFinish("a1", "a");
        var askedMeanwhile = relay(new RelayJournal() {
            @Override
            public void acknowledged(List<Outcome> outcomes) {
                if (outcomes.getFirst().sequence() == 2) {
                    fixture.ledger().requests().tellAgain(List.of(request.key()));
                }
            }
        });

        askedMeanwhile.publishOnce();
        assertThat(of("a")).containsExactly("a1#1", "a1#2");
        relay().publishOnce();
        relay().publishOnce();

        assertThat(of("a")).containsExactly("a1#1", "a1#2", "a1#2");
        assertThat(fixture.ledger().outcomes().countUnsent()).isZero();
    }

    @Test
    void publishesRefusedRecordsOnce() {
        fixture.ledger().refusals().add(refusal(3), fixture.now());
        fixture.ledger().refusals().add(refusal(4), fixture.now());
        broker.failWhen(id -> id.equals("refused@3") ? new RecordTooLargeException("The test says so") : null);
        assertThat(relay().publishOnce()).isEqualTo(Round.FAILED);
        broker.heal();

        assertThat(relay().publishOnce()).isEqualTo(Round.GO_ON);
        assertThat(relay().publishOnce()).isEqualTo(Round.IDLE);

        assertThat(broker.taken).containsExactly("refused@4", "refused@3");
    }

    @Test
    void leavesPublishingToTheNodeThatHasTheLeaseAndTakesOverWhenItHasRunOut() {
        admitAndFinish("a1", "a");
        assertThat(held(leaseOf("node-1"))).isEqualTo(SHARDS);

        assertThat(relayOf("node-2").publishOnce()).isEqualTo(Round.NOT_MINE);
        assertThat(broker.tried).isEmpty();

        fixture.pass(Duration.ofSeconds(10));
        assertThat(relayOf("node-2").publishOnce()).isEqualTo(Round.GO_ON);
        assertThat(held(leaseOf("node-1"))).isZero();
    }

    @Test
    void stopsBetweenTwoWavesWhenTheLeaseIsLost() {
        admitAndFinish("a1", "a");
        var relay = relay(new RelayJournal() {
            @Override
            public void noted(List<Outcome> outcomes) {
                fixture.pass(Duration.ofSeconds(10));
                assertThat(held(leaseOf("node-2"))).isPositive();
            }
        });

        assertThat(relay.publishOnce()).isEqualTo(Round.NOT_MINE);

        assertThat(broker.taken).containsExactly("a1#1");
    }

    @Test
    void renewsAndGivesBackTheLease() {
        var mine = leaseOf("node-1");
        assertThat(held(mine)).isEqualTo(SHARDS);
        fixture.pass(Duration.ofSeconds(9));
        assertThat(held(mine)).isEqualTo(SHARDS);
        fixture.pass(Duration.ofSeconds(9));
        assertThat(held(leaseOf("node-2"))).isZero();

        mine.giveBack();

        assertThat(held(leaseOf("node-2"))).isEqualTo(SHARDS);
        mine.giveBack();
        assertThat(held(leaseOf("node-1"))).isZero();
    }

    @Test
    void sharesTheShardsWithTheOtherNodesAndAdoptsThoseOfADeadOne() {
        var one = leaseOf("node-1");
        var two = leaseOf("node-2");
        assertThat(held(one)).isEqualTo(SHARDS);
        assertThat(held(two)).as("all are still the other's").isZero();

        assertThat(held(one)).as("its part, as there is another").isEqualTo(SHARDS / 2);
        assertThat(held(two)).isEqualTo(SHARDS / 2);
        assertThat(two.hold().numbers()).doesNotContainAnyElementsOf(one.hold().numbers());

        fixture.pass(Duration.ofSeconds(9));
        assertThat(held(two)).as("the first may still live").isEqualTo(SHARDS / 2);
        fixture.pass(Duration.ofSeconds(1));
        assertThat(held(two)).isEqualTo(SHARDS);
        assertThat(held(one)).isZero();
    }

    @Test
    void everyShardHasOneHolderWhenManyWantThemAtOnce() throws Exception {
        var nodes =
                IntStream.range(0, 6).mapToObj(each -> leaseOf("node-" + each)).toList();
        var holders = new ConcurrentHashMap<Integer, RelayLease>();
        var doubles = new ConcurrentLinkedQueue<Integer>();
        try (var threads = Executors.newFixedThreadPool(nodes.size())) {
            var all = nodes.stream()
                    .map(each -> threads.submit(() -> {
                        each.hold().numbers().forEach(shard -> {
                            if (holders.putIfAbsent(shard, each) != null) {
                                doubles.add(shard);
                            }
                        });
                    }))
                    .toList();
            for (var each : all) {
                each.get();
            }
        }

        assertThat(doubles).isEmpty();
        assertThat(holders).isNotEmpty();
    }

    @Test
    void leavesTheShardsAloneWhileOthersDivideTheCustomersDifferently() {
        assertThat(held(leaseOf("node-1", 8))).isEqualTo(8);

        assertThat(held(leaseOf("node-2", 4))).isZero();
        fixture.pass(Duration.ofSeconds(40));
        assertThat(held(leaseOf("node-2", 4))).isEqualTo(4);
        assertThat(held(leaseOf("node-1", 8))).isZero();
    }

    @Test
    void publishesBothOutcomesOfTwoOpenTransactionsThatCommitInReverseOrder() throws Exception {
        var first = new CountDownLatch(1);
        var publishedSecond = new CountDownLatch(1);
        try (var thread = Executors.newSingleThreadExecutor()) {
            // H2 would let nobody else write meanwhile; there the two follow each other.
            var early = thread.submit(() -> fixture.transactions().execute(_ -> {
                var request = fixture.admit(cancel().as("a1").of(customer("a")));
                first.countDown();
                await(database == TestDatabase.POSTGRESQL ? publishedSecond : first);
                return request;
            }));
            await(first);
            if (database == TestDatabase.H2) {
                early.get();
            }
            fixture.admit(cancel().as("b1").of(customer("b")));

            relay().publishOnce();

            if (database == TestDatabase.POSTGRESQL) {
                assertThat(broker.taken)
                        .as("the earlier number is not committed yet")
                        .containsExactly("b1#1");
            }
            publishedSecond.countDown();
            early.get();
        }
        relay().publishOnce();

        assertThat(broker.taken).containsExactlyInAnyOrder("a1#1", "b1#1");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void publishesWithSeveralNodesEachOutcomeOnceAndEachCustomersInOrder() {
        var customers = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
        for (var round = 0; round < 3; round++) {
            for (var customer : customers) {
                admitAndFinish(customer + round, customer);
            }
        }
        held(leaseOf("node-1"));
        held(leaseOf("node-2"));
        var here = relayOf("node-1");
        var there = relayOf("node-2");

        here.publishOnce();
        assertThat(fixture.ledger().outcomes().countUnsent())
                .as("what belongs to the other half waits for the other node")
                .isPositive();
        there.publishOnce();

        assertThat(fixture.ledger().outcomes().countUnsent()).isZero();
        assertThat(broker.taken).hasSize(60).doesNotHaveDuplicates();
        assertThat(customers).allSatisfy(each -> assertThat(of(each)).isSorted());
    }

    @Test
    void triesACustomerThatIsStuckLessAndLessOftenAndTellsTheOthersMeanwhile() {
        admitAndFinish("a1", "a");
        broker.failWhen(id -> id.startsWith("a") ? new NotLeaderOrFollowerException("The test says so") : null);
        admitAndFinish("b1", "b");
        var relay = relay();
        for (var second = 0; second < 20; second++) {
            relay.publishOnce();
            admitAndFinish("b1" + second, "b");
            relay.publishOnce();
            assertThat(broker.taken).contains("b1" + second + "#2");
            fixture.pass(Duration.ofSeconds(1));
        }
        assertThat(broker.tried.stream().filter(id -> id.equals("a1#1"))).hasSizeBetween(3, 8);

        broker.heal();
        fixture.pass(Duration.ofSeconds(10));
        relay.publishOnce();

        assertThat(of("a")).containsExactly("a1#1", "a1#2");
    }

    private Request admitAndFinish(String id, String customer) {
        var request = fixture.admit(cancel().as(id).of(customer(customer)));
        assertThat(fixture.settle(request, done(Effect.CANCELLED), null)).isTrue();
        return request;
    }

    private List<String> of(String customer) {
        return broker.taken.stream().filter(id -> id.startsWith(customer)).toList();
    }

    private static Refusal refusal(long offset) {
        return new Refusal(
                new Place("offramp.requests", 0, offset),
                "invalid-message",
                "The value is not JSON.",
                null,
                null,
                null,
                new byte[] {1},
                1,
                "digest-" + offset,
                null);
    }

    private Relay relay() {
        return relay(new RelayJournal() {});
    }

    private Relay relay(RelayJournal journal) {
        return relay(leaseOf("node-1"), journal);
    }

    private Relay relayOf(String node) {
        return relay(leaseOf(node), new RelayJournal() {});
    }

    private Relay relay(RelayLease lease, RelayJournal journal) {
        return new Relay(
                fixture.ledger().outcomes(),
                fixture.ledger().refusals(),
                new OutcomeMessages("offramp.outcomes", "offramp.requests.refused", "/offramp", 900_000),
                broker,
                lease,
                new Stuck(fixture::now, Duration.ofSeconds(10)),
                journal,
                100);
    }

    private RelayLease leaseOf(String node) {
        return leaseOf(node, SHARDS);
    }

    private RelayLease leaseOf(String node, int shards) {
        return new JdbcRelayLease(fixture.jdbc(), fixture::now, node, Duration.ofSeconds(10), shards);
    }

    private static int held(RelayLease lease) {
        return lease.hold().numbers().size();
    }
}
