package dev.offramp.safety;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.Admissions.unlink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests.Filter;
import dev.offramp.ledger.Requests.Filter.By;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.safety.Approvals.Answer;
import dev.offramp.safety.DecisionBook.Asker;
import dev.offramp.safety.PendingDecision.Item;
import dev.offramp.safety.PendingDecision.State;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class HeldReleasesTests {

    private static final Asker ANN = asker("ann");
    private static final Asker BOB = asker("bob");
    private static final Asker LOGIN_FILE = new Asker(
            "jane (log-in file)", new Person.Unknown("The log-in file does not tell people apart."), "checked");

    private final LedgerFixture fixture;
    private final DecisionBook book;
    private final Approvals releases;

    HeldReleasesTests(TestDatabase database) {
        fixture = LedgerFixture.over(database.fresh());
        book = new JdbcDecisionBook(fixture.jdbc());
        var requests = fixture.ledger().requests();
        var audit = fixture.ledger().audit();
        var plans = new JdbcPlans(fixture.jdbc(), fixture.transactions(), audit, Duration.ofHours(24));
        releases = new Approvals(
                new HeldReleases(requests, book, audit),
                new PlanApprovals(plans, requests, book),
                book,
                new FourEyes(20, Duration.ofHours(24), Duration.ofHours(24), Set.of("ann", "bob")),
                audit,
                fixture.transactions());
    }

    @Test
    void letsOnePersonReleaseTwentyCustomers() {
        var held = held(20, "a");

        assertThat(release("a", 20, LOGIN_FILE)).isEqualTo(new Answer.Done(20));

        assertThat(held)
                .allSatisfy(each -> assertThat(fixture.read(each).status()).isEqualTo(Status.ACCEPTED));
    }

    @Test
    void countsTheRequestsOfOneCustomerOnce() {
        IntStream.range(0, 30)
                .forEach(_ -> hold(fixture.admit(cancel().of(customer("one")).inGroup("a"))));

        assertThat(release("a", 30, ANN)).isEqualTo(new Answer.Done(30));
    }

    @Test
    void takesASecondPersonForTheTwentyFirstCustomerHoweverSmallThePieces() {
        held(12, "a");
        held(8, "b");
        var last = held(1, "c").getFirst();

        assertThat(release("a", 12, ANN)).isEqualTo(new Answer.Done(12));
        assertThat(release("b", 8, BOB)).isEqualTo(new Answer.Done(8));
        assertThat(release("c", 1, ANN)).isInstanceOf(Answer.Waiting.class);
        assertThat(fixture.read(last)).isEqualTo(last);
        assertThat(release("c", 1, LOGIN_FILE))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.sentence())
                                .contains("20 were let go on by one person alone in the last 24 h")
                                .contains("more than 20 take two persons")
                                .contains("does not tell people apart"));

        fixture.pass(Duration.ofHours(24));
        assertThat(release("c", 1, LOGIN_FILE)).isEqualTo(new Answer.Done(1));
    }

    @Test
    void countsWhatTwoReleaseAtTheSameTime() throws Exception {
        held(15, "a");
        held(15, "b");

        List<Answer> answers = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(2)) {
            List<Callable<Answer>> both = List.of(() -> release("a", 15, ANN), () -> release("b", 15, BOB));
            for (var each : threads.invokeAll(both)) {
                answers.add(each.get());
            }
        }

        assertThat(answers)
                .hasAtLeastOneElementOfType(Answer.Done.class)
                .hasAtLeastOneElementOfType(Answer.Waiting.class);
    }

    @Test
    void releasesExactlyWhatTheFirstPersonSawWhenAnotherConfirmsIt() {
        var held = held(22, "a");
        long number = asked("a", 22);
        fixture.settle(held.get(3), resolution(Reason.REJECTED_BY_OPERATOR), null);
        fixture.settle(held.get(4), resolution(Reason.CONFIRMATION_NEEDED), null);
        var late = held(1, "a").getFirst();

        assertThat(sentence(releases.confirm(number, ANN, fixture.now()))).startsWith("ann asked for it");
        assertThat(sentence(releases.confirm(number, LOGIN_FILE, fixture.now())))
                .contains("does not tell people apart");
        assertThat(held)
                .allSatisfy(each -> assertThat(fixture.read(each).status()).isNotEqualTo(Status.ACCEPTED));

        var done = (Answer.Decided) releases.confirm(number, BOB, fixture.now());

        assertThat(done.decision().stateAt(fixture.now())).isEqualTo(State.CARRIED_OUT);
        assertThat(done.decision().carriedOut()).isEqualTo(20);
        assertThat(fixture.read(held.getFirst()).released().contains(Reason.BUDGET_EXCEEDED))
                .isTrue();
        assertThat(fixture.outcomes(held.getFirst()).getLast().details().decidedBy())
                .isEqualTo("ann, confirmed by bob");
        assertThat(fixture.read(held.get(3)).reason()).isEqualTo(Reason.REJECTED_BY_OPERATOR);
        assertThat(fixture.read(held.get(4)).reason()).isEqualTo(Reason.CONFIRMATION_NEEDED);
        assertThat(fixture.read(late)).isEqualTo(late);
        assertThat(book.items(number))
                .extracting(Item::skipped)
                .filteredOn(each -> each != null)
                .hasSize(2);
        assertThat(sentence(releases.confirm(number, BOB, fixture.now()))).contains("was confirmed by bob");
        // What two released counts for nobody alone.
        assertThat(release("a", 1, LOGIN_FILE)).isInstanceOf(Answer.Refused.class);
        fixture.settle(fixture.read(held.get(4)), resolution(Reason.REJECTED_BY_OPERATOR), null);
        assertThat(release("a", 1, LOGIN_FILE)).isEqualTo(new Answer.Done(1));
    }

    @Test
    void forgetsADecisionThatNobodyConfirmedOrSomebodyRejected() {
        var held = held(21, "a");
        long late = asked("a", 21);
        fixture.pass(Duration.ofHours(24));
        assertThat(sentence(releases.confirm(late, BOB, fixture.now()))).contains("expired");

        long rejected = asked("a", 21);
        releases.reject(rejected, BOB, fixture.now());
        assertThat(sentence(releases.confirm(rejected, BOB, fixture.now()))).contains("was rejected by bob");

        assertThat(held).allSatisfy(each -> assertThat(fixture.read(each)).isEqualTo(each));
        assertThat(book.list(State.EXPIRED, null, 10, fixture.now()))
                .extracting(PendingDecision::number)
                .containsExactly(late);
        assertThat(book.list(null, null, 10, fixture.now())).hasSize(2);
        assertThat(releases.confirm(999_999, BOB, fixture.now())).isEqualTo(new Answer.Unknown());
    }

    @Test
    void takesLogInsOfTwoKindsForOnePerson() {
        held(21, "a");
        long number = asked("a", 21);

        var token = new Asker("cy (token)", new Person.Known(Person.Kind.TOKEN, "cy"), "checked");
        assertThat(sentence(releases.confirm(number, token, fixture.now()))).contains("log-ins of both kinds");
        var again = new Asker("ANN", new Person.Known(Person.Kind.USER, "ANN "), "checked");
        assertThat(sentence(releases.confirm(number, again, fixture.now()))).startsWith("ann asked for it");
    }

    private long asked(String group, int count) {
        return ((Answer.Waiting) release(group, count, ANN)).decision().number();
    }

    private Answer release(String group, int count, Asker who) {
        return releases.release(Filter.ALL.and(Status.HELD).and(By.GROUP, group), count, who, fixture.now());
    }

    private List<Request> held(int count, String group) {
        return IntStream.range(0, count)
                .mapToObj(each -> hold(fixture.admit(unlink().of(customer(group + each))
                        .inGroup(group)
                        .notAfter(Admissions.START.plus(Duration.ofDays(90))))))
                .toList();
    }

    private Request hold(Request request) {
        fixture.settle(request, resolution(Reason.BUDGET_EXCEEDED), null);
        return fixture.read(request);
    }

    private static Resolution resolution(Reason reason) {
        return Resolution.of(reason, Effect.NONE, "A guard.", Details.with().build());
    }

    private static String sentence(Answer answer) {
        return ((Answer.Refused) answer).sentence();
    }

    private static Asker asker(String name) {
        return new Asker(name, new Person.Known(Person.Kind.USER, name), "checked");
    }
}
