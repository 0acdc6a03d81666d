package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static dev.offramp.batch.ProcessingTests.unlink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Holds;
import dev.offramp.ledger.LastChances;
import dev.offramp.ledger.NamedLease;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.LastChance;
import dev.offramp.offboarding.Reason;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What people see of held requests is read once, and nothing is done for it. */
@OnBothDatabases
class HeldReadingTests {

    private final BatchNode node;

    HeldReadingTests(TestDatabase database) {
        node = BatchNode.over(
                database.fresh(),
                "offramp.safety.budget.customers.cancel-subscription=0",
                "offramp.safety.budget.customers.remove-reseller-relationship=0");
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void showsCustomerProductSeatsAndLastChanceOfWhatTheBudgetHolds() {
        Request request = node.admit(cancel("a"));
        Instant closes = node.clock.instant().plus(Duration.ofHours(30));
        node.partnerCenter.windows.put(request.subscriptionId().value(), closes);
        node.work();
        assertThat(node.told(request)).endsWith(Reason.BUDGET_EXCEEDED);
        assertThat(node.partnerCenter.reads)
                .as("the budget holds without a read")
                .hasValue(0);

        assertThat(read()).isOne();

        Holds.Sight sight = Objects.requireNonNull(sight(request));
        assertThat(sight.customer()).isEqualTo("Contoso");
        assertThat(sight.domain()).isEqualTo("contoso.example");
        assertThat(sight.product()).isEqualTo("Business Basic");
        assertThat(sight.seats()).isEqualTo(25);
        assertThat(sight.lastChance()).isEqualTo(closes);
        assertThat(sight.lastChanceOf()).isEqualTo("cancellation-window");
        assertThat(sight.unread()).isNull();
        assertThat(node.context.getBean(LastChances.class).of(request.number()))
                .contains(new LastChance(closes, LastChance.End.CANCELLATION_WINDOW));
        assertThat(node.partnerCenter.calls).isEmpty();
        assertThat(node.told(request)).endsWith(Reason.BUDGET_EXCEEDED);
    }

    @Test
    void readsOnceAndLeavesTheStateAsItIs() {
        Request request = node.admit(cancel("a"));
        node.work();
        Request held = node.read(request);

        assertThat(read()).isOne();
        int reads = node.partnerCenter.reads.get();
        assertThat(read()).isZero();

        assertThat(node.partnerCenter.reads).hasValue(reads);
        assertThat(node.read(request))
                .as("a decision over what was listed still holds")
                .isEqualTo(held);
    }

    @Test
    void countsTheSubscriptionsOfACustomerWhoIsToBeUnlinked() {
        Request request = node.admit(unlink("a"));
        node.work();

        read();

        assertThat(Objects.requireNonNull(sight(request)).product()).endsWith("subscriptions");
        assertThat(Objects.requireNonNull(sight(request)).lastChance())
                .isEqualTo(request.terms().notAfter());
        assertThat(Objects.requireNonNull(sight(request)).lastChanceOf()).isEqualTo("not-after");
    }

    @Test
    void saysWhyItCouldNotBeReadAndReadsAgainWhatDidNotAnswer() {
        Request foreign = node.admit(cancel("a"));
        node.partnerCenter.foreign.add(foreign.customerId());
        Request silent = node.admit(cancel("b"));
        node.partnerCenter.unreadable.add(silent.subscriptionId().value());
        node.work();

        read();

        assertThat(Objects.requireNonNull(sight(foreign)).unread()).isEqualTo("The customer is not ours.");
        assertThat(Objects.requireNonNull(sight(silent)).unread())
                .isEqualTo("Partner Center does not answer; it is read again.");
        assertThat(Objects.requireNonNull(sight(silent)).customer()).isEqualTo("Contoso");

        node.partnerCenter.unreadable.clear();
        assertThat(read()).isZero();
        node.clock.pass(Duration.ofMinutes(1));
        assertThat(read()).isOne();
        assertThat(Objects.requireNonNull(sight(silent)).unread()).isNull();
        assertThat(Objects.requireNonNull(sight(silent)).product()).isEqualTo("Business Basic");
    }

    @Test
    void waitsForThePaceAndGivesBackWhatWouldTakeTooLong() {
        node.admit(cancel("a"));
        node.work();
        node.pace().wait = Duration.ofMinutes(5);

        assertThat(read()).isZero();

        assertThat(node.partnerCenter.reads).hasValue(0);
        assertThat(node.pace().givenBack).hasValue(2);
        assertThat(node.pace().shares)
                .allSatisfy(share -> assertThat(share.percent()).isEqualTo(10));
    }

    @Test
    void readsOnOneNodeAtATime() {
        node.admit(cancel("a"));
        node.work();
        new NamedLease(node.jdbc(), "held-reading", "other", Duration.ofSeconds(30)).hold(node.clock.instant());

        assertThat(read()).isZero();
        node.clock.pass(Duration.ofSeconds(30));
        assertThat(read()).isOne();
    }

    private int read() {
        return node.context.getBean(HeldReading.class).round(_ -> true);
    }

    private Holds.@Nullable Sight sight(Request request) {
        return Objects.requireNonNull(node.context
                        .getBean(Holds.class)
                        .of(List.of(request.number()))
                        .get(request.number()))
                .sight();
    }
}
