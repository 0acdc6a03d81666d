package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Entitlement;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.offboarding.Subscription.Kind;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.offboarding.SubscriptionStatus.Known;
import dev.offramp.simulator.Fault;
import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.simulator.Scenario;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The whole client, with Microsoft's sign-in library, against the simulator. */
class SimulatedPartnerCenterTests {

    private static final CustomerId CUSTOMER = CustomerId.of("c0000000-0000-4000-8000-00000000000a");
    private static final CustomerId EMPTY = CustomerId.of("c0000000-0000-4000-8000-00000000000b");
    private static final SubscriptionId SUBSCRIPTION = SubscriptionId.of("50000000-0000-4000-8000-00000000000a");

    private final PartnerCenterSimulator simulator = PartnerCenterSimulator.start(
            Scenario.builder()
                    .application("app", "secret")
                    .refreshToken("rt")
                    .customer(
                            "Contoso",
                            c -> c.id(CUSTOMER.value())
                                    .newCommerceLicence(
                                            s -> s.id(SUBSCRIPTION.value()).cancellableUntil("+3d"))
                                    .reservation("virtual_machine_reserved_instance"))
                    .customer("Fabrikam", c -> c.id(EMPTY.value()))
                    .build(),
            0);
    private final PartnerCenter partnerCenter = TestClient.signedInAt(
            simulator.baseUri(), PartnerTenantId.of(simulator.scenario().partnerTenantId()), "rt");

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void readsAndCancelsASubscription() {
        SubscriptionResource current = found(partnerCenter.subscription(CUSTOMER, SUBSCRIPTION));

        assertThat(current.subscription().kind()).isEqualTo(Kind.NEW_COMMERCE_LICENCE);
        assertThat(current.subscription().status().is(Known.ACTIVE)).isTrue();
        Call call = partnerCenter.changeSubscription(TestClient.permitToCancel(CUSTOMER, SUBSCRIPTION), current);
        assertThat(reply(call)).isInstanceOf(Reply.Done.class);
        assertThat(found(partnerCenter.subscription(CUSTOMER, SUBSCRIPTION))
                        .subscription()
                        .status()
                        .is(Known.DELETED))
                .isTrue();
        assertThat(simulator.calls()).hasSize(1);
    }

    @Test
    void readsListsAndEntitlements() {
        assertThat(found(partnerCenter.subscriptions(CUSTOMER)))
                .satisfies(list -> assertThat(list.complete()).isTrue())
                .satisfies(list -> assertThat(list.items()).hasSize(1));
        assertThat(found(partnerCenter.entitlements(CUSTOMER)).items())
                .singleElement()
                .satisfies(one -> assertThat(one.isReservation()).isTrue())
                .extracting(Entitlement::id)
                .asString()
                .isNotEmpty();
    }

    @Test
    void unlinksACustomer() {
        assertThat(found(partnerCenter.customer(EMPTY)))
                .extracting(Customer::companyName, Customer::relationship)
                .containsExactly("Fabrikam", "reseller");

        assertThat(reply(partnerCenter.removeResellerRelationship(TestClient.permitToUnlink(EMPTY))))
                .isInstanceOf(Reply.Done.class);

        assertThat(partnerCenter.customer(EMPTY)).isInstanceOf(Read.NotOurCustomer.class);
        assertThat(simulator.refreshToken()).isNotEqualTo("rt");
    }

    @Test
    void tellsAnAnswerThatWasCutOffFromOneThatCame() {
        SubscriptionResource current = found(partnerCenter.subscription(CUSTOMER, SUBSCRIPTION));
        simulator.add(Fault.on("cancel").cutsOffAfterTheEffect());

        Call call = partnerCenter.changeSubscription(TestClient.permitToCancel(CUSTOMER, SUBSCRIPTION), current);

        assertThat(reply(call)).isInstanceOf(Reply.Lost.class);
        assertThat(simulator.calls()).hasSize(1);
    }

    @Test
    void tellsUnknownSubscriptionsAndCustomersApart() {
        assertThat(partnerCenter.subscription(CUSTOMER, SubscriptionId.of("50000000-0000-4000-8000-0000000000ff")))
                .isInstanceOfSatisfying(
                        Read.Missing.class,
                        missing -> assertThat(missing.what()).isEqualTo(Read.Missing.What.SUBSCRIPTION));
        assertThat(partnerCenter.customer(CustomerId.of("c0000000-0000-4000-8000-0000000000ff")))
                .isInstanceOfSatisfying(
                        Read.Missing.class,
                        missing -> assertThat(missing.what()).isEqualTo(Read.Missing.What.CUSTOMER));
    }

    @Test
    void takesANewTokenWhenTheOldOneIsRefused() {
        found(partnerCenter.customer(EMPTY));
        simulator.revokeAccessTokens();

        assertThat(partnerCenter.customer(EMPTY)).isInstanceOf(Read.Found.class);
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
