package dev.offramp.ledger;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.Admissions.unlink;
import static dev.offramp.testing.LedgerFixture.fence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batches.Claim;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.LastChance;
import dev.offramp.offboarding.LastChance.End;
import dev.offramp.offboarding.Operation;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.jdbc.support.JdbcTransactionManager;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class ClaimTests {

    private final TestDatabase database;
    private final DataSource dataSource;
    private final LedgerFixture fixture;

    ClaimTests(TestDatabase database) {
        this.database = database;
        this.dataSource = database.fresh();
        this.fixture = LedgerFixture.over(dataSource);
    }

    @Test
    void bundlesWhatIsReadyIntoARunningBatch() {
        var first = fixture.admit(cancel().of(customer("a")));
        var second = fixture.admit(cancel().of(customer("b")));

        var batch = fixture.claimAs("node-7").orElseThrow();

        assertThat(batch.state()).isEqualTo(State.RUNNING);
        assertThat(batch.owner()).isEqualTo("node-7");
        assertThat(batch.leaseNumber()).isEqualTo(1);
        assertThat(batch.leaseUntil()).isEqualTo(fixture.now().plus(LedgerFixture.LEASE));
        assertThat(batch.requests()).isEqualTo(2);
        assertThat(batch.customers()).isEqualTo(2);
        assertThat(batch.label()).isEqualTo("/contoso/billing, 2 customers");
        assertThat(fixture.ledger().requests().unfinishedOf(batch.number()))
                .extracting(Request::number)
                .containsExactly(first.number(), second.number());
        assertThat(fixture.read(first).dueAt()).isNull();
        assertThat(fixture.claimAs("node-8")).isEmpty();
    }

    @Test
    void namesOneSourceAndCountsTheOthers() {
        fixture.admit(cancel().from("/b"));
        fixture.admit(cancel().from("/a"));

        assertThat(fixture.claim().label()).isEqualTo("/a and 1 other source, 1 customer");
    }

    @Test
    void makesOneItemOfACustomersRequestsInLedgerOrder() {
        var a = customer("a");
        var b = customer("b");
        var all = fixture.admit(cancel().of(a), cancel().of(b), unlink().of(a), cancel().of(a));

        var batch = fixture.ledger()
                .batches()
                .claim(
                        new Claim(
                                "node-1",
                                Admission.OTHER_JOB,
                                LedgerFixture.LEASE,
                                100,
                                2,
                                List.of(),
                                List.of(),
                                List.of(),
                                true),
                        fixture.now())
                .orElseThrow();

        assertThat(fixture.ledger().requests().unfinishedItems(batch.number(), 0, 10))
                .containsExactly(1, 2, 3);
        assertThat(numbersOf(batch, 1))
                .containsExactly(all.get(0).number(), all.get(2).number());
        assertThat(numbersOf(batch, 2)).containsExactly(all.get(3).number());
        assertThat(numbersOf(batch, 3)).containsExactly(all.get(1).number());
    }

    private List<Long> numbersOf(Batch batch, int item) {
        return fixture.ledger().requests().ofItem(batch.number(), item).stream()
                .map(Request::number)
                .toList();
    }

    @Test
    void takesTheOldestDueFirst() {
        var late = fixture.admit(cancel().notBefore(fixture.now().plusSeconds(10)));
        fixture.pass(Duration.ofSeconds(5));
        var early = fixture.admit(cancel());
        fixture.pass(Duration.ofSeconds(10));

        assertThat(claimOne()).contains(early.number());
        assertThat(claimOne()).contains(late.number());
        assertThat(claimOne()).isEmpty();
    }

    private Optional<Long> claimOne() {
        return claimAtMost(1)
                .map(batch -> fixture.ledger()
                        .requests()
                        .unfinishedOf(batch.number())
                        .getFirst()
                        .number());
    }

    private Optional<Batch> claimAtMost(int requests) {
        return fixture.ledger()
                .batches()
                .claim(
                        new Claim(
                                "node-1",
                                Admission.OTHER_JOB,
                                LedgerFixture.LEASE,
                                requests,
                                50,
                                List.of(),
                                List.of(),
                                List.of(),
                                true),
                        fixture.now());
    }

    @Test
    void takesTheOneWithTheNearestLastChanceFirst() {
        var weeks = fixture.admit(cancel().of(customer("a")).notAfter(in(Duration.ofDays(20))));
        var unknown = fixture.admit(cancel().of(customer("b")).notAfter(in(Duration.ofDays(1))));
        var alsoUnknown = fixture.admit(cancel().of(customer("c")).notAfter(in(Duration.ofDays(1))));
        var read = fixture.admit(cancel().of(customer("d")).notAfter(in(Duration.ofDays(30))));
        fixture.pass(Duration.ofSeconds(5));
        var later = fixture.admit(cancel().of(customer("e")).notAfter(in(Duration.ofDays(9))));
        var hours = fixture.admit(cancel().of(customer("f")).notAfter(in(Duration.ofHours(3))));
        fixture.jdbc()
                .sql("update request set last_chance_at = null where number in (:unknown)")
                .param("unknown", List.of(unknown.number(), alsoUnknown.number()))
                .update();
        chances().note(read.number(), new LastChance(in(Duration.ofDays(9)), End.CANCELLATION_WINDOW));

        assertThat(IntStream.range(0, 6).mapToObj(_ -> claimOne().orElseThrow()))
                .containsExactly(
                        hours.number(),
                        read.number(),
                        later.number(),
                        weeks.number(),
                        unknown.number(),
                        alsoUnknown.number());
    }

    private Instant in(Duration time) {
        return Admissions.START.plus(time);
    }

    private LastChances chances() {
        return LastChances.over(dataSource, new JdbcTransactionManager(dataSource));
    }

    @Test
    void takesWhatAnUrgentOneWaitsForAsEarlyAsThatOne() {
        var first = fixture.admit(cancel().of(customer("a")).notAfter(in(Duration.ofDays(20))));
        var other = fixture.admit(cancel().of(customer("b")).notAfter(in(Duration.ofDays(10))));
        var urgent = fixture.admit(unlink().of(customer("a")).notAfter(in(Duration.ofHours(3))));
        assertThat(claimOne()).contains(urgent.number());
        fixture.settle(urgent, LedgerFixture.waitingFor(first), null);

        assertThat(claimOne()).as("before it, nothing else").contains(first.number());
        assertThat(claimOne()).as("while it waits").contains(other.number());
        fixture.settle(first, LedgerFixture.done(Effect.CANCELLED), null);
        assertThat(claimOne()).contains(urgent.number());
    }

    /** Whatever is due is taken in the order of last chance, due time and number, however much is taken at once. */
    @Test
    void claimsInOneOrderWhateverTheSizeOfABatch() {
        for (int seed = 0; seed < 8; seed++) {
            var random = new SplittableRandom(seed);
            var all = new ArrayList<Request>();
            for (int each = 0; each < 25; each++) {
                all.add(fixture.admit(cancel().of(customer("customer " + random.nextInt(6)))
                        .notBefore(fixture.now().plusSeconds(random.nextInt(-3, 4)))
                        .notAfter(in(Duration.ofDays(8 + random.nextInt(4))))));
            }
            var due = all.stream()
                    .filter(each -> !Objects.requireNonNull(each.dueAt()).isAfter(fixture.now()))
                    .sorted(Comparator.comparing((Request each) -> each.terms().notAfter())
                            .thenComparing(each -> Objects.requireNonNull(each.dueAt()))
                            .thenComparing(Request::number))
                    .map(Request::number)
                    .toList();
            for (int taken = 0; taken < due.size(); ) {
                var batch = claimAtMost(1 + random.nextInt(9)).orElseThrow();
                var expected = due.subList(taken, taken + batch.requests());
                assertThat(fixture.ledger().requests().unfinishedOf(batch.number()))
                        .as("seed %d", seed)
                        .extracting(Request::number)
                        .containsExactlyInAnyOrderElementsOf(expected);
                assertThat(numbersOf(batch, 1))
                        .as("the most urgent comes first")
                        .contains(expected.getFirst());
                taken += batch.requests();
            }
            assertThat(claimAtMost(100)).isEmpty();
            fixture.pass(Duration.ofSeconds(10));
            claimAtMost(100);
        }
    }

    @Test
    void beginsABatchWithTheCustomerOfTheMostUrgentAndKeepsItsLedgerOrder() {
        var weeks = fixture.admit(cancel().of(customer("a")).notAfter(in(Duration.ofDays(20))));
        var earlier = fixture.admit(cancel().of(customer("b")).notAfter(in(Duration.ofDays(30))));
        var hours = fixture.admit(unlink().of(customer("b")).notAfter(in(Duration.ofHours(3))));

        var batch = claimAtMost(100).orElseThrow();

        assertThat(numbersOf(batch, 1)).containsExactly(earlier.number(), hours.number());
        assertThat(numbersOf(batch, 2)).containsExactly(weeks.number());
    }

    @Test
    void passesOverWhatSomebodyElseIsChanging() throws SQLException {
        var urgent = fixture.admit(cancel().of(customer("a")).notAfter(in(Duration.ofHours(3))));
        var other = fixture.admit(cancel().of(customer("b")));
        fixture.admit(cancel().of(customer("c")));
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeQuery("select * from request where number = %d for update".formatted(urgent.number()));

            assertThat(fixture.ledger()
                            .requests()
                            .unfinishedOf(claimAtMost(2).orElseThrow().number()))
                    .extracting(Request::number)
                    .contains(other.number())
                    .doesNotContain(urgent.number());
            connection.rollback();
        }
        assertThat(claimOne()).contains(urgent.number());
    }

    @Test
    void leavesWhatIsNotDueYet() {
        fixture.admit(cancel().notBefore(fixture.now().plusSeconds(60)));
        assertThat(fixture.claimAs("node-1")).isEmpty();

        fixture.pass(Duration.ofSeconds(60));
        assertThat(fixture.claimAs("node-1")).isPresent();
    }

    @Test
    void leavesClosedOperationsAndSources() {
        fixture.admit(cancel());
        fixture.admit(unlink().from("/closed"));

        assertThat(claim(List.of(Operation.CANCEL_SUBSCRIPTION), List.of("/closed"), true))
                .isEmpty();
        assertThat(claim(List.of(Operation.CANCEL_SUBSCRIPTION), List.of(), true))
                .hasValueSatisfying(batch -> assertThat(batch.label()).isEqualTo("/closed, 1 customer"));
    }

    @Test
    void leavesClosedGroupsAndTakesWhatIsInNone() {
        fixture.admit(cancel().inGroup("closed").from("/a"));
        fixture.admit(cancel().inGroup("closed").from("/b"));
        var other = fixture.admit(cancel().inGroup("open"));
        var none = fixture.admit(cancel());

        var batch = fixture.ledger()
                .batches()
                .claim(
                        new Claim(
                                "node-1",
                                Admission.OTHER_JOB,
                                LedgerFixture.LEASE,
                                100,
                                50,
                                List.of(),
                                List.of(),
                                List.of("closed"),
                                true),
                        fixture.now())
                .orElseThrow();

        assertThat(fixture.ledger().requests().unfinishedOf(batch.number()))
                .extracting(Request::number)
                .containsExactly(other.number(), none.number());
    }

    @Test
    void leavesLiveRequestsWhenOnlyObservedOnesMayRun() {
        fixture.admit(cancel());
        var observed = fixture.admit(cancel().observed());

        var batch = claim(List.of(), List.of(), false).orElseThrow();

        assertThat(fixture.ledger().requests().unfinishedOf(batch.number()))
                .extracting(Request::number)
                .containsExactly(observed.number());
    }

    private Optional<Batch> claim(List<Operation> notOperations, List<String> notSources, boolean liveToo) {
        return fixture.ledger()
                .batches()
                .claim(
                        new Claim(
                                "node-1",
                                Admission.OTHER_JOB,
                                LedgerFixture.LEASE,
                                100,
                                50,
                                notOperations,
                                notSources,
                                List.of(),
                                liveToo),
                        fixture.now());
    }

    @Test
    void leavesCustomersWhoseTurnCounts() {
        fixture.admit(cancel().of(customer("a")));
        var batch = fixture.claim();
        fixture.ledger().turns().win(customer("a"), fence(batch), 1, fixture.now());
        fixture.admit(cancel().of(customer("a")));
        assertThat(fixture.claimAs("node-2")).isEmpty();

        fixture.pass(LedgerFixture.LEASE);
        assertThat(fixture.claimAs("node-2")).isPresent();
    }

    @Test
    void takesCustomersOfABatchThatHasEnded() {
        fixture.admit(cancel().of(customer("a")));
        var batch = fixture.claim();
        fixture.ledger().turns().win(customer("a"), fence(batch), 1, fixture.now());
        fixture.ledger().batches().end(fence(batch), State.FAILED, null, null, null, fixture.now());

        fixture.admit(cancel().of(customer("a")));

        assertThat(fixture.claimAs("node-2"))
                .hasValueSatisfying(next -> assertThat(next.requests()).isEqualTo(1));
    }

    @Test
    void costsTheSameAfterALongHistory() {
        fixture.ledger()
                .requests()
                .admit(IntStream.range(0, 3000).mapToObj(i -> cancel().build()).toList(), fixture.now());
        fixture.jdbc()
                .sql("update request set due_at = null, settled_at = :now, status = 'succeeded', reason = 'done'")
                .param("now", fixture.now().atOffset(ZoneOffset.UTC))
                .update();
        fixture.admit(cancel());
        fixture.jdbc().sql("analyze").update();

        for (var way : Claiming.Way.values()) {
            var plan = String.join(
                    "\n",
                    fixture.jdbc()
                            .sql("explain " + Claiming.claimable(way, dialect()))
                            .params(Claiming.parameters(EVERYTHING, fixture.now()))
                            .query(String.class)
                            .list());

            assertThat(plan)
                    .as("the plan of %s", database)
                    .containsIgnoringCase(way == Claiming.Way.BY_TIME ? "request_due_of_job" : "request_by_urgency")
                    .doesNotContain("Sort");
            if (database == TestDatabase.H2) {
                assertThat(plan).contains("index sorted");
            }
        }
        assertThat(fixture.claim().requests()).isEqualTo(1);
    }

    private static final Claim EVERYTHING = new Claim(
            "node-1", Admission.OTHER_JOB, LedgerFixture.LEASE, 500, 50, List.of(), List.of(), List.of(), true);

    private Dialect dialect() {
        return database == TestDatabase.H2 ? new Dialect.H2() : new Dialect.PostgreSql();
    }

    @Test
    void claimsTheRequestsOfOneJobOnly() {
        fixture.ledger().batches().addJobs(List.of("cancels", "unlinks", "cancels"));
        fixture.ledger().batches().addJobs(List.of("cancels"));
        var cancel = fixture.admit(cancel().byJob("cancels"));
        fixture.admit(unlink().byJob("unlinks"));

        assertThat(fixture.claim("node-1", "another")).isEmpty();
        var batch = fixture.claim("node-1", "cancels").orElseThrow();

        assertThat(batch.job()).isEqualTo("cancels");
        assertThat(batch.label()).isEqualTo("cancels, /contoso/billing, 1 customer");
        assertThat(fixture.ledger().requests().unfinishedOf(batch.number()))
                .extracting(Request::number)
                .containsExactly(cancel.number());
    }

    @Test
    void givesTheNextTurnToTheJobThatHasWaitedLongest() {
        var batches = fixture.ledger().batches();
        batches.addJobs(List.of("cancels", "unlinks"));
        assertThat(batches.jobs()).containsExactly("cancels", "offboarding", "unlinks");

        batches.hadTurn("cancels", fixture.now());
        batches.hadTurn("offboarding", fixture.pass(Duration.ofSeconds(1)));
        batches.hadTurn("unlinks", fixture.pass(Duration.ofSeconds(1)));
        batches.hadTurn("cancels", fixture.pass(Duration.ofSeconds(1)));

        assertThat(batches.jobs()).containsExactly("offboarding", "unlinks", "cancels");
    }
}
