package dev.offramp.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Expectation;
import dev.offramp.offboarding.Reason;
import dev.offramp.safety.GuardRounds;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.SettableClock;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The first customers of a group go; the rest follows by itself when they are well, and not at all when one is not. */
@OnBothDatabases
class CanariesInBatchesTests {

    private static final String[] SETTINGS = {"offramp.safety.canary.customers=2", "offramp.safety.canary.settle=10m"};

    private final HikariDataSource database;
    private final FakePartnerCenter partnerCenter = new FakePartnerCenter();
    private final SettableClock clock = new SettableClock(Admissions.START);
    private final List<BatchNode> nodes = new ArrayList<>();

    CanariesInBatchesTests(TestDatabase kind) {
        database = kind.fresh();
    }

    @AfterEach
    void close() {
        nodes.forEach(BatchNode::close);
    }

    private BatchNode node(String name, String... more) {
        List<String> all = new ArrayList<>(List.of(SETTINGS));
        all.addAll(List.of(more));
        all.add("offramp.node=" + name);
        BatchNode node = BatchNode.over(database, partnerCenter, clock, all.toArray(String[]::new));
        nodes.add(node);
        return node;
    }

    @Test
    void letsTheRestFollowByItselfOnceTheFirstAreWell() {
        BatchNode node = node("one");
        List<Request> list = list(node, 7);
        node.work();
        assertThat(reasons(node, list)).startsWith(Reason.DONE, Reason.DONE).endsWith(waiting(5));
        assertThat(partnerCenter.calls).hasSize(2);
        assertThat(node.lastOutcome(list.getLast()).message())
                .isEqualTo(
                        "The first 2 customers of cancel-subscription of source /contoso/billing in group 'autumn' go first; "
                                + "the rest waits until they are confirmed and nothing was wrong for 10 min.");

        clock.pass(Duration.ofMinutes(9));
        assertThat(review(node)).isZero();
        clock.pass(Duration.ofMinutes(1));
        assertThat(review(node)).isEqualTo(5);
        node.work();

        assertThat(reasons(node, list)).containsOnly(Reason.DONE);
        assertThat(node.told(list.getLast()))
                .containsExactly(Reason.ADMITTED, Reason.CANARY, Reason.ADMITTED, Reason.DONE);
        assertThat(node.read(list.getLast()).released().reasons())
                .as("no person released it")
                .isEmpty();
        assertThat(partnerCenter.calls).hasSize(7);
    }

    @Test
    void keepsTheRestWhenOneOfTheFirstIsNotWell() {
        BatchNode node = node("one");
        Request wrong = node.admit(cancel(0).expecting(new Expectation(null, 7, null, null)));
        List<Request> list = list(node, 4);
        node.work();
        assertThat(node.told(wrong)).endsWith(Reason.EXPECTATION_MISMATCH);

        clock.pass(Duration.ofDays(1));
        review(node);
        node.work();

        assertThat(partnerCenter.calls).hasSize(1);
        assertThat(node.told(list.get(2))).endsWith(Reason.CANARY);
        assertThat(node.lastOutcome(list.get(2)).message())
                .isEqualTo(
                        "The first 2 customers of cancel-subscription of source /contoso/billing in group 'autumn' went first, "
                                + "and one of them is not well: request %s of customer %s is held: expectation-mismatch."
                                        .formatted(wrong.key(), wrong.customerId()));
        review(node);
        assertThat(node.told(list.get(2)).stream().filter(Reason.CANARY::equals))
                .as("is told once that a person decides")
                .hasSize(2);

        release(node, list.get(2));
        node.work();
        assertThat(node.told(list.get(2))).endsWith(Reason.ADMITTED, Reason.DONE);
        assertThat(node.read(list.get(3)).reason()).isEqualTo(Reason.CANARY);
    }

    @Test
    void takesAnotherWhereOneOfTheFirstShowsNothing() {
        BatchNode node = node("one");
        List<Request> list = list(node, 5);
        partnerCenter.deleted.add(list.get(0).subscriptionId().value());
        node.work();
        assertThat(node.told(list.get(0))).endsWith(Reason.ALREADY_DONE);
        assertThat(partnerCenter.calls).hasSize(1);

        assertThat(review(node)).isEqualTo(1);
        node.work();

        assertThat(reasons(node, list))
                .containsExactly(Reason.ALREADY_DONE, Reason.DONE, Reason.DONE, Reason.CANARY, Reason.CANARY);
    }

    @Test
    void choosesTheSameFirstOnSeveralNodesAndAfterARestart() {
        BatchNode one = node("one", "offramp.batch.max-requests=4");
        BatchNode two = node("two", "offramp.batch.max-requests=4");
        List<Request> list = list(one, 16);

        one.dispatcher().look();
        two.dispatcher().look();
        one.work();
        two.work();

        assertThat(partnerCenter.calls).hasSize(2);
        assertThat(reasons(one, list).stream().filter(Reason.DONE::equals)).hasSize(2);
        assertThat(reasons(one, list).stream().filter(Reason.CANARY::equals)).hasSize(14);

        one.close();
        two.close();
        BatchNode next = node("three");
        List<Request> more = list(next, 17, 19);
        next.work();
        assertThat(reasons(next, more)).containsOnly(Reason.CANARY);
        clock.pass(Duration.ofMinutes(10));
        review(next);
        next.work();
        next.work();
        next.work();
        next.work();
        assertThat(partnerCenter.calls).hasSize(18);
    }

    @Test
    void asksNothingOfWhatIsInNoGroup() {
        BatchNode node = node("one");
        List<Request> single = IntStream.range(0, 5)
                .mapToObj(each -> node.admit(Admissions.cancel()
                        .of(Admissions.customer("" + each), Admissions.subscription("" + each))
                        .as("single-" + each)))
                .toList();
        node.work();
        node.work();

        assertThat(reasons(node, single)).containsOnly(Reason.DONE);
    }

    private static Reason[] waiting(int count) {
        return IntStream.range(0, count).mapToObj(_ -> Reason.CANARY).toArray(Reason[]::new);
    }

    private static List<Reason> reasons(BatchNode node, List<Request> requests) {
        return requests.stream().map(each -> node.read(each).reason()).toList();
    }

    private List<Request> list(BatchNode node, int count) {
        return list(node, 1, count + 1);
    }

    private List<Request> list(BatchNode node, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(each -> node.admit(cancel(each)))
                .toList();
    }

    private static Admissions cancel(int each) {
        return Admissions.cancel()
                .of(Admissions.customer("" + each), Admissions.subscription("" + each))
                .as("cancel-" + each)
                .inGroup("autumn");
    }

    private int review(BatchNode node) {
        return GuardRounds.reviewCanaries(node.context, clock.instant());
    }

    private void release(BatchNode node, Request request) {
        node.ledger()
                .requests()
                .settle(
                        node.read(request),
                        Resolution.of(
                                Reason.ADMITTED,
                                request.effect(),
                                "A person released it.",
                                Details.with().decidedBy("jane").build()),
                        null,
                        clock.instant());
    }
}
