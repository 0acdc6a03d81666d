package dev.offramp.partnercenter;

import static dev.offramp.partnercenter.TestClient.CUSTOMER;
import static dev.offramp.partnercenter.TestClient.SUBSCRIPTION;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a 202 points to is looked at when it is a subscription of the same customer at our own address, else never. */
class LocationTests {

    private static final String THERE = "/v1/customers/" + CUSTOMER + "/subscriptions/pending-" + SUBSCRIPTION;
    private static final String BY_ID = "/v1/customers/" + CUSTOMER + "/subscriptions/" + SUBSCRIPTION;

    private final RawServer server = new RawServer();
    private final TestClient client = TestClient.of(server.address());

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void looksAtThePlaceThatWasNamed() {
        server.thenAnswers(200, "", Fixtures.marketplaceSubscription("deleted"));

        assertThat(client.partnerCenter.subscriptionAt(CUSTOMER, SUBSCRIPTION, THERE))
                .isInstanceOf(Read.Found.class);
        assertThat(paths()).containsExactly(THERE);
    }

    @Test
    void readsByIdWhenThereIsNothingAtThatPlace() {
        server.thenAnswers(404, "", "{\"code\":\"60002\",\"description\":\"not there\"}")
                .thenAnswers(200, "", Fixtures.marketplaceSubscription("deleted"));

        assertThat(client.partnerCenter.subscriptionAt(CUSTOMER, SUBSCRIPTION, THERE))
                .isInstanceOf(Read.Found.class);
        assertThat(paths()).containsExactly(THERE, BY_ID);
    }

    @Test
    void readsByIdWhenSomethingElseIsAtThatPlace() {
        String other = "00000000-0000-4000-8000-00000000000f";
        server.thenAnswers(200, "", Fixtures.marketplaceSubscription("deleted").replace(SUBSCRIPTION.value(), other))
                .thenAnswers(200, "", Fixtures.marketplaceSubscription("active"));

        assertThat(client.partnerCenter.subscriptionAt(CUSTOMER, SUBSCRIPTION, THERE))
                .isInstanceOfSatisfying(
                        Read.Found.class,
                        found -> assertThat(((SubscriptionResource) found.value())
                                        .subscription()
                                        .id())
                                .isEqualTo(SUBSCRIPTION));
        assertThat(paths()).containsExactly(THERE, BY_ID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/customers/another/subscriptions/6e7aa601-629e-461b-8933-0898c3cc3c7c",
                "/v1/auditrecords",
                "/v1/customers/5921f00a-32c0-4457-aaa1-e8018c650895/subscriptions/../../x",
                "/v1/customers/5921f00a-32c0-4457-aaa1-e8018c650895/subscriptions/a?b=c",
                "/v1/customers/5921f00a-32c0-4457-aaa1-e8018c650895/subscriptions/"
            })
    void readsByIdWhereThePlaceIsNoSubscriptionOfThisCustomer(String elsewhere) {
        server.thenAnswers(200, "", Fixtures.marketplaceSubscription("deleted"));

        client.partnerCenter.subscriptionAt(CUSTOMER, SUBSCRIPTION, elsewhere);

        assertThat(paths()).containsExactly(BY_ID);
    }

    @Test
    void forgetsAPlaceAtAnotherAddress() {
        server.thenAnswers(202, "Location: https://elsewhere.example" + THERE + "\r\n", "");
        Read.Found<SubscriptionResource> read =
                new Read.Found<>(SubscriptionResource.of(Fixtures.marketplaceSubscription("active"))
                        .orElseThrow());

        Call call = client.partnerCenter.changeSubscription(
                TestClient.permitToCancel(CUSTOMER, SUBSCRIPTION), read.value());

        assertThat(call)
                .isInstanceOfSatisfying(
                        Call.Sent.class,
                        sent -> assertThat(sent.reply())
                                .isInstanceOfSatisfying(
                                        Reply.Accepted.class,
                                        accepted ->
                                                assertThat(accepted.location()).isNull()));
    }

    @ParameterizedTest
    @CsvSource({
        "/customers/c/subscriptions/s,                                   true",
        "https://api.partnercenter.microsoft.com/v1/customers/c,         true",
        "https://API.partnercenter.microsoft.com:443/v1/customers/c,     true",
        "http://api.partnercenter.microsoft.com/v1/customers/c,          false",
        "https://api.partnercenter.microsoft.com:8443/v1/customers/c,    false",
        "https://api.partnercenter.microsoft.com.evil.example/v1/c,      false",
        "https://someone@api.partnercenter.microsoft.com/v1/c,           false",
        "//evil.example/v1/customers/c,                                  false",
        "https://evil.example/v1/customers/c,                            false",
        "ht tp:nonsense,                                                 false"
    })
    void knowsItsOwnAddress(String header, boolean within) {
        assertThat(Location.isWithin(URI.create("https://api.partnercenter.microsoft.com"), header))
                .isEqualTo(within);
    }

    private List<String> paths() {
        return server.requests.stream().map(each -> each.path()).toList();
    }
}
