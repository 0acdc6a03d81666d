package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnlinkTests {

    private static final String CUSTOMER = "c0000000-0000-4000-8000-00000000000b";

    private final HandClock clock = new HandClock("2026-11-20T10:00:00Z");
    private PartnerCenterSimulator simulator;
    private Caller caller;

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void removesTheRelationshipWithTheDocumentedAnswer() {
        holding(UnaryOperator.identity());

        Caller.Reply reply = caller.unlink(CUSTOMER);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json()).isEqualTo(Json.read("""
                {"Id": null, "CommerceId": null, "CompanyProfile": null, "BillingProfile": null,
                 "RelationshipToPartner": "none", "AllowDelegatedAccess": null, "UserCredentials": null,
                 "CustomDomains": null, "AssociatedPartnerId": null, "Attributes": {"ObjectType": "Customer"}}"""));
        assertThat(caller.customer(CUSTOMER).said()).isEqualTo("403/20002");
        assertThat(caller.subscriptions(CUSTOMER).said()).isEqualTo("403/20002");
        assertThat(caller.unlink(CUSTOMER).said()).isEqualTo("403/20002");
        assertThat(simulator.calls()).extracting(Call::changed).containsExactly(true, false);
    }

    @Test
    void answers404AfterwardsWhenTheScenarioSaysSo() {
        start(Scenario.builder().answersAfterUnlinkWith(404).customer("Contoso", c -> c.id(CUSTOMER)));

        caller.unlink(CUSTOMER);

        assertThat(caller.customer(CUSTOMER).said()).isEqualTo("404/1000");
    }

    @Test
    void showsTheOldStateForTheTimeOfPropagation() {
        start(Scenario.builder().propagationDelay(Duration.ofMinutes(2)).customer("Contoso", c -> c.id(CUSTOMER)));

        caller.unlink(CUSTOMER);

        assertThat(caller.customer(CUSTOMER)
                        .json()
                        .path("relationshipToPartner")
                        .asString())
                .isEqualTo("reseller");
        clock.advance(Duration.ofSeconds(119));
        assertThat(caller.customer(CUSTOMER).status()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(1));
        assertThat(caller.customer(CUSTOMER).said()).isEqualTo("403/20002");
        assertThat(simulator.state().toString()).contains("\"relationship\":\"none\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"active", "pending", "suspended"})
    void isRefusedWhileASubscriptionIsBilled(String status) {
        holding(customer -> customer.newCommerceLicence(s -> s.status(status)));

        Caller.Reply reply = caller.unlink(CUSTOMER);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("description").asString())
                .contains(Scenario.subscriptionId(CUSTOMER, 1))
                .contains(status);
        assertThat(caller.customer(CUSTOMER).status()).isEqualTo(200);
        assertThat(simulator.calls()).noneMatch(Call::changed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deleted", "expired", "disabled"})
    void passesWhenEverythingHasEnded(String status) {
        holding(customer -> customer.newCommerceLicence(s -> s.status(status))
                .legacyLicence(s -> s.status("suspended"))
                .softwareEntitlement());

        assertThat(caller.unlink(CUSTOMER).status()).isEqualTo(200);
    }

    @Test
    void passesSuspendedNewCommerceWhenTheScenarioLetsIt() {
        start(Scenario.builder()
                .letsSuspendedNewCommercePassAnUnlink()
                .customer("Contoso", c -> c.id(CUSTOMER).newCommerceLicence(s -> s.status("suspended"))));

        assertThat(caller.unlink(CUSTOMER).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "reservedinstance",
                "ReservedInstance",
                "virtualmachinereservedinstance",
                "virtual_machine_reserved_instance",
                "VirtualMachineReservedInstance"
            })
    void isRefusedWhileAReservationIsPresentInAnySpelling(String spelling) {
        holding(customer -> customer.reservation(spelling));

        assertThat(caller.unlink(CUSTOMER).status()).isEqualTo(400);
    }

    @Test
    void tellsCustomersThatAreNotOursFromUnknownOnes() {
        holding(CustomerBuilder::notOurs);

        assertThat(caller.unlink(CUSTOMER).said()).isEqualTo("403/20002");
        assertThat(caller.unlink("c0000000-0000-4000-8000-0000000000ff").said()).isEqualTo("404/1000");
    }

    @Test
    void calls403ForUnknownCustomersWhenTheScenarioSaysSo() {
        start(Scenario.builder().answersUnknownCustomersWith(403));

        assertThat(caller.customer(CUSTOMER).said()).isEqualTo("403/20002");
    }

    @Test
    void demandsAUsersToken() {
        holding(UnaryOperator.identity());
        try (Caller application = Caller.asApplication(simulator)) {
            assertThat(application.unlink(CUSTOMER).said()).isEqualTo("403/900329");
            assertThat(application.entitlements(CUSTOMER).said()).isEqualTo("403/900329");
            assertThat(application.customer(CUSTOMER).status()).isEqualTo(200);
        }
    }

    @Test
    void takesTheMinimalBodyAndATrailingSlash() {
        holding(UnaryOperator.identity());

        assertThat(caller.patch("/v1/customers/" + CUSTOMER + "/", "{\"relationshipToPartner\":\"none\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void endsDelegatedAccessWithoutUnlinking() {
        holding(UnaryOperator.identity());

        assertThat(caller.patch("/v1/customers/" + CUSTOMER, "{\"AllowDelegatedAccess\":false}")
                        .status())
                .isEqualTo(200);
        assertThat(caller.customer(CUSTOMER).json().path("allowDelegatedAccess").asBoolean(true))
                .isFalse();
        assertThat(caller.patch("/v1/customers/" + CUSTOMER, "{\"id\":\"x\"}").said())
                .isEqualTo("400/3000");
    }

    private void holding(UnaryOperator<CustomerBuilder> sentence) {
        start(Scenario.builder().customer("Contoso", c -> sentence.apply(c.id(CUSTOMER))));
    }

    private void start(ScenarioBuilder scenario) {
        simulator = PartnerCenterSimulator.start(scenario.build(), 0, clock);
        caller = Caller.asUser(simulator);
    }
}
