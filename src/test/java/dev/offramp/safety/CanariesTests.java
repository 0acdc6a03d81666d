package dev.offramp.safety;

import static dev.offramp.testing.Definitions.job;
import static dev.offramp.testing.Definitions.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.job.JobDefinition;
import dev.offramp.job.Jobs;
import dev.offramp.job.RunWindow;
import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Who goes first of a group, a run or a window; decided under its row. */
@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class CanariesTests {

    private static final Duration SETTLE = Duration.ofMinutes(10);

    private static final RunWindow MORNINGS =
            new RunWindow(EnumSet.allOf(DayOfWeek.class), LocalTime.of(8, 0), LocalTime.of(10, 0), ZoneOffset.UTC);

    private static final Jobs JOBS = Jobs.of(List.of(
            with(
                    MORNINGS,
                    with(
                            new JobDefinition.Guards(
                                    null, null, null, null, new JobDefinition.Canary(1, Duration.ofMinutes(30))),
                            job("mornings", Operation.CANCEL_SUBSCRIPTION))),
            with(
                    new JobDefinition.Guards(null, null, null, null, new JobDefinition.Canary(0, null)),
                    job("bold", Operation.SUSPEND_SUBSCRIPTION))));

    private final HikariDataSource database;
    private final LedgerFixture ledger;
    private final Canaries canaries;

    CanariesTests(TestDatabase kind) {
        database = kind.fresh();
        ledger = LedgerFixture.over(database);
        ledger.ledger().batches().addJobs(List.of("mornings", "bold"));
        canaries = node();
    }

    private Canaries node() {
        var transactions = new JdbcTransactionManager(database);
        return new FirstCustomers(
                new JdbcCanaryRows(ledger.jdbc(), transactions),
                new TransactionTemplate(transactions),
                new CanaryBook(JOBS, 2, SETTLE),
                ledger.ledger().requests(),
                ledger.ledger().audit());
    }

    @Test
    void letsTheFirstCustomersGoWithAllTheyAskFor() {
        assertThat(hold(cancel("a"))).isEmpty();
        assertThat(hold(cancel("b"))).isEmpty();
        assertThat(hold(cancel("c")))
                .hasValueSatisfying(each -> assertThat(each).contains("go first"));
        assertThat(hold(cancel("a"))).as("one of the first").isEmpty();
        assertThat(hold(ledger.admit(Admissions.cancel().inGroup("winter"))))
                .as("another group")
                .isEmpty();
        assertThat(hold(ledger.admit(Admissions.cancel()))).as("no group").isEmpty();
    }

    @Test
    void findsTheSameAgain() {
        var first = List.of(cancel("a"), cancel("b"));
        var third = cancel("c");
        first.forEach(this::hold);

        assertThat(first)
                .allSatisfy(each -> assertThat(node().hold(each, ledger.now())).isEmpty());
        assertThat(node().hold(third, ledger.now())).isPresent();
        assertThat(node().wouldHold(third, ledger.now())).isPresent();
        assertThat(node().wouldHold(first.getFirst(), ledger.now())).isEmpty();
    }

    @Test
    void neverChoosesTwiceAsManyWhenNodesAskAtOnce() throws Exception {
        var all = IntStream.range(0, 12).mapToObj(each -> cancel("" + each)).toList();
        var nodes = List.of(node(), node());

        List<Optional<String>> answers = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(4)) {
            List<Future<Optional<String>>> asked = IntStream.range(0, all.size())
                    .mapToObj(each -> threads.submit(() -> nodes.get(each % 2).hold(all.get(each), ledger.now())))
                    .toList();
            for (var each : asked) {
                answers.add(each.get());
            }
        }

        assertThat(answers).filteredOn(Optional::isEmpty).hasSize(2);
    }

    @Test
    void goesByTheRunWhateverTheGroups() {
        long run = run();
        assertThat(hold(line("a", run, 1))).isEmpty();
        assertThat(hold(line("b", run, 2))).isEmpty();
        assertThat(hold(line("c", run, 3)))
                .hasValueSatisfying(each -> assertThat(each).contains("run " + run));
    }

    @Test
    void goesByTheOpeningOfTheWindowWhereTheJobSaysSo() {
        assertThat(hold(morning("a"))).isEmpty();
        assertThat(hold(morning("b")))
                .hasValueSatisfying(each -> assertThat(each)
                        .startsWith(
                                "The first 1 customers of the job mornings in its window since 2026-11-20T08:00:00Z")
                        .endsWith("for 30 min."));

        ledger.pass(Duration.ofDays(1));

        assertThat(hold(morning("c"))).as("another opening").isEmpty();
        assertThat(hold(morning("d"))).isPresent();
    }

    @Test
    void asksNobodyToGoFirstWhereTheJobWantsNone() {
        for (var each : List.of("a", "b", "c")) {
            assertThat(hold(ledger.admit(Admissions.change(Operation.SUSPEND_SUBSCRIPTION)
                            .of(Admissions.customer(each), Admissions.subscription(each))
                            .inGroup("autumn")
                            .byJob("bold"))))
                    .isEmpty();
        }
    }

    @Test
    void letsTheRestGoOnceTheFirstAreWell() {
        var first = List.of(cancel("a"), cancel("b"));
        var third = cancel("c");
        first.forEach(this::hold);
        hold(third);
        first.forEach(each -> ledger.settle(each, LedgerFixture.done(Effect.CANCELLED), null));
        confirm();
        assertThat(hold(third)).isPresent();

        ledger.pass(SETTLE);

        assertThat(hold(third)).isEmpty();
        assertThat(ledger.ledger().audit().list(null, 5))
                .extracting(Audit.Written::entry)
                .extracting(Audit.Entry::what)
                .containsExactly("canaries confirmed");
        assertThat(hold(cancel("d"))).as("from now on all go").isEmpty();
    }

    /** As the outcomes of the program say it. */
    private void confirm() {
        ledger.jdbc()
                .sql("update outcome set details = '{\"confirmedBy\":\"response\"}' where final_of is not null")
                .update();
    }

    @Test
    void wakesWhatWaitsAndTellsItWhenAPersonMustDecide() {
        var first = List.of(cancel("a"), cancel("b"));
        var third = cancel("c");
        first.forEach(this::hold);
        held(third);
        assertThat(review()).isZero();

        ledger.settle(first.getFirst(), LedgerFixture.resolution(Reason.DECLINED_BY_PARTNER_CENTER), null);
        assertThat(review()).isOne();
        assertThat(review()).as("told once").isZero();

        assertThat(ledger.read(third).message())
                .endsWith("request %s of customer %s is rejected: declined-by-partner-center."
                        .formatted(first.getFirst().key(), first.getFirst().customerId()));
        ledger.pass(Duration.ofDays(1));
        review();
        assertThat(ledger.read(third).reason()).isEqualTo(Reason.CANARY);
    }

    private void held(Request request) {
        String sentence = hold(request).orElseThrow();
        ledger.settle(request, Guards.canary(request, sentence), null);
    }

    @Test
    void letsTheNextGoFirstWhereOneShowedNothing() {
        var first = List.of(cancel("a"), cancel("b"));
        var third = cancel("c");
        var fourth = cancel("d");
        first.forEach(this::hold);
        held(third);
        held(fourth);

        ledger.settle(first.getFirst(), LedgerFixture.resolution(Reason.BY_SOURCE), null);
        assertThat(review()).isOne();

        assertThat(ledger.read(third).reason()).isEqualTo(Reason.ADMITTED);
        assertThat(ledger.read(third).released().reasons()).isEmpty();
        assertThat(hold(ledger.read(third))).isEmpty();
        assertThat(ledger.read(fourth).reason()).isEqualTo(Reason.CANARY);
    }

    @Test
    void forgetsWhatNobodyAsksForAnyMore() {
        var all = List.of(cancel("a"), cancel("b"), cancel("c"));
        all.forEach(this::hold);
        ledger.pass(Duration.ofDays(31));
        review();
        assertThat(rows()).as("open").isOne();

        all.forEach(each -> ledger.settle(each, LedgerFixture.resolution(Reason.BY_SOURCE), null));
        review();

        assertThat(rows()).isZero();
    }

    private long rows() {
        return ledger.jdbc()
                .sql("select count(*) from canary")
                .query(Long.class)
                .single();
    }

    private int review() {
        return canaries.review(ledger.now(), () -> false);
    }

    private Optional<String> hold(Request request) {
        return canaries.hold(request, ledger.now());
    }

    private Request cancel(String customer) {
        return ledger.admit(
                Admissions.cancel().of(Admissions.customer(customer)).inGroup("autumn"));
    }

    private Request morning(String customer) {
        return ledger.admit(
                Admissions.cancel().of(Admissions.customer(customer)).byJob("mornings"));
    }

    private long run() {
        ledger.jdbc()
                .sql("""
                insert into run (job, name, plan_only, created_by, cause, created_at)
                values ('offboarding', 'autumn', false, 'jane', 'test', :now)
                """)
                .param("now", ledger.now().atOffset(ZoneOffset.UTC))
                .update();
        return ledger.jdbc()
                .sql("select number from run where name = 'autumn'")
                .query(Long.class)
                .single();
    }

    private Request line(String customer, long run, int number) {
        return ledger.admit(Admissions.cancel()
                .of(Admissions.customer(customer))
                .inGroup("group of " + customer)
                .inRun(run, number));
    }
}
