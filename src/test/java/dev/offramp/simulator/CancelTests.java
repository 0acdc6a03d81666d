package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class CancelTests {

    private static final String CUSTOMER = "c0000000-0000-4000-8000-00000000000a";
    private static final String SUBSCRIPTION = "50000000-0000-4000-8000-00000000000a";

    private final HandClock clock = new HandClock("2026-11-20T10:00:00Z");
    private PartnerCenterSimulator simulator;
    private Caller caller;

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void cancelsInsideTheWindowWithTheDocumentedAnswer() {
        holding(customer -> customer.newCommerceLicence(s -> s.id(SUBSCRIPTION).cancellableUntil("+3d")));

        Caller.Reply reply = caller.change(CUSTOMER, SUBSCRIPTION, "deleted");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("status").asString()).isEqualTo("deleted");
        assertThat(reply.json().path("attributes").path("etag").asString("none"))
                .isEmpty();
        assertThat(caller.subscription(CUSTOMER, SUBSCRIPTION)
                        .json()
                        .path("status")
                        .asString())
                .isEqualTo("deleted");
        assertThat(simulator.calls()).singleElement().satisfies(call -> {
            assertThat(call.operation()).isEqualTo(Operation.CANCEL);
            assertThat(call.changed()).isTrue();
            assertThat(call.status()).isEqualTo(200);
            assertThat(call.reply()).isEqualTo("given");
        });
    }

    @Test
    void declinesAfterTheWindowWithoutEffect() {
        holding(customer -> customer.newCommerceLicence(s -> s.id(SUBSCRIPTION).cancellableUntil("-1h")));

        assertThat(caller.cancel(CUSTOMER, SUBSCRIPTION).said()).isEqualTo("400/900117");
        assertThat(caller.subscription(CUSTOMER, SUBSCRIPTION)
                        .json()
                        .path("status")
                        .asString())
                .isEqualTo("active");
        assertThat(simulator.calls()).singleElement().satisfies(call -> {
            assertThat(call.changed()).isFalse();
            assertThat(call.code()).isEqualTo("900117");
        });
    }

    @Test
    void countsAMarketplaceWindowInHoursAlthoughTheResourceNamesNoDate() {
        holding(customer -> customer.marketplaceSaas(s -> s.id(SUBSCRIPTION).created("-73h")));

        Caller.Reply reply = caller.cancel(CUSTOMER, SUBSCRIPTION);

        assertThat(reply.said()).isEqualTo("400/900213");
        assertThat(reply.json().path("description").asString()).contains("72-hour");
    }

    @Test
    void keepsToAWindowThatTheResourceDoesNotShow() {
        holding(customer -> customer.newCommerceLicence(
                s -> s.id(SUBSCRIPTION).windowEnds("-1h").without("cancellationAllowedUntilDate")));

        assertThat(caller.subscription(CUSTOMER, SUBSCRIPTION).json().has("cancellationAllowedUntilDate"))
                .isFalse();
        assertThat(caller.cancel(CUSTOMER, SUBSCRIPTION).said()).isEqualTo("400/900117");
    }

    @Test
    void refusesASecondCancelWith2011() {
        holding(customer -> customer.newCommerceLicence(s -> s.id(SUBSCRIPTION).status("deleted")));

        assertThat(caller.cancel(CUSTOMER, SUBSCRIPTION).said()).isEqualTo("400/2011");
    }

    @Test
    void answersASecondCancelAsTheScenarioSays() {
        start(Scenario.builder()
                .answersDeletedAgainWith("200")
                .customer(
                        "Contoso",
                        c -> c.id(CUSTOMER)
                                .newCommerceLicence(s -> s.id(SUBSCRIPTION).status("deleted"))));

        assertThat(caller.cancel(CUSTOMER, SUBSCRIPTION).status()).isEqualTo(200);
        assertThat(simulator.calls())
                .singleElement()
                .satisfies(call -> assertThat(call.changed()).isFalse());
    }

    @Test
    void refusesAStaleEtagAndGivesANewOneWithEachChange() {
        holding(customer -> customer.legacyLicence(s -> s.id(SUBSCRIPTION)));
        String first = etag();

        assertThat(caller.with("If-Match", "\"" + first + "\"")
                        .change(CUSTOMER, SUBSCRIPTION, "suspended")
                        .status())
                .isEqualTo(200);
        assertThat(etag()).isNotEqualTo(first);
        assertThat(caller.change(CUSTOMER, SUBSCRIPTION, "active").said()).isEqualTo("400/2055");
        assertThat(simulator.calls().getLast().ifMatch()).contains(first);
    }

    @Test
    void ignoresIfMatchOnNewCommerceUnlessTheScenarioDemandsIt() {
        holding(customer -> customer.newCommerceLicence(s -> s.id(SUBSCRIPTION)));
        assertThat(caller.with("If-Match", "\"any\"")
                        .cancel(CUSTOMER, SUBSCRIPTION)
                        .status())
                .isEqualTo(200);
        stop();

        start(Scenario.builder()
                .demandsIfMatchOnNewCommerce()
                .customer("Contoso", c -> c.id(CUSTOMER).newCommerceLicence(s -> s.id(SUBSCRIPTION))));
        assertThat(caller.cancel(CUSTOMER, SUBSCRIPTION).said()).isEqualTo("400/2055");
    }

    @Test
    void losesAutoRenewAndScheduledChangesWithAMinimalBody() {
        holding(customer -> customer.newCommerceLicence(
                s -> s.id(SUBSCRIPTION).with("scheduledNextTermInstructions", "{\"quantity\": 3}")));

        caller.patch(path(), "{\"friendlyName\": \"renamed\"}");

        var body = caller.subscription(CUSTOMER, SUBSCRIPTION).json();
        assertThat(body.path("autoRenewEnabled").asBoolean()).isFalse();
        assertThat(body.has("scheduledNextTermInstructions")).isFalse();
    }

    @Test
    void keepsAutoRenewAndScheduledChangesWithTheWholeBody() {
        holding(customer -> customer.newCommerceLicence(
                s -> s.id(SUBSCRIPTION).with("scheduledNextTermInstructions", "{\"quantity\": 3}")));
        ObjectNode whole =
                (ObjectNode) caller.subscription(CUSTOMER, SUBSCRIPTION).json();

        caller.patch(path(), Json.text(whole.put("friendlyName", "renamed")));

        var body = caller.subscription(CUSTOMER, SUBSCRIPTION).json();
        assertThat(body.path("autoRenewEnabled").asBoolean()).isTrue();
        assertThat(body.path("scheduledNextTermInstructions").path("quantity").asInt())
                .isEqualTo(3);
    }

    @Test
    void givesNumbersAndUnknownMembersBackAsTheyWereGiven() {
        holding(customer -> customer.newCommerceLicence(
                s -> s.id(SUBSCRIPTION).with("somethingNew", "{\"price\": 1.10, \"long\": 12345678901234567890}")));

        assertThat(caller.subscription(CUSTOMER, SUBSCRIPTION).body())
                .contains("\"price\":1.10")
                .contains("12345678901234567890");
        assertThat(caller.change(CUSTOMER, SUBSCRIPTION, "deleted").body()).contains("\"price\":1.10");
    }

    @Test
    void refusesAChangeOfATrial() {
        holding(customer -> customer.newCommerceLicence(s -> s.id(SUBSCRIPTION).trial()));

        assertThat(caller.cancel(CUSTOMER, SUBSCRIPTION).said()).isEqualTo("400/800096");
    }

    @Test
    void refusesLegacyPendingEndedAndSavingsPlanWithCodesOfTheirOwn() {
        holding(customer -> customer.legacyLicence(s -> s.id(id(1)))
                .newCommerceLicence(s -> s.id(id(2)).status("pending"))
                .newCommerceLicence(s -> s.id(id(3)).status("expired"))
                .savingsPlan(s -> s.id(id(4))));

        assertThat(caller.cancel(CUSTOMER, id(1)).said()).isEqualTo("403/900263");
        assertThat(caller.cancel(CUSTOMER, id(2)).said()).isEqualTo("409/800082");
        assertThat(caller.cancel(CUSTOMER, id(3)).said()).isEqualTo("400/800040");
        assertThat(caller.cancel(CUSTOMER, id(4)).said()).isEqualTo("403/900321");
    }

    @Test
    void suspendsAndReactivates() {
        holding(customer -> customer.newCommerceLicence(s -> s.id(SUBSCRIPTION)));

        var suspended = caller.change(CUSTOMER, SUBSCRIPTION, "suspended").json();
        assertThat(suspended.path("status").asString()).isEqualTo("suspended");
        assertThat(suspended.path("autoRenewEnabled").asBoolean()).isFalse();
        assertThat(suspended.path("suspensionReasons").toString()).contains("CustomerCancellation");
        assertThat(caller.change(CUSTOMER, SUBSCRIPTION, "active").json().has("suspensionReasons"))
                .isFalse();
        assertThat(simulator.calls())
                .extracting(Call::operation)
                .containsExactly(Operation.SUSPEND, Operation.REACTIVATE);
    }

    @Test
    void refusesAnAddOnUnderASuspendedParent() {
        holding(customer -> customer.legacyLicence(s -> s.id(id(1)).status("suspended"))
                .legacyLicence(s -> s.id(id(2)).status("suspended").addOnOf(id(1))));

        assertThat(caller.change(CUSTOMER, id(2), "active").said()).isEqualTo("409/27009");
    }

    @Test
    void namesWhatDoesNotExist() {
        holding(customer -> customer.newCommerceLicence(s -> s.id(SUBSCRIPTION)));

        assertThat(caller.cancel(CUSTOMER, id(99)).said()).isEqualTo("404/20003");
        assertThat(caller.cancel(id(98), SUBSCRIPTION).said()).isEqualTo("404/1000");
        assertThat(caller.patch(path(), "not json").said()).isEqualTo("400/800002");
        assertThat(caller.patch(path(), "{\"id\":\"" + id(97) + "\",\"status\":\"deleted\"}")
                        .said())
                .isEqualTo("400/800002");
        assertThat(caller.patch(path(), "{\"status\":\"gone\"}").said()).isEqualTo("400/800002");
    }

    @Test
    void readsPascalCaseBodiesAndIgnoresCaseInPaths() {
        holding(customer -> customer.newCommerceLicence(s -> s.id(SUBSCRIPTION)));

        Caller.Reply reply = caller.patch(
                "/V1/Customers/" + CUSTOMER.toUpperCase() + "/SUBSCRIPTIONS/" + SUBSCRIPTION.toUpperCase() + "/",
                "{\"Id\": \"" + SUBSCRIPTION.toUpperCase()
                        + "\", \"Status\": \"Deleted\", \"AutoRenewEnabled\": true}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(simulator.calls().getFirst().subscription()).isEqualTo(SUBSCRIPTION);
    }

    @Test
    void repeatsTheFirstAnswerForARepeatedRequestIdOnlyWhenTheScenarioSaysSo() {
        holding(customer -> customer.newCommerceLicence(s -> s.id(SUBSCRIPTION)));
        caller.with("MS-RequestId", "4f0f0b2e-0000-4000-8000-000000000001");
        caller.cancel(CUSTOMER, SUBSCRIPTION);
        assertThat(caller.cancel(CUSTOMER, SUBSCRIPTION).said()).isEqualTo("400/2011");
        stop();

        start(Scenario.builder()
                .honoursRequestIds()
                .customer("Contoso", c -> c.id(CUSTOMER).newCommerceLicence(s -> s.id(SUBSCRIPTION))));
        caller.with("MS-RequestId", "4f0f0b2e-0000-4000-8000-000000000001");
        caller.cancel(CUSTOMER, SUBSCRIPTION);
        assertThat(caller.cancel(CUSTOMER, SUBSCRIPTION).status()).isEqualTo(200);
        assertThat(simulator.calls().getLast()).satisfies(call -> {
            assertThat(call.replayed()).isTrue();
            assertThat(call.changed()).isFalse();
        });
    }

    private String etag() {
        return caller.subscription(CUSTOMER, SUBSCRIPTION)
                .json()
                .path("attributes")
                .path("etag")
                .asString();
    }

    private static String path() {
        return "/v1/customers/" + CUSTOMER + "/subscriptions/" + SUBSCRIPTION;
    }

    private static String id(int n) {
        return "50000000-0000-4000-8000-%012d".formatted(n);
    }

    private void holding(UnaryOperator<CustomerBuilder> sentence) {
        start(Scenario.builder().customer("Contoso", c -> sentence.apply(c.id(CUSTOMER))));
    }

    private void start(ScenarioBuilder scenario) {
        simulator = PartnerCenterSimulator.start(scenario.build(), 0, clock);
        caller = Caller.asApplication(simulator);
    }
}
