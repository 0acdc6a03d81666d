package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ReadTests {

    private static final String CUSTOMER = "c0000000-0000-4000-8000-00000000000c";

    private final HandClock clock = new HandClock("2026-11-20T10:00:00Z");
    private final PartnerCenterSimulator simulator = PartnerCenterSimulator.start(
            Scenario.builder()
                    .customer(
                            "Contoso",
                            c -> c.id(CUSTOMER)
                                    .domain("contoso.example")
                                    .newCommerceLicence(s -> s.quantity(7).cancellableUntil("+3d"))
                                    .marketplaceSaas(s -> s)
                                    .software(s -> s)
                                    .legacyLicence(s -> s)
                                    .savingsPlan(s -> s)
                                    .reservation("reservedinstance")
                                    .softwareEntitlement())
                    .customer("Quiet {nnn}", c -> c.times(1100))
                    .customer("Stranger", CustomerBuilder::notOurs)
                    .build(),
            0,
            clock);
    private final Caller caller = Caller.asUser(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void showsACustomerWithTheDocumentedMembers() {
        JsonNode body = caller.customer(CUSTOMER).json();

        assertThat(body.propertyNames())
                .containsExactly(
                        "id",
                        "commerceId",
                        "companyProfile",
                        "billingProfile",
                        "relationshipToPartner",
                        "allowDelegatedAccess",
                        "customDomains",
                        "links",
                        "attributes");
        assertThat(body.path("companyProfile").path("domain").asString()).isEqualTo("contoso.example");
        assertThat(body.path("companyProfile").path("companyName").asString()).isEqualTo("Contoso");
        assertThat(body.path("relationshipToPartner").asString()).isEqualTo("reseller");
    }

    @Test
    void listsSubscriptionsWithoutWhatOnlyTheReadByIdShows() {
        JsonNode list = caller.subscriptions(CUSTOMER).json();

        assertThat(list.path("totalCount").asInt()).isEqualTo(5);
        assertThat(list.path("items")).hasSize(5);
        assertThat(list.path("attributes").path("objectType").asString()).isEqualTo("Collection");
        assertThat(list.path("items").path(0).has("refundableQuantity")).isFalse();
        assertThat(caller.subscription(CUSTOMER, Scenario.subscriptionId(CUSTOMER, 1))
                        .json()
                        .path("refundableQuantity")
                        .path("totalQuantity")
                        .asInt())
                .isEqualTo(7);
    }

    @Test
    void givesEachKindItsOwnMarks() {
        JsonNode items = caller.subscriptions(CUSTOMER).json().path("items");

        assertThat(items.path(0).path("productType").path("id").asString()).isEqualTo("OnlineServicesNCE");
        assertThat(items.path(0).path("attributes").has("etag")).isFalse();
        assertThat(items.path(0).path("cancellationAllowedUntilDate").asString())
                .isEqualTo("2026-11-23T10:00:00Z");
        assertThat(items.path(1).path("isMicrosoftProduct").asBoolean(true)).isFalse();
        assertThat(items.path(1).has("productType")).isFalse();
        assertThat(items.path(2).path("productType").path("id").asString()).isEqualTo("Software");
        assertThat(items.path(3).path("offerId").asString()).matches("[0-9A-F-]{36}");
        assertThat(items.path(3).path("attributes").path("etag").asString()).isNotEmpty();
        assertThat(items.path(4).path("productType").path("subType").path("id").asString())
                .isEqualTo("SavingsPlan");
    }

    @Test
    void listsEntitlementsAndFiltersThemByType() {
        JsonNode all = caller.entitlements(CUSTOMER).json();

        assertThat(all.path("items"))
                .extracting(item -> item.path("entitlementType").asString())
                .containsExactly("reservedinstance", "software");
        assertThat(caller.get("/v1/customers/" + CUSTOMER + "/entitlements?entitlementType=software&showExpiry=true")
                        .json()
                        .path("totalCount")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void pagesThroughCustomersWithTheContinuationToken() {
        List<String> ids = new ArrayList<>();
        JsonNode page = caller.get("/v1/customers?size=500").json();
        while (true) {
            page.path("items").forEach(item -> ids.add(item.path("id").asString()));
            String token = page.path("continuationToken").asString("");
            if (token.isEmpty()) {
                break;
            }
            page = caller.with("MS-ContinuationToken", token)
                    .get("/v1/customers?size=500&seekOperation=next")
                    .json();
        }

        assertThat(ids).hasSize(1101).doesNotHaveDuplicates();
        assertThat(ids).doesNotContain(Scenario.customerId("Stranger"));
    }

    @Test
    void echoesTheHeadersOfTheCall() {
        Caller.Reply reply = caller.with("MS-CorrelationId", "00000000-0000-4000-8000-000000000001")
                .with("MS-RequestId", "00000000-0000-4000-8000-000000000002")
                .customer(CUSTOMER);

        assertThat(reply.header("MS-CorrelationId")).isEqualTo("00000000-0000-4000-8000-000000000001");
        assertThat(reply.header("MS-RequestId")).isEqualTo("00000000-0000-4000-8000-000000000002");
        assertThat(reply.header("X-Locale")).isEqualTo("en-US");
        assertThat(reply.header("Content-Type")).startsWith("application/json");
    }

    @Test
    void keepsAListOfReads() {
        caller.customer(CUSTOMER);
        caller.subscriptions(CUSTOMER);
        caller.subscriptions(CUSTOMER);

        JsonNode reads = new Caller(simulator).get("/simulator/reads").json();

        assertThat(reads.path("counts").path("list-subscriptions").asInt()).isEqualTo(2);
        assertThat(reads.path("counts").path("read-customer").asInt()).isEqualTo(1);
        assertThat(reads.path("reads").path(0).path("time").asString()).isEqualTo("2026-11-20T10:00:00Z");
        assertThat(simulator.reads()).extracting(Read::status).containsExactly(200, 200, 200);
    }

    @Test
    void knowsNoOtherResources() {
        assertThat(caller.get("/v1/customers/" + CUSTOMER + "/nothing").status())
                .isEqualTo(404);
        assertThat(caller.get("/customers/" + CUSTOMER).status()).isEqualTo(404);
    }
}
