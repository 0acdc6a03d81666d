package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.Subscription;
import dev.offramp.offboarding.Subscription.Kind;
import dev.offramp.offboarding.SubscriptionStatus.Known;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The request and response examples of the pages on cancelling a subscription and on removing a relationship. */
class SourceDocumentsTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final RawServer server = new RawServer();
    private final TestClient client = TestClient.of(server.address(), Instant.parse("2019-01-09T12:00:00Z"));

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void cancelsWithTheDocumentedRequestAndUnderstandsTheDocumentedAnswer() {
        server.thenAnswers(200, "Content-Type: application/json\r\n", Fixtures.marketplaceSubscription("active"))
                .thenAnswers(200, """
                        Content-Type: application/json; charset=utf-8\r
                        MS-RequestId: ca7c39f7-1a80-43bc-90d8-ee7d1cad3831\r
                        MS-CorrelationId: ec8f62e5-1d92-47e9-8d5d-1924af105f2c\r
                        X-Locale: en-US\r
                        """, Fixtures.marketplaceSubscription("deleted"));
        var current = (Read.Found<SubscriptionResource>)
                client.partnerCenter.subscription(TestClient.CUSTOMER, TestClient.SUBSCRIPTION);

        Call call = client.partnerCenter.changeSubscription(
                permit(
                        Operation.CANCEL_SUBSCRIPTION,
                        "ca7c39f7-1a80-43bc-90d8-ee7d1cad3831",
                        "ec8f62e5-1d92-47e9-8d5d-1924af105f2c"),
                current.value());

        RawServer.Request sent = server.requests.get(1);
        assertThat(sent.method()).isEqualTo("PATCH");
        assertThat(sent.path())
                .isEqualTo("/v1/customers/%s/subscriptions/%s".formatted(TestClient.CUSTOMER, TestClient.SUBSCRIPTION));
        assertThat(sent.headers())
                .containsEntry("authorization", "Bearer app-1")
                .containsEntry("accept", "application/json")
                .containsEntry("ms-requestid", "ca7c39f7-1a80-43bc-90d8-ee7d1cad3831")
                .containsEntry("ms-correlationid", "ec8f62e5-1d92-47e9-8d5d-1924af105f2c")
                .containsEntry("ms-contract-version", "v1")
                .containsEntry("ms-partnercenter-application", "Offramp")
                .containsEntry("if-match", "\"v1-etag\"")
                .containsEntry("content-type", "application/json; charset=utf-8");
        ObjectNode documented = (ObjectNode) JSON.readTree(Fixtures.marketplaceSubscription("active"));
        documented.put("status", "deleted");
        assertThat(JSON.readTree(sent.body())).isEqualTo(documented);
        assertThat(sent.body()).contains("2019-01-09T00:21:45.9263727+00:00").contains("License(s)");
        assertThat(call)
                .isInstanceOfSatisfying(
                        Call.Sent.class,
                        answered -> assertThat(answered.reply()).isInstanceOfSatisfying(Reply.Done.class, done -> {
                            assertThat(done.answer().requestId()).isEqualTo("ca7c39f7-1a80-43bc-90d8-ee7d1cad3831");
                            assertThat(done.body()).contains("\"deleted\"");
                        }));
    }

    @Test
    void readsTheDocumentedSubscription() {
        server.thenAnswers(200, "", Fixtures.marketplaceSubscription("active"));

        var read = (Read.Found<SubscriptionResource>)
                client.partnerCenter.subscription(TestClient.CUSTOMER, TestClient.SUBSCRIPTION);

        Subscription subscription = read.value().subscription();
        assertThat(subscription.kind()).isEqualTo(Kind.MARKETPLACE_SAAS);
        assertThat(subscription.status().is(Known.ACTIVE)).isTrue();
        assertThat(subscription.autoRenew()).isFalse();
        assertThat(subscription.termEnd()).isEqualTo(Instant.parse("2019-02-08T00:21:45.926372700Z"));
        assertThat(subscription.refunds())
                .containsExactly(new Subscription.Refund("Full", Instant.parse("2019-01-10T00:21:45.926372700Z")));
        assertThat(read.value().etag()).isEqualTo("v1-etag");
    }

    @Test
    void unlinksWithTheDocumentedRequestAndUnderstandsTheDocumentedAnswer() {
        server.thenAnswers(200, """
                MS-RequestId: 7988dde4-b516-472c-b226-6d53fb18f04e\r
                MS-CorrelationId: 9b4bf2ca-f374-4d51-9113-781ca87b8380\r
                X-Locale: en-US\r
                Content-Type: application/json\r
                Expect: 100-continue\r
                """, Fixtures.UNLINKED);

        Call call = client.partnerCenter.removeResellerRelationship(permit(
                Operation.REMOVE_RESELLER_RELATIONSHIP,
                "9fef8b23-6e3e-45d2-8678-e9fe89c35af5",
                "9b4bf2ca-f374-4d51-9113-781ca87b8380"));

        RawServer.Request sent = server.requests.getFirst();
        assertThat(sent.method()).isEqualTo("PATCH");
        assertThat(sent.path()).isEqualTo("/v1/customers/" + TestClient.CUSTOMER);
        assertThat(sent.headers())
                .containsEntry("authorization", "Bearer user-1")
                .containsEntry("ms-requestid", "9fef8b23-6e3e-45d2-8678-e9fe89c35af5")
                .containsEntry("ms-correlationid", "9b4bf2ca-f374-4d51-9113-781ca87b8380")
                .containsEntry("content-type", "application/json; charset=utf-8")
                .doesNotContainKeys("if-match", "accept-encoding");
        assertThat(sent.body())
                .isEqualTo("{\"relationshipToPartner\":\"none\",\"attributes\":{\"objectType\":\"Customer\"}}");
        assertThat(call)
                .isInstanceOfSatisfying(
                        Call.Sent.class,
                        answered -> assertThat(answered.reply()).isInstanceOf(Reply.Done.class));
    }

    private static Permit permit(Operation operation, String requestId, String correlationId) {
        return new Permit(
                operation,
                TestClient.CUSTOMER,
                operation == Operation.CANCEL_SUBSCRIPTION
                        ? new Step.ChangeSubscription(TestClient.SUBSCRIPTION, Change.CANCEL, true)
                        : new Step.RemoveRelationship(),
                UUID.fromString(requestId),
                UUID.fromString(correlationId),
                System.nanoTime() + Duration.ofSeconds(30).toNanos());
    }
}
