package dev.offramp.batch;

import static dev.offramp.partnercenter.pace.ResourceClass.ORDER;
import static dev.offramp.partnercenter.pace.ResourceClass.SUBSCRIPTION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.batch.FakePartnerCenter.Trouble;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.AzureSubscription;
import dev.offramp.offboarding.Blocker;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.SoftwareOrder;
import dev.offramp.offboarding.SoftwareOrder.Line;
import dev.offramp.offboarding.Subscription.Kind;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.offboarding.Terms.OnActiveAzureSubscriptions;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Azure plans and software that is cancelled by its order: what is read beside, each step once over every death. */
@OnBothDatabases
class KindsInBatchesTests {

    private static final CustomerId CONTOSO = Admissions.customer("contoso");
    private static final SubscriptionId PLAN = Admissions.subscription("plan");
    private static final SubscriptionId SOFTWARE = Admissions.subscription("software");
    private static final String ORDER_OF_SOFTWARE = "order-of-" + SOFTWARE;
    private static final String PURCHASE = "2y6dF_rVgDAXMxypQPPnTquuXhKVK_3N1";
    private static final Duration A_WHILE = Duration.ofMinutes(15);

    private final BatchNode node;
    private final FakePartnerCenter partnerCenter;

    KindsInBatchesTests(TestDatabase database) {
        node = BatchNode.over(database.fresh(), "offramp.safety.budget.customers.remove-reseller-relationship=100");
        partnerCenter = node.partnerCenter;
        partnerCenter.kinds.putAll(Map.of(PLAN.value(), Kind.AZURE_PLAN, SOFTWARE.value(), Kind.PERPETUAL_SOFTWARE));
        partnerCenter.azure.put(
                PLAN, List.of(azure("shop", "active"), azure("old", "inactive"), azure("lab", "active")));
        partnerCenter.orders.put(ORDER_OF_SOFTWARE, order(ORDER_OF_SOFTWARE, line(0, SOFTWARE)));
        partnerCenter.orders.put(PURCHASE, order(PURCHASE, line(0, null), line(1, null)));
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void namesWhatIsActiveUnderAnAzurePlanAndTouchesNothing() {
        Request request = node.admit(Admissions.cancel().of(CONTOSO, PLAN));
        node.work();

        assertThat(node.told(request)).endsWith(Reason.AZURE_SUBSCRIPTIONS_ACTIVE);
        assertThat(node.lastOutcome(request).details().blockers())
                .extracting(Blocker::kind, Blocker::id)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("azure-subscription", "shop"),
                        org.assertj.core.groups.Tuple.tuple("azure-subscription", "lab"));
        assertThat(words()).isEmpty();
    }

    @Test
    void cancelsWhatIsUnderAnAzurePlanFirstWhenTheRequestSaysSo() {
        Request request = plan();
        goOn(request);

        assertThat(words()).containsExactly("cancel-azure:shop", "cancel-azure:lab", "cancel");
        assertThat(node.told(request)).endsWith(Reason.DONE);
        assertThat(node.read(request).effect()).isEqualTo(Effect.CANCELLED);
    }

    @Test
    void reservesWhatIsReadBesideTogetherWithTheRest() {
        node.admit(Admissions.cancel().of(CONTOSO, PLAN));
        node.work();
        assertThat(node.pace().reserved)
                .containsExactly(
                        List.of(SUBSCRIPTION, SUBSCRIPTION), List.of(SUBSCRIPTION, SUBSCRIPTION, SUBSCRIPTION));

        node.pace().reserved.clear();
        node.admit(Admissions.cancel().of(CONTOSO, SOFTWARE));
        node.work();
        assertThat(node.pace().reserved)
                .containsExactly(List.of(SUBSCRIPTION, SUBSCRIPTION), List.of(SUBSCRIPTION, ORDER, ORDER));

        node.pace().reserved.clear();
        node.admit(Admissions.cancel().ofOrder(Admissions.customer("fabrikam"), PURCHASE, null));
        node.work();
        assertThat(node.pace().reserved).first().isEqualTo(List.of(ORDER, ORDER));
    }

    @Test
    void cancelsPerpetualSoftwareByItsOrderAndBelievesOnlyARead() {
        Request request = node.admit(Admissions.cancel().of(CONTOSO, SOFTWARE));
        node.work();
        assertThat(words()).containsExactly("cancel-order:" + ORDER_OF_SOFTWARE);
        assertThat(node.told(request)).endsWith(Reason.CONFIRMING);

        goOn(request);
        assertThat(node.told(request)).endsWith(Reason.DONE);
        assertThat(node.lastOutcome(request).details().confirmedBy()).isEqualTo("read-back");
        assertThat(words()).hasSize(1);
    }

    @Test
    void cancelsOneLineOfAnOrderAndLeavesTheOther() {
        Request request = node.admit(Admissions.cancel().ofOrder(CONTOSO, PURCHASE, 1));
        goOn(request);

        assertThat(words()).containsExactly("cancel-order-line:1:" + PURCHASE);
        assertThat(node.told(request)).endsWith(Reason.DONE);
        assertThat(partnerCenter.orders.get(PURCHASE))
                .isEqualTo(new SoftwareOrder(
                        PURCHASE, "completed", "one_time", List.of(line(0, null), new Line(1, "software", null, 0))));
    }

    @Test
    void takesRequestsForTheSameOrderOneAfterTheOtherAndThoseForOthersAsTheyCome() {
        partnerCenter.trouble.put(PURCHASE, Trouble.LOST_BEFORE_THE_EFFECT);
        Request one = node.admit(Admissions.cancel().ofOrder(CONTOSO, PURCHASE, 1));
        Request all = node.admit(Admissions.cancel().ofOrder(CONTOSO, PURCHASE, null));
        Request other = node.admit(Admissions.cancel().ofOrder(CONTOSO, PURCHASE, 0));
        node.work();

        assertThat(node.told(one)).endsWith(Reason.CONFIRMING);
        assertThat(node.told(all)).endsWith(Reason.WAITING_FOR_EARLIER_REQUEST);
        assertThat(node.told(other)).as("it waits for the whole order").endsWith(Reason.WAITING_FOR_EARLIER_REQUEST);

        goOn(other);
        assertThat(node.told(one)).endsWith(Reason.DONE);
        assertThat(node.told(all)).endsWith(Reason.DONE);
        assertThat(node.told(other)).endsWith(Reason.ALREADY_DONE);
    }

    @Test
    void saysSoWhenTheCustomerHasNoSuchOrder() {
        Request request = node.admit(Admissions.cancel().ofOrder(CONTOSO, "somewhere-else", null));
        node.work();

        assertThat(node.told(request)).endsWith(Reason.SUBSCRIPTION_NOT_FOUND);
        assertThat(words()).isEmpty();
    }

    /** The process dies with each call in turn on the wire; the next one finds out what became of it and goes on. */
    @Test
    void takesEachStepOnceWhereverTheProcessDies() {
        for (int dies = 1; dies <= 3; dies++) {
            SubscriptionId plan = Admissions.subscription("plan-" + dies);
            partnerCenter.kinds.put(plan.value(), Kind.AZURE_PLAN);
            partnerCenter.azure.put(plan, List.of(azure("shop", "active"), azure("lab", "active")));
            diesAt(
                    dies,
                    Admissions.cancel()
                            .of(CONTOSO, plan)
                            .onActiveAzureSubscriptions(OnActiveAzureSubscriptions.CANCEL));
            assertThat(words().stream().distinct()).containsExactly("cancel-azure:shop", "cancel-azure:lab", "cancel");
            assertThat(words()).as("only what was not done is called again").hasSize(4);
        }
        diesAt(1, Admissions.cancel().of(CONTOSO, SOFTWARE));
        assertThat(words()).containsExactly("cancel-order:" + ORDER_OF_SOFTWARE, "cancel-order:" + ORDER_OF_SOFTWARE);
        diesAt(1, Admissions.cancel().ofOrder(CONTOSO, PURCHASE, 1));
        assertThat(words()).containsExactly("cancel-order-line:1:" + PURCHASE, "cancel-order-line:1:" + PURCHASE);
    }

    @Test
    void callsNothingAgainOfWhichOnlyTheAnswerWasLost() {
        partnerCenter.trouble.put("lab", Trouble.LOST_AFTER_THE_EFFECT);
        Request plan = plan();
        goOn(plan);
        assertThat(words()).containsExactly("cancel-azure:shop", "cancel-azure:lab", "cancel");
        partnerCenter.calls.clear();

        partnerCenter.trouble.put(PURCHASE, Trouble.LOST_AFTER_THE_EFFECT);
        Request line = node.admit(Admissions.cancel().ofOrder(CONTOSO, PURCHASE, 0));
        goOn(line);
        assertThat(node.told(line)).endsWith(Reason.DONE);
        assertThat(words()).containsExactly("cancel-order-line:0:" + PURCHASE);
    }

    /** The suspension was answered with its effect, and a read shows the state of before for a while. */
    @Test
    void decidesNothingOverAReadThatDoesNotShowWhatWasJustChanged() {
        SubscriptionId one = Admissions.subscription("one");
        partnerCenter.lagging = true;
        Request suspend =
                node.admit(Admissions.change(Operation.SUSPEND_SUBSCRIPTION).of(CONTOSO, one));
        Request reactivate =
                node.admit(Admissions.change(Operation.REACTIVATE_SUBSCRIPTION).of(CONTOSO, one));
        node.work();
        node.work();
        assertThat(node.told(suspend)).endsWith(Reason.DONE);
        assertThat(node.told(reactivate)).as("it is not active already").endsWith(Reason.CONFIRMING);

        partnerCenter.catchUp();
        goOn(reactivate);
        assertThat(node.told(reactivate)).endsWith(Reason.DONE);
        assertThat(words()).containsExactly("suspend", "reactivate", "auto-renew-on");
    }

    private void diesAt(int call, Admissions admission) {
        partnerCenter.calls.clear();
        partnerCenter.whileCalled = _ -> {
            if (partnerCenter.calls.size() == call) {
                throw new IllegalStateException("the process is dying");
            }
        };
        Request request = node.admit(admission);
        for (int looks = 0; looks < 6 && partnerCenter.calls.size() < call; looks++) {
            node.work();
            node.clock.pass(Duration.ofMinutes(1));
        }
        partnerCenter.whileCalled = _ -> {};
        goOn(request);
        assertThat(node.told(request)).as("dies at call %d", call).endsWith(Reason.DONE);
        assertThat(partnerCenter.callsAfterTheEffect).isEmpty();
    }

    private Request plan() {
        return node.admit(
                Admissions.cancel().of(CONTOSO, PLAN).onActiveAzureSubscriptions(OnActiveAzureSubscriptions.CANCEL));
    }

    /** Until the request is final. */
    private void goOn(Request request) {
        for (int looks = 0; looks < 16 && !node.read(request).isFinal(); looks++) {
            node.work();
            node.clock.pass(A_WHILE);
        }
    }

    private List<String> words() {
        return partnerCenter.calls.stream().map(each -> each.step().word()).toList();
    }

    private static AzureSubscription azure(String id, String status) {
        return new AzureSubscription(id, id, status);
    }

    private static SoftwareOrder order(String id, Line... lines) {
        return new SoftwareOrder(id, "completed", "one_time", List.of(lines));
    }

    private static Line line(int number, @Nullable SubscriptionId subscription) {
        return new Line(number, "software", subscription, 5);
    }
}
