package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.AzureSubscription;
import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.Subscription;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.offboarding.SubscriptionStatus.Known;
import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.simulator.Scenario;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client's other changes and its pages, against the simulator. */
class SimulatedChangesTests {

    private static final SubscriptionId LICENCE = SubscriptionId.of("50000000-0000-4000-8000-00000000000a");
    private static final SubscriptionId PLAN = SubscriptionId.of("50000000-0000-4000-8000-00000000000b");
    private static final String AZURE = "e0000000-0000-4000-8000-00000000000c";
    private static final String ORDER = "Perpetual-Order_1";

    private final PartnerCenterSimulator simulator = PartnerCenterSimulator.start(
            Scenario.builder()
                    .application("app", "secret")
                    .refreshToken("rt")
                    .customer(
                            "Contoso",
                            c -> c.id(TestClient.CUSTOMER.value())
                                    .newCommerceLicence(
                                            s -> s.id(LICENCE.value()).autoRenew(true))
                                    .azurePlan(s -> s.id(PLAN.value()).azureSubscription(AZURE))
                                    .perpetualSoftware(ORDER))
                    .customer("Many {n}", c -> c.times(600))
                    .build(),
            0);
    private final PartnerCenter partnerCenter = TestClient.signedInAt(
            simulator.baseUri(), PartnerTenantId.of(simulator.scenario().partnerTenantId()), "rt");

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void readsAllCustomersPageByPage() {
        Set<Object> customers = new HashSet<>();
        int pages = 0;
        String continuation = null;
        do {
            CustomerPage page = found(partnerCenter.customers(continuation));
            page.customers().forEach(each -> customers.add(each.id()));
            assertThat(page.complete()).isTrue();
            continuation = page.continuation();
            pages++;
        } while (continuation != null && pages < 5);

        assertThat(customers).hasSize(601);
        assertThat(pages).isBetween(2, 3);
    }

    @Test
    void suspendsReactivatesAndSetsAutoRenewal() {
        assertThat(change(Change.AUTO_RENEW_OFF).autoRenew()).isFalse();
        assertThat(change(Change.AUTO_RENEW_ON).autoRenew()).isTrue();
        assertThat(change(Change.SUSPEND).status().is(Known.SUSPENDED)).isTrue();
        assertThat(change(Change.REACTIVATE).status().is(Known.ACTIVE)).isTrue();
        assertThat(simulator.calls()).hasSize(4);
    }

    @Test
    void cancelsAnAzureSubscriptionThatIsOverAfterAWhile() {
        assertThat(found(partnerCenter.azureSubscriptions(TestClient.CUSTOMER, PLAN))
                        .items())
                .singleElement()
                .satisfies(one -> assertThat(one.entitlement()).isEqualTo(AZURE))
                .satisfies(one -> assertThat(one.isInactive()).isFalse());

        Call call = partnerCenter.cancelAzureSubscription(
                TestClient.permit(Operation.CANCEL_SUBSCRIPTION, new Step.CancelAzureSubscription(PLAN, AZURE)));

        assertThat(reply(call)).isInstanceOf(Reply.Accepted.class);
        simulator.advanceClock(Duration.ofMinutes(30));
        assertThat(found(partnerCenter.azureSubscriptions(TestClient.CUSTOMER, PLAN))
                        .items())
                .allMatch(AzureSubscription::isInactive);
    }

    @Test
    void cancelsAnOrder() {
        assertThat(found(partnerCenter.orders(TestClient.CUSTOMER)).items())
                .anySatisfy(each -> assertThat(each.order().id()).isEqualTo(ORDER));
        OrderResource current = found(partnerCenter.order(TestClient.CUSTOMER, ORDER));

        Call call = partnerCenter.cancelOrder(
                TestClient.permit(Operation.CANCEL_SUBSCRIPTION, new Step.CancelOrder(ORDER)), current);

        assertThat(reply(call)).isInstanceOf(Reply.Done.class);
        assertThat(partnerCenter.order(TestClient.CUSTOMER, "no-such-order"))
                .isInstanceOfSatisfying(
                        Read.Missing.class,
                        missing -> assertThat(missing.what()).isEqualTo(Read.Missing.What.ORDER));
    }

    private Subscription change(Change change) {
        SubscriptionResource current = found(partnerCenter.subscription(TestClient.CUSTOMER, LICENCE));

        Call call = partnerCenter.changeSubscription(
                TestClient.permit(Operation.SUSPEND_SUBSCRIPTION, new Step.ChangeSubscription(LICENCE, change, true)),
                current);

        assertThat(reply(call)).as(change.word()).isInstanceOf(Reply.Done.class);
        return found(partnerCenter.subscription(TestClient.CUSTOMER, LICENCE)).subscription();
    }

    private static <T> T found(Read<T> read) {
        assertThat(read).isInstanceOf(Read.Found.class);
        return ((Read.Found<T>) read).value();
    }

    private static Reply reply(Call call) {
        assertThat(call).isInstanceOf(Call.Sent.class);
        return ((Call.Sent) call).reply();
    }
}
