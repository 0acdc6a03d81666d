package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.unlink;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.Admissions.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Details;
import dev.offramp.ledger.NamedLease;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Terms.OnActiveSubscriptions;
import dev.offramp.safety.Plan;
import dev.offramp.safety.Plan.Item;
import dev.offramp.safety.Plan.Judged;
import dev.offramp.safety.Plan.State;
import dev.offramp.safety.PlanTotals;
import dev.offramp.safety.Plans;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A plan reads and judges as the work would, and does nothing. */
@OnBothDatabases
class PlanMakingTests {

    private final BatchNode node;

    PlanMakingTests(TestDatabase database) {
        node = BatchNode.over(
                database.fresh(),
                "offramp.safety.budget.customers.cancel-subscription=1",
                "offramp.safety.budget.customers.remove-reseller-relationship=1");
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void saysWhatEachRequestWouldDoAndWhatItAllComesTo() throws Exception {
        Request going = node.admit(cancel("a"));
        Request tooMany = node.admit(cancel("b"));
        Request foreign = node.admit(unlink("c"));
        node.partnerCenter.foreign.add(foreign.customerId());
        var chain = customer("d");
        var one = subscription("d1");
        var two = subscription("d2");
        node.partnerCenter.subscriptions.put(chain, List.of(one, two));
        Request chained = node.admit(Admissions.unlink().of(chain).onActiveSubscriptions(OnActiveSubscriptions.CANCEL));
        Request over = node.admit(cancel("e"));
        long number = ask(going, tooMany, foreign, chained, over);
        node.ledger()
                .requests()
                .settle(
                        node.read(over),
                        Resolution.of(
                                Reason.BY_OPERATOR,
                                Effect.NONE,
                                "Taken back.",
                                Details.with().build()),
                        null,
                        node.clock.instant());

        assertThat(make()).isEqualTo(5);

        Plan plan = plan(number);
        assertThat(plan.state()).isEqualTo(State.MADE);
        assertThat(plan.judged()).isEqualTo(5);
        Judged first = judged(number, going);
        assertThat(first.verdict()).isEqualTo("go");
        assertThat(first.steps()).containsExactly("cancel");
        assertThat(first.customer()).isEqualTo("Contoso");
        assertThat(first.product()).isEqualTo("Business Basic");
        assertThat(first.seats()).isEqualTo(25);
        assertThat(judged(number, foreign).verdict()).isEqualTo("blocked");
        assertThat(judged(number, foreign).reason()).isEqualTo(Reason.NOT_OUR_CUSTOMER.word());
        assertThat(judged(number, chained).steps()).containsExactly("cancel:" + one, "cancel:" + two, "unlink");
        assertThat(judged(number, over).verdict()).isEqualTo("gone");
        assertThat(item(number, going).heldBackBy()).isNull();
        assertThat(item(number, tooMany).heldBackBy()).startsWith("budget-exceeded: The budget of");

        PlanTotals totals = PlanTotals.of(plans().items(number));
        assertThat(totals.customers()).isEqualTo(3);
        assertThat(totals.calls()).isEqualTo(5);
        assertThat(totals.heldBack()).isOne();
        assertThat(totals.reasons()).containsEntry("not-our-customer", 1);

        assertThat(node.partnerCenter.calls).as("nothing is called").isEmpty();
        assertThat(node.told(going)).as("nothing is told").containsExactly(Reason.ADMITTED);
        assertThat(node.jdbc()
                        .sql("select count(*) from permit")
                        .query(Integer.class)
                        .single())
                .as("nothing is reserved")
                .isZero();
        assertThat(plan.hash())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256")
                                .digest(plans().content(plan).getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void goesOnWhereItWasInterrupted() {
        Request one = node.admit(cancel("a"));
        Request other = node.admit(cancel("b"));
        long number = ask(one, other);
        node.partnerCenter.unreadable.add(other.subscriptionId().value());

        assertThat(make()).isOne();
        assertThat(plan(number).state()).isEqualTo(State.MAKING);
        assertThat(plan(number).judged()).isOne();
        int reads = node.partnerCenter.reads.get();

        node.partnerCenter.unreadable.clear();
        assertThat(make()).isOne();
        assertThat(plan(number).state()).isEqualTo(State.MADE);
        assertThat(node.partnerCenter.reads.get() - reads)
                .as("the first one is not read again")
                .isLessThan(4);
        assertThat(plan(number).stateAt(Instant.MAX)).isEqualTo(State.EXPIRED);
    }

    @Test
    void isMadeByOneNodeAtATimeAndNotAnyMoreOnceItIsDiscarded() {
        long number = ask(node.admit(cancel("a")));
        new NamedLease(node.jdbc(), "plan-making", "other", Duration.ofSeconds(30)).hold(node.clock.instant());
        assertThat(make()).isZero();

        assertThat(plans().discard(number, "ann", "wrong group", node.clock.instant()))
                .isTrue();
        node.clock.pass(Duration.ofSeconds(30));
        assertThat(make()).isZero();
        assertThat(plans().made(number, Map.of(), node.clock.instant())).isFalse();
        assertThat(plans().discard(number, "ann", "again", node.clock.instant()))
                .isFalse();
        assertThat(plans().list(null, 10)).extracting(Plan::state).containsExactly(State.DISCARDED);
    }

    @Test
    void hasAnotherHashWhenAnythingOfItIsOther() {
        Request request = node.admit(cancel("a"));
        long first = ask(request);
        make();
        node.partnerCenter.quantities.put(request.subscriptionId().value(), 26);
        long second = ask(request);
        make();

        assertThat(judged(first, request).facts())
                .isNotEqualTo(judged(second, request).facts());
        assertThat(plan(first).hash()).isNotEqualTo(plan(second).hash());
        node.clock.pass(Duration.ofHours(1));
        long third = ask(request);
        make();
        assertThat(judged(third, request).facts())
                .as("when it was read does not matter")
                .isEqualTo(judged(second, request).facts());
    }

    private long ask(Request... requests) {
        return plans().ask("a test", List.of(requests), "ann", "review", node.clock.instant())
                .number();
    }

    private int make() {
        return node.context.getBean(PlanMaking.class).round(_ -> true);
    }

    private Plans plans() {
        return node.context.getBean(Plans.class);
    }

    private Plan plan(long number) {
        return plans().byNumber(number).orElseThrow();
    }

    private Item item(long plan, Request request) {
        return plans().items(plan).stream()
                .filter(each -> each.request() == request.number())
                .findFirst()
                .orElseThrow();
    }

    private Judged judged(long plan, Request request) {
        return Objects.requireNonNull(item(plan, request).judged());
    }
}
