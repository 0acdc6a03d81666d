package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Requests in the forms of the documents' examples and of the clients that people have. */
class ForeignClientTests {

    private static final String CUSTOMER = "c0000000-0000-4000-8000-00000000000a";
    private static final String SUBSCRIPTION = "50000000-0000-4000-8000-00000000000a";

    private PartnerCenterSimulator simulator;
    private Caller caller;

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void takesTheHeadersOfTheDocumentsAndGivesTheirsBack() {
        start(basis());

        Caller.Reply reply = caller.with("Accept", "application/json")
                .with("MS-Contract-Version", "v1")
                .with("MS-PartnerCenter-Client", "Partner Center .NET SDK")
                .with("MS-SdkVersion", "3.4.0")
                .with("X-Locale", "de-DE")
                .with("MS-RequestId", "312b044d-dc41-4b37-c2d5-7d27322d9654")
                .with("MS-CorrelationId", "7cb67bb7-4750-403d-cc2e-6bc44c52d52c")
                .get("/V1/Customers/" + CUSTOMER.toUpperCase(Locale.ROOT) + "/Subscriptions/");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).startsWith("application/json");
        assertThat(reply.header("X-Locale")).isEqualTo("de-DE");
        assertThat(reply.header("MS-RequestId")).isEqualTo("312b044d-dc41-4b37-c2d5-7d27322d9654");
        assertThat(reply.header("MS-CorrelationId")).isEqualTo("7cb67bb7-4750-403d-cc2e-6bc44c52d52c");
        assertThat(reply.header("MS-CV")).isNotEmpty();
        assertThat(reply.header("MS-ServerId")).isNotEmpty();
        assertThat(reply.header("Date")).endsWith("GMT");
    }

    @Test
    void makesUpIdsForACallWithoutThem() {
        start(basis());

        assertThat(caller.customer(CUSTOMER).header("MS-RequestId")).hasSize(36);
        assertThat(caller.customer(CUSTOMER).header("MS-CorrelationId")).hasSize(36);
    }

    @Test
    void cancelsAndUnlinksWithMinimalBodiesAndWithoutIfMatch() {
        start(basis());

        assertThat(caller.patch(subscription(), "{\"Status\": \"Deleted\"}").status())
                .isEqualTo(200);
        assertThat(caller.patch("/v1/customers/" + CUSTOMER, "{\"relationshipToPartner\": \"none\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void suspendsWithThePascalCaseBodyOfTheOldPage() {
        start(basis().where("subscriptionAnswers", "PascalCase"));

        Caller.Reply reply = caller.patch(subscription(), """
                {"Id": "%s", "FriendlyName": "nickname", "Status": "suspended", "AutoRenewEnabled": true,
                 "Attributes": {"ObjectType": "Subscription"}}""".formatted(SUBSCRIPTION));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("Status").asString()).isEqualTo("suspended");
        assertThat(reply.json().path("Attributes").path("ObjectType").asString())
                .isEqualTo("Subscription");
    }

    @Test
    void showsTheExpiryOfEntitlementsOnRequestOnly() {
        start(basis());

        assertThat(entitlement("?showExpiry=false").has("expiryDate")).isFalse();
        assertThat(entitlement("?entitlementType=virtualmachinereservedinstance&showExpiry=true")
                        .has("expiryDate"))
                .isTrue();
        assertThat(caller.get("/v1/customers/" + CUSTOMER + "/entitlements?entitlementType=software")
                        .json()
                        .path("totalCount")
                        .asInt())
                .isZero();
    }

    @Test
    void givesAllCustomersPageByPageToTheBulkTool() {
        start(many().where("customersEnd", "2000"));
        List<String> names = new ArrayList<>();
        Caller.Reply page = caller.get("/v1/customers?size=500");

        // The tool goes on until the server says 2000.
        while (page.status() == 200) {
            names.addAll(page.json().path("items").findValuesAsString("companyName"));
            caller.with(
                    "MS-ContinuationToken",
                    page.json().path("continuationToken").asString());
            page = caller.get("/v1/customers?size=500&seekOperation=next");
        }

        assertThat(page.said()).isEqualTo("400/2000");
        assertThat(names).hasSize(1201).doesNotHaveDuplicates();
    }

    @Test
    void givesAllCustomersPageByPageToTheSdk() {
        start(many());
        Caller.Reply page = caller.get("/v1/customers?size=0");
        int count = page.json().path("items").size();

        while (page.json().path("links").has("next")) {
            JsonNode next = page.json().path("links").path("next");
            page = caller.with(
                            next.path("headers").path(0).path("key").asString(),
                            next.path("headers").path(0).path("value").asString())
                    .get("/v1/customers?seekOperation=Next");
            count += page.json().path("items").size();
        }

        assertThat(count).isEqualTo(1201);
        assertThat(page.json().has("continuationToken")).isFalse();
    }

    @Test
    void searchesByBeginningAlone() {
        start(many());

        assertThat(search("{\"Field\":\"CompanyName\",\"Value\":\"quiet 12\",\"Operator\":\"starts_with\"}")
                        .json()
                        .path("totalCount")
                        .asInt())
                .isEqualTo(1 + 1 + 1);
        Caller.Reply refused = search("{\"Field\":\"CompanyName\",\"Value\":\"quiet\",\"Operator\":\"contains\"}");
        assertThat(refused.said()).isEqualTo("400/2000");
        assertThat(refused.json().path("data").size()).isEqualTo(2);
    }

    @Test
    void leavesOutWhatDelegatedAccessWouldShow() {
        start(basis());
        assertThat(caller.customer(CUSTOMER).json().has("customDomains")).isTrue();

        caller.patch("/v1/customers/" + CUSTOMER, "{\"AllowDelegatedAccess\": false}");

        JsonNode customer = caller.customer(CUSTOMER).json();
        assertThat(customer.has("customDomains")).isFalse();
        assertThat(customer.path("companyProfile").has("address")).isFalse();
    }

    @Test
    void keepsAnApplicationFromWhatIsForPeople() {
        start(basis());
        caller.with("Authorization", "Bearer " + caller.applicationToken());

        assertThat(caller.get(subscription() + "/provisioningstatus").said()).isEqualTo("403/900329");
        assertThat(caller.get("/v1/customers/" + CUSTOMER + "/orders/any/provisioningstatus")
                        .said())
                .isEqualTo("403/900329");
        assertThat(caller.entitlements(CUSTOMER).said()).isEqualTo("403/900329");
        assertThat(caller.unlink(CUSTOMER).said()).isEqualTo("403/900329");
        assertThat(caller.get("/v1/customers/" + CUSTOMER + "/orders").status()).isEqualTo(200);
    }

    @Test
    void listsTheSubscriptionsOfAnOrderAndOldSoftwareByItsOrderAlone() {
        start(Scenario.builder()
                .customer(
                        "Contoso",
                        c -> c.id(CUSTOMER)
                                .newCommerceLicence(s -> s.id(SUBSCRIPTION))
                                .software(s -> s.created("2021-01-01T00:00:00Z"))));
        String order = caller.get(subscription()).json().path("orderId").asString();

        assertThat(caller.get("/v1/customers/" + CUSTOMER + "/subscriptions?order_id=" + order)
                        .json()
                        .path("totalCount")
                        .asInt())
                .isEqualTo(1);
        assertThat(caller.subscriptions(CUSTOMER).json().path("totalCount").asInt())
                .isEqualTo(1);
        assertThat(caller.get("/v1/customers/" + CUSTOMER + "/orders")
                        .json()
                        .path("totalCount")
                        .asInt())
                .isEqualTo(2);
    }

    private Caller.Reply search(String filter) {
        return caller.get("/v1/customers?size=100&filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8));
    }

    private JsonNode entitlement(String query) {
        return caller.get("/v1/customers/" + CUSTOMER + "/entitlements" + query)
                .json()
                .path("items")
                .path(0);
    }

    private static String subscription() {
        return "/v1/customers/" + CUSTOMER + "/subscriptions/" + SUBSCRIPTION;
    }

    private static ScenarioBuilder basis() {
        return Scenario.builder()
                .customer(
                        "Contoso",
                        c -> c.id(CUSTOMER)
                                .newCommerceLicence(s -> s.id(SUBSCRIPTION))
                                .entitlement(
                                        "reservedinstance",
                                        e -> e.put("expires", "+200d").put("cancelled", true)))
                .where("cancelledReservations", "listed");
    }

    private static ScenarioBuilder many() {
        return Scenario.builder()
                .customer("Quiet {n}", c -> c.times(120))
                .customer("Silent {n}", c -> c.times(1080))
                .customer("Quiet 12 and more", c -> c)
                .customer("Gone", c -> c.notOurs());
    }

    private void start(ScenarioBuilder scenario) {
        simulator = PartnerCenterSimulator.start(scenario.build(), 0);
        caller = Caller.asUser(simulator);
    }
}
