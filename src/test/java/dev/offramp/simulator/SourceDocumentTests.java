package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The examples of the documents on cancelling and unlinking, with values of our own, at the time of their dates. */
class SourceDocumentTests {

    private static final String CUSTOMER = "5f00ba12-1111-4222-8333-444455556666";
    private static final String SUBSCRIPTION = "6e00ba12-1111-4222-8333-444455556666";

    private final HandClock clock = new HandClock("2019-01-10T00:00:00Z");
    private final PartnerCenterSimulator simulator = PartnerCenterSimulator.start(
            Scenario.builder()
                    .customer(
                            "Harbour Bakery",
                            c -> c.id(CUSTOMER)
                                    .marketplaceSaas(s -> s.id(SUBSCRIPTION)
                                            .named("Invoice helper")
                                            .created("2019-01-08T21:45:26Z")
                                            .autoRenew(false)
                                            .with("creationDate", "\"2019-01-04T01:00:12.6647304Z\"")
                                            .with("effectiveStartDate", "\"2019-01-09T00:21:45.9263727+00:00\"")
                                            .with("commitmentEndDate", "\"2019-02-08T00:21:45.9263727+00:00\"")))
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
    void answersTheDocumentedCancelWithTheDeletedResource() {
        ObjectNode sent =
                (ObjectNode) caller.subscription(CUSTOMER, SUBSCRIPTION).json();
        sent.remove("links");
        sent.put("status", "deleted");
        sent.set("attributes", Json.object().put("objectType", "Subscription"));

        Caller.Reply reply = caller.with("MS-RequestId", "11111111-2222-4333-8444-555555555555")
                .with("MS-CorrelationId", "66666666-7777-4888-8999-aaaaaaaaaaaa")
                .patch("/v1/customers/" + CUSTOMER + "/subscriptions/" + SUBSCRIPTION, Json.text(sent));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("MS-RequestId")).isEqualTo("11111111-2222-4333-8444-555555555555");
        assertThat(reply.header("MS-CorrelationId")).isEqualTo("66666666-7777-4888-8999-aaaaaaaaaaaa");
        assertThat(reply.header("X-Locale")).isEqualTo("en-US");
        assertThat(reply.json().propertyNames())
                .containsExactly(
                        "id",
                        "offerId",
                        "offerName",
                        "friendlyName",
                        "quantity",
                        "unitType",
                        "hasPurchasableAddons",
                        "creationDate",
                        "effectiveStartDate",
                        "commitmentEndDate",
                        "status",
                        "autoRenewEnabled",
                        "isTrial",
                        "billingType",
                        "billingCycle",
                        "termDuration",
                        "refundOptions",
                        "isMicrosoftProduct",
                        "partnerId",
                        "contractType",
                        "links",
                        "publisherName",
                        "orderId",
                        "attributes");
        assertThat(reply.json().path("status").asString()).isEqualTo("deleted");
        assertThat(reply.json().path("creationDate").asString()).isEqualTo("2019-01-04T01:00:12.6647304Z");
        assertThat(reply.json().path("links").propertyNames())
                .containsExactly("product", "sku", "availability", "self");
        assertThat(reply.json().path("links").path("self").path("uri").asString())
                .isEqualTo("/customers/" + CUSTOMER + "/subscriptions/" + SUBSCRIPTION);
        assertThat(reply.json().path("attributes"))
                .isEqualTo(Json.read("{\"etag\": \"\", \"objectType\": \"Subscription\"}"));
    }

    @Test
    void answersTheDocumentedUnlinkOnceTheSubscriptionIsCancelled() {
        String body = """
                {
                    "relationshipToPartner":"none",
                    "attributes":{
                        "objectType":"Customer"
                    }
                }""";
        caller.with("MS-CorrelationId", "66666666-7777-4888-8999-aaaaaaaaaaaa");
        assertThat(caller.patch("/v1/customers/" + CUSTOMER + "/", body).status())
                .isEqualTo(400);
        caller.cancel(CUSTOMER, SUBSCRIPTION);

        Caller.Reply reply = caller.patch("/v1/customers/" + CUSTOMER + "/", body);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("MS-CorrelationId")).isEqualTo("66666666-7777-4888-8999-aaaaaaaaaaaa");
        assertThat(reply.json().propertyNames())
                .containsExactly(
                        "Id",
                        "CommerceId",
                        "CompanyProfile",
                        "BillingProfile",
                        "RelationshipToPartner",
                        "AllowDelegatedAccess",
                        "UserCredentials",
                        "CustomDomains",
                        "AssociatedPartnerId",
                        "Attributes");
        assertThat(reply.json().path("RelationshipToPartner").asString()).isEqualTo("none");
        assertThat(reply.json().path("Id").isNull()).isTrue();
    }
}
