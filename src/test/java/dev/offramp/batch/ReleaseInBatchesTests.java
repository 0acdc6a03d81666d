package dev.offramp.batch;

import static dev.offramp.batch.ProcessingTests.cancel;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Expectation;
import dev.offramp.offboarding.Reason;
import dev.offramp.safety.Brake;
import dev.offramp.safety.Budgets;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a person releases goes past the guard that held it, past no other, and through the same gate. */
@OnBothDatabases
class ReleaseInBatchesTests {

    private final BatchNode node;

    ReleaseInBatchesTests(TestDatabase database) {
        node = BatchNode.over(database.fresh(), "offramp.safety.budget.customers.cancel-subscription=1");
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void goesThroughWithExactlyOneCallAndIsCounted() {
        Request first = node.admit(cancel("a"));
        Request second = node.admit(cancel("b"));
        node.work();
        assertThat(node.told(first)).endsWith(Reason.DONE);
        assertThat(node.told(second)).endsWith(Reason.BUDGET_EXCEEDED);

        release(second);
        node.work();

        assertThat(node.told(second)).endsWith(Reason.BUDGET_EXCEEDED, Reason.ADMITTED, Reason.DONE);
        assertThat(node.partnerCenter.callsFor(second.subscriptionId())).hasSize(1);
        assertThat(node.context.getBean(Budgets.class).list(node.clock.instant()))
                .filteredOn(each -> each.budget().scope().name().equals("cancel-subscription"))
                .singleElement()
                .satisfies(each -> assertThat(each.used()).isEqualTo(2));
    }

    @Test
    void isHeldAgainByAnotherGuard() {
        node.admit(cancel("a"));
        Request second = node.admit(cancel("b").expecting(new Expectation(null, 7, null, null)));
        node.work();
        release(second);

        node.work();

        assertThat(node.told(second))
                .containsExactly(Reason.ADMITTED, Reason.BUDGET_EXCEEDED, Reason.ADMITTED, Reason.EXPECTATION_MISMATCH);
        assertThat(node.partnerCenter.callsFor(second.subscriptionId())).isEmpty();

        release(second);
        node.work();

        assertThat(node.told(second)).endsWith(Reason.EXPECTATION_MISMATCH, Reason.ADMITTED, Reason.DONE);
        assertThat(node.partnerCenter.callsFor(second.subscriptionId())).hasSize(1);
    }

    @Test
    void passesNoOtherExpectationThanTheOneThatHeldIt() {
        Request request =
                node.admit(cancel("a").expecting(new Expectation("other-offer", null, "contoso.example", null)));
        node.work();
        release(request);
        node.work();

        assertThat(node.told(request))
                .containsExactly(
                        Reason.ADMITTED, Reason.EXPECTATION_MISMATCH, Reason.ADMITTED, Reason.EXPECTATION_UNREADABLE);
        assertThat(node.partnerCenter.calls).isEmpty();
    }

    @Test
    void isHeldAnewWhenWhatIsFoundIsNotWhatWasReleased() {
        Request request = node.admit(cancel("a").expecting(new Expectation(null, 7, null, null)));
        node.work();
        release(request);
        node.partnerCenter.quantities.put(request.subscriptionId().value(), 300);

        node.work();

        assertThat(node.told(request))
                .containsExactly(
                        Reason.ADMITTED, Reason.EXPECTATION_MISMATCH, Reason.ADMITTED, Reason.EXPECTATION_MISMATCH);
        assertThat(node.lastOutcome(request).message()).contains("quantity is 300, expected was 7");
        assertThat(node.partnerCenter.calls).isEmpty();

        release(request);
        node.work();

        assertThat(node.told(request)).endsWith(Reason.ADMITTED, Reason.DONE);
        assertThat(node.partnerCenter.calls).hasSize(1);
    }

    @Test
    void isNeverReleasedFromTheBrake() {
        node.admit(cancel("a"));
        Request second = node.admit(cancel("b"));
        node.work();
        release(second);
        node.pull(Brake.Scope.OPERATION, "cancel-subscription");

        node.work();
        assertThat(node.partnerCenter.callsFor(second.subscriptionId())).isEmpty();

        node.release(Brake.Scope.OPERATION, "cancel-subscription");
        node.pull(Brake.Scope.ALL, "");
        node.work();
        assertThat(node.partnerCenter.callsFor(second.subscriptionId())).isEmpty();

        node.release(Brake.Scope.ALL, "");
        node.work();
        assertThat(node.told(second)).endsWith(Reason.DONE);
    }

    private void release(Request request) {
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
                        node.clock.instant());
    }
}
