package dev.offramp.ledger;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.Admissions.unlink;
import static dev.offramp.testing.LedgerFixture.fence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Batch.State;
import dev.offramp.ledger.Batches.Claim;
import dev.offramp.offboarding.Operation;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class ClaimTests {

    private final TestDatabase database;
    private final LedgerFixture fixture;

    ClaimTests(TestDatabase database) {
        this.database = database;
        this.fixture = LedgerFixture.over(database.fresh());
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
        return fixture.ledger()
                .batches()
                .claim(
                        new Claim(
                                "node-1",
                                Admission.OTHER_JOB,
                                LedgerFixture.LEASE,
                                1,
                                50,
                                List.of(),
                                List.of(),
                                List.of(),
                                true),
                        fixture.now())
                .map(batch -> fixture.ledger()
                        .requests()
                        .unfinishedOf(batch.number())
                        .getFirst()
                        .number());
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

        var plan = String.join(
                "\n",
                fixture.jdbc()
                        .sql("""
                        explain select r.number from request r
                        where r.job = 'offboarding' and r.due_at <= :now
                        order by r.job, r.due_at, r.number
                        limit 500
                        for update of r skip locked
                        """)
                        .param("now", fixture.now().atOffset(ZoneOffset.UTC))
                        .query(String.class)
                        .list());

        assertThat(plan).as("the plan of %s", database).containsIgnoringCase("request_due_of_job");
        // H2 sorts whatever it locks; PostgreSQL reads in the order of the index and stops at the limit.
        assertThat(plan).as("the plan of %s", database).doesNotContain("Sort");
        assertThat(fixture.claim().requests()).isEqualTo(1);
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
