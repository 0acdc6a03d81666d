package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.offboarding.Step;
import dev.offramp.simulator.Fault;
import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.simulator.Scenario;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is refused to the app alone is done as the user where that is allowed, and stops nothing else. */
class UserForAppTests {

    private PartnerCenterSimulator simulator = null;

    @AfterEach
    void close() {
        simulator.close();
    }

    @Test
    void readsAsTheUserWhatTheAppAloneIsRefusedAndNothingElse() {
        PartnerCenter client = client(UserForApp.DOCUMENTED, "read-subscription");

        assertThat(client.subscription(TestClient.CUSTOMER, TestClient.SUBSCRIPTION))
                .isInstanceOf(Read.Found.class);
        assertThat(client.subscription(TestClient.CUSTOMER, TestClient.SUBSCRIPTION))
                .isInstanceOf(Read.Found.class);

        assertThat(simulator.readCounts())
                .as("refused once, then asked for as the user from the start")
                .containsEntry("read-subscription", 3);
        simulator.revokeRefreshTokens();
        simulator.revokeAccessTokens();
        assertThat(client.customer(TestClient.CUSTOMER))
                .as("everything else needs no user")
                .isInstanceOf(Read.Found.class);
        assertThat(denialOf(client.subscription(TestClient.CUSTOMER, TestClient.SUBSCRIPTION)))
                .isEqualTo(Denial.USER_SIGN_IN);
        assertThat(client.canSignIn(Denial.APP_SIGN_IN)).isTrue();
    }

    @Test
    void makesARefusedChangeAsTheUserOnlyWhenItIsAskedForAnew() {
        PartnerCenter client = client(UserForApp.DOCUMENTED, "cancel");

        assertThat(sent(client, Change.CANCEL))
                .isInstanceOfSatisfying(
                        Reply.Denied.class, no -> assertThat(no.denial()).isEqualTo(Denial.APP_ALONE));
        assertThat(simulator.calls()).as("never sent twice by the client").hasSize(1);
        assertThat(sent(client, Change.CANCEL)).isInstanceOf(Reply.Done.class);
        assertThat(simulator.calls()).hasSize(2);
    }

    @Test
    void makesNoOtherChangeAsTheUser() {
        PartnerCenter client = client(UserForApp.DOCUMENTED, "cancel");
        sent(client, Change.CANCEL);
        simulator.revokeRefreshTokens();

        assertThat(sent(client, Change.SUSPEND)).isInstanceOf(Reply.Done.class);
    }

    @Test
    void stopsOnlyThatKindOfCallWhereTheUserMayNotStandIn() {
        PartnerCenter client = client(UserForApp.NEVER, "cancel", "read-subscription");

        assertThat(denialOf(client.subscription(TestClient.CUSTOMER, TestClient.SUBSCRIPTION)))
                .isEqualTo(Denial.USER_SIGN_IN);
        assertThat(client.customer(TestClient.CUSTOMER)).isInstanceOf(Read.Found.class);
        assertThat(client.entitlements(TestClient.CUSTOMER)).isInstanceOf(Read.Found.class);
        assertThat(List.of(Denial.APP_SIGN_IN, Denial.USER_SIGN_IN, Denial.PERMISSION, Denial.USER_PERMISSION))
                .as("nothing is held against either sign-in")
                .allMatch(client::canSignIn);
    }

    /** No document says why an app, which has no second factor, is asked for one. */
    @ParameterizedTest
    @EnumSource(UserForApp.class)
    void takesADemandForASecondFactorOfTheAppForAMatterOfThatCallAlone(UserForApp userForApp) {
        PartnerCenter client = client(userForApp);
        simulator.add(Fault.on("read-subscription").answers(401, "900421", "Multi-factor authentication is missing."));

        Read<SubscriptionResource> read = client.subscription(TestClient.CUSTOMER, TestClient.SUBSCRIPTION);

        if (userForApp == UserForApp.ANY) {
            assertThat(read).isInstanceOf(Read.Found.class);
        } else {
            assertThat(denialOf(read)).isEqualTo(Denial.USER_SIGN_IN);
        }
        assertThat(client.canSignIn(Denial.APP_SIGN_IN)).isTrue();
        assertThat(client.canSignIn(Denial.USER_SIGN_IN)).isTrue();
        assertThat(client.customer(TestClient.CUSTOMER)).isInstanceOf(Read.Found.class);
    }

    private Reply sent(PartnerCenter client, Change change) {
        var permit = TestClient.permit(
                change == Change.CANCEL ? Operation.CANCEL_SUBSCRIPTION : Operation.SUSPEND_SUBSCRIPTION,
                new Step.ChangeSubscription(TestClient.SUBSCRIPTION, change, true));
        var current =
                (Read.Found<SubscriptionResource>) client.subscription(TestClient.CUSTOMER, TestClient.SUBSCRIPTION);
        return ((Call.Sent) client.changeSubscription(permit, current.value())).reply();
    }

    private static Denial denialOf(Read<?> read) {
        assertThat(read).isInstanceOf(Read.Denied.class);
        return ((Read.Denied<?>) read).denial();
    }

    private PartnerCenter client(UserForApp userForApp, String... onlyForUsers) {
        simulator = PartnerCenterSimulator.start(
                Scenario.builder()
                        .where("onlyForUsers", List.of(onlyForUsers))
                        .customer(
                                "Contoso",
                                c -> c.id(TestClient.CUSTOMER.value())
                                        .newCommerceLicence(s -> s.id(TestClient.SUBSCRIPTION.value())))
                        .build(),
                0);
        return TestClient.signedInAt(
                simulator.baseUri(),
                PartnerTenantId.of(simulator.scenario().partnerTenantId()),
                simulator.refreshToken(),
                InstantSource.system(),
                new HandPace(),
                userForApp);
    }
}
