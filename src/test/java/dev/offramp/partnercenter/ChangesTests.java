package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.SubscriptionId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every call that changes something: what is sent, and what of the answer is believed. */
class ChangesTests {

    private static final String ORDER = "Ab1-_c2D3e4F5g6H7i8J9k0";
    private static final String ENTITLEMENT = "e0000000-0000-4000-8000-000000000001";

    private final RawServer server = new RawServer();
    private final TestClient client = TestClient.of(server.address());

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "CANCEL         | \"status\": \"active\"   | \"status\": \"deleted\"",
                "SUSPEND        | \"status\": \"active\"   | \"status\": \"suspended\"",
                "REACTIVATE     | \"status\": \"suspended\"| \"status\": \"active\"",
                "AUTO_RENEW_OFF | \"autoRenewEnabled\": true  | \"autoRenewEnabled\": false",
                "AUTO_RENEW_ON  | \"autoRenewEnabled\": false | \"autoRenewEnabled\": true"
            })
    void sendsTheWholeResourceBackWithOneMemberChanged(Change change, String before, String after) {
        String current = resource(before);
        server.thenAnswers(200, "", resource(after));

        Call call = client.partnerCenter.changeSubscription(
                TestClient.permit(
                        Operation.SUSPEND_SUBSCRIPTION,
                        new Step.ChangeSubscription(TestClient.SUBSCRIPTION, change, true)),
                Resources.subscription(current).orElseThrow());

        RawServer.Request sent = server.requests.getFirst();
        assertThat(sent.method()).isEqualTo("PATCH");
        assertThat(sent.body()).isEqualTo(resource(after));
        assertThat(sent.headers()).containsEntry("if-match", "\"e-1\"").containsEntry("authorization", "Bearer app-1");
        assertThat(((Call.Sent) call).reply()).isInstanceOf(Reply.Done.class);
    }

    @ParameterizedTest
    @CsvSource({"CANCEL", "SUSPEND", "AUTO_RENEW_OFF"})
    void doesNotBelieveAnAnswerThatShowsNoChange(Change change) {
        String current = resource("\"status\": \"active\",\"autoRenewEnabled\": true");
        server.thenAnswers(200, "", current);

        Call call = client.partnerCenter.changeSubscription(
                TestClient.permit(
                        Operation.SUSPEND_SUBSCRIPTION,
                        new Step.ChangeSubscription(TestClient.SUBSCRIPTION, change, true)),
                Resources.subscription(current).orElseThrow());

        assertThat(((Call.Sent) call).reply()).isInstanceOf(Reply.Lost.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"etag\": \"\"}",
                "{\"etag\": \" \"}",
                "{\"etag\": null}",
                "{\"objectType\": \"Subscription\"}",
                "null"
            })
    void sendsNoIfMatchWithoutAnEtag(String attributes) {
        String current = "{\"id\":\"%s\",\"status\":\"active\",\"attributes\":%s}"
                .formatted(TestClient.SUBSCRIPTION, attributes);
        server.thenAnswers(200, "", "");

        client.partnerCenter.changeSubscription(
                TestClient.permitToCancel(TestClient.CUSTOMER, TestClient.SUBSCRIPTION),
                Resources.subscription(current).orElseThrow());

        assertThat(server.requests.getFirst().headers()).doesNotContainKey("if-match");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"status\":\"cancelled\"|1|1|true",
                "\"Status\":\"Canceled\"|1|0|true",
                "\"status\":\"completed\"|0|0|true",
                "\"status\":\"completed\"|0|1|false",
                "\"status\":\"pending\"|1|1|false",
                "\"x\":0|1|1|false"
            })
    void cancelsAnOrderWithAllItsLines(String status, int first, int second, boolean believed) {
        String order = """
                {"id":"%s","alternateId":"x",%s,"lineItems":[
                  {"lineItemNumber":0,"offerId":"P:0001:A","quantity":%d},
                  {"lineItemNumber":1,"offerId":"P:0002:B","quantity":%d,"subscriptionId":"%s"}],
                 "attributes":{"etag":"o-1","objectType":"Order"}}
                """;
        server.thenAnswers(200, "", order.formatted(ORDER, "\"status\":\"completed\"", 1, 1, TestClient.SUBSCRIPTION))
                .thenAnswers(200, "", order.formatted(ORDER, status, first, second, TestClient.SUBSCRIPTION));
        var current = (Read.Found<OrderResource>) client.partnerCenter.order(TestClient.CUSTOMER, ORDER);

        Call call = client.partnerCenter.cancelOrder(
                TestClient.permit(Operation.CANCEL_SUBSCRIPTION, new Step.CancelOrder(ORDER)), current.value());

        RawServer.Request sent = server.requests.getLast();
        assertThat(server.paths())
                .containsExactly(
                        "GET /v1/customers/%s/orders/%s".formatted(TestClient.CUSTOMER, ORDER),
                        "PATCH /v1/customers/%s/orders/%s".formatted(TestClient.CUSTOMER, ORDER));
        assertThat(sent.headers()).containsEntry("if-match", "\"o-1\"");
        assertThat(sent.body())
                .isEqualTo("{\"id\":\"%s\",\"status\":\"cancelled\",\"lineItems\":[".formatted(ORDER)
                        + "{\"lineItemNumber\":0,\"offerId\":\"P:0001:A\"},"
                        + "{\"lineItemNumber\":1,\"offerId\":\"P:0002:B\"}]}");
        assertThat(((Call.Sent) call).reply()).isInstanceOf(believed ? Reply.Done.class : Reply.Lost.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"id\":\"E0000000-0000-4000-8000-000000000001\",\"status\":\"active\"}|Accepted",
                "{\"id\":\"e0000000-0000-4000-8000-000000000001\",\"status\":\"inactive\"}|Done",
                "{\"id\":\"e0000000-0000-4000-8000-000000000002\",\"status\":\"inactive\"}|Lost",
                "{}|Lost",
                "ok|Lost"
            })
    void cancelsAnAzureSubscriptionAsTheUser(String answer, String reply) {
        server.thenAnswers(200, "", answer);

        Call call = client.partnerCenter.cancelAzureSubscription(TestClient.permit(
                Operation.CANCEL_SUBSCRIPTION, new Step.CancelAzureSubscription(TestClient.SUBSCRIPTION, ENTITLEMENT)));

        RawServer.Request sent = server.requests.getFirst();
        assertThat(server.paths())
                .containsExactly("POST /v1/customers/%s/subscriptions/%s/azureEntitlements/%s/cancel"
                        .formatted(TestClient.CUSTOMER, TestClient.SUBSCRIPTION, ENTITLEMENT));
        assertThat(sent.headers())
                .containsEntry("authorization", "Bearer user-1")
                .doesNotContainKey("if-match");
        assertThat(sent.body()).isEqualTo("{\"cancellationReason\":\"compromise\"}");
        assertThat(((Call.Sent) call).reply().getClass().getSimpleName()).isEqualTo(reply);
    }

    @Test
    void refusesAPermitForSomethingElse() {
        var resource =
                Resources.subscription(resource("\"status\": \"active\"")).orElseThrow();
        var order = Resources.order("{\"id\":\"%s\"}".formatted(ORDER)).orElseThrow();
        Permit forUnlink = TestClient.permitToUnlink(TestClient.CUSTOMER);
        Permit forAnother = TestClient.permitToCancel(
                TestClient.CUSTOMER, SubscriptionId.of("50000000-0000-4000-8000-0000000000ff"));
        Permit forAnotherOrder = TestClient.permit(Operation.CANCEL_SUBSCRIPTION, new Step.CancelOrder("other"));

        assertThatThrownBy(() -> client.partnerCenter.changeSubscription(forUnlink, resource))
                .hasMessageContaining("unlink");
        assertThatThrownBy(() -> client.partnerCenter.changeSubscription(forAnother, resource))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.partnerCenter.cancelOrder(forAnotherOrder, order))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.partnerCenter.cancelOrder(forAnother, order))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.partnerCenter.cancelAzureSubscription(forAnother))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.partnerCenter.removeResellerRelationship(forAnother))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(server.requests).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"a/../../b, a%2F..%2F..%2Fb", "..., %2E%2E%2E", "'a b?c#d', a%20b%3Fc%23d", "Ab1-_c2, Ab1-_c2"})
    void asksForAnOrderUnderItsOwnAddressWhateverItsId(String order, String segment) {
        server.thenAnswers(404, "", "{\"code\":20000,\"description\":\"words\"}");

        assertThat(client.partnerCenter.order(TestClient.CUSTOMER, order)).isInstanceOf(Read.Missing.class);
        assertThat(server.paths())
                .containsExactly("GET /v1/customers/%s/orders/%s".formatted(TestClient.CUSTOMER, segment));
    }

    @Test
    void takesNoOtherOrderForTheOneThatWasAskedFor() {
        server.thenAnswers(200, "", "{\"id\":\"other\",\"status\":\"cancelled\",\"lineItems\":[]}");

        assertThat(client.partnerCenter.order(TestClient.CUSTOMER, ORDER)).isInstanceOf(Read.Unreadable.class);
    }

    @Test
    void readsAzureSubscriptionsAndOrdersWithoutLosingANeighbour() {
        server.thenAnswers(200, "", """
                        {"totalCount":3,"items":[{"Id":"e-1","FriendlyName":" One ","Status":"active"},
                          7,{"id":"e-2","status":"flying"}]}
                        """).thenAnswers(200, "", """
                        {"totalCount":2,"items":[{"id":"o-1","status":"completed","lineItems":{}},
                          {"id":null,"lineItems":[{"lineItemNumber":"x"}]}]}
                        """);

        var azure = client.partnerCenter.azureSubscriptions(TestClient.CUSTOMER, TestClient.SUBSCRIPTION);
        var orders = client.partnerCenter.orders(TestClient.CUSTOMER);

        assertThat(azure)
                .isInstanceOfSatisfying(
                        Read.Found.class,
                        found -> assertThat(found.value())
                                .hasToString(
                                        "ResourceList[items=[AzureSubscription[entitlement=e-1, name=One, status=active], "
                                                + "AzureSubscription[entitlement=, name=, status=], "
                                                + "AzureSubscription[entitlement=e-2, name=, status=flying]], complete=true]"));
        assertThat(orders)
                .isInstanceOfSatisfying(
                        Read.Found.class,
                        found -> assertThat(((ResourceList<?>) found.value()).items())
                                .hasSize(2));
    }

    private static String resource(String members) {
        return """
                {"id": "%s", "price": 1.10, "Foo": 1, "foo": 2, %s, "attributes": {"etag": "e-1"}}
                """.formatted(TestClient.SUBSCRIPTION, members);
    }
}
