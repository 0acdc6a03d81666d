package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.Entitlement;
import dev.offramp.offboarding.Subscription;
import dev.offramp.offboarding.SubscriptionStatus.Known;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourcesTests {

    @ParameterizedTest
    @CsvSource({
        "2022-01-13T00:00:00Z, 2022-01-13T00:00:00Z",
        "2016-05-10T07:30:05.427Z, 2016-05-10T07:30:05.427Z",
        "2021-10-15T21:28:19.3058617Z, 2021-10-15T21:28:19.305861700Z",
        "2021-10-15T21:28:19.3Z, 2021-10-15T21:28:19.300Z",
        "2019-01-09T00:21:45.9263727+00:00, 2019-01-09T00:21:45.926372700Z",
        "2019-01-09T02:21:45+02:00, 2019-01-09T00:21:45Z",
        "2019-02-23T00:00:00, 2019-02-23T00:00:00Z",
        "2019-02-23, 2019-02-23T00:00:00Z",
        "2015-11-25T06: 41: 12Z, 2015-11-25T06:41:12Z",
        "9999-12-10T00:00:00Z, 9999-12-10T00:00:00Z",
        "9999-12-31T23:59:59.9999999Z, 9999-12-31T23:59:59.999999900Z",
        "2021-10-15T21:28:19.30Z, 2021-10-15T21:28:19.300Z",
        "2021-10-15T21:28:19.3058Z, 2021-10-15T21:28:19.305800Z",
        "2021-10-15T21:28:19.30586Z, 2021-10-15T21:28:19.305860Z",
        "2021-10-15T21:28:19.305861Z, 2021-10-15T21:28:19.305861Z",
        "2017-06-15T15:56:04.077-07:00, 2017-06-15T22:56:04.077Z",
        "2017-06-15T15:56:04-0700, 2017-06-15T22:56:04Z",
        "2017-06-15t15:56:04z, 2017-06-15T15:56:04Z",
        "2018-02-13 18:12:08Z, 2018-02-13T18:12:08Z",
        "' 2015-11-25T06: 41: 12Z ', 2015-11-25T06:41:12Z"
    })
    void readsDatesInEveryForm(String written, Instant meant) {
        assertThat(subscription("{\"commitmentEndDate\":\"" + written + "\"}").termEnd())
                .isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"\"", "null", "\"soon\"", "17", "{}", "\"2022-13-45T00:00:00Z\"", "[\"2022-01-13T00:00:00Z\"]"
            })
    void takesNoOtherTextForADate(String written) {
        assertThat(subscription("{\"commitmentEndDate\":" + written + "}").termEnd())
                .isNull();
    }

    @Test
    void readsEverythingOfALicence() {
        Subscription licence = subscription("""
                {"Id":"A4C1340D-6911-4758-BBA3-0C4C6007D161","FriendlyName":"Mail","Status":"Suspended","Quantity":25,
                 "AutoRenewEnabled":true,"CancellationAllowedUntilDate":"2026-11-27T00:00:00Z","Actions":["Cancel","Edit"],
                 "CommitmentEndDate":"2027-01-13T00:00:00Z","CommitmentEndDateTime":"2027-01-13T23:59:59Z",
                 "RefundOptions":[{"type":"Full","expiresAfter":"2026-11-21T00:00:00Z"},{"type":"Partial"}],
                 "RefundableQuantity":{"totalQuantity":25,"details":[
                   {"quantity":20,"allowedUntilDateTime":"2026-11-25T00:00:00Z"},
                   {"quantity":5,"allowedUntilDateTime":"2026-11-26T00:00:00Z"}]}}
                """);

        assertThat(licence.id()).hasToString("a4c1340d-6911-4758-bba3-0c4c6007d161");
        assertThat(licence.name()).isEqualTo("Mail");
        assertThat(licence.status().is(Known.SUSPENDED)).isTrue();
        assertThat(licence.quantity()).isEqualTo(25);
        assertThat(licence.autoRenew()).isTrue();
        assertThat(licence.cancellationAllowedUntil()).isEqualTo(Instant.parse("2026-11-27T00:00:00Z"));
        assertThat(licence.actions()).containsExactly("Cancel", "Edit");
        assertThat(licence.termEnd()).isEqualTo(Instant.parse("2027-01-13T23:59:59Z"));
        assertThat(licence.refunds())
                .containsExactly(
                        new Subscription.Refund("Full", Instant.parse("2026-11-21T00:00:00Z")),
                        new Subscription.Refund("Partial", null));
        assertThat(licence.refundableUntil()).isEqualTo(Instant.parse("2026-11-26T00:00:00Z"));
        assertThat(licence.refundableQuantity()).isEqualTo(25);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"id\":\"no guid\"}",
                "7",
                "null",
                "\"x\"",
                "{\"status\":{\"a\":1},\"quantity\":1e9999}"
            })
    void losesNoNeighbourBecauseOfAStrangeItem(String strange) {
        ResourceList<Subscription> list = Resources.subscriptions("{\"totalCount\":2,\"items\":[%s,%s]}"
                        .formatted(strange, Fixtures.marketplaceSubscription("active")))
                .orElseThrow();

        assertThat(list.complete()).isTrue();
        assertThat(list.items()).hasSize(2);
        assertThat(list.items().getFirst().status().is(Known.UNKNOWN)).isTrue();
        assertThat(list.items().getFirst().id()).isNull();
        assertThat(list.items().getLast().status().is(Known.ACTIVE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"totalCount\":37,\"items\":[{}]}",
                "{\"items\":[]}",
                "{\"totalCount\":\"0\",\"items\":[]}",
                "{\"totalCount\":0,\"items\":[],\"continuationToken\":\"more\"}",
                "{\"totalCount\":0,\"items\":[],\"links\":{\"next\":{\"uri\":\"/customers\"}}}"
            })
    void isIncompleteUnlessTheCountAgrees(String list) {
        assertThat(Resources.subscriptions(list).orElseThrow().complete()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "{",
                "{}",
                "{\"items\":{}}",
                "null",
                "{\"items\":[]} x",
                "{\"items\":[],\"items\":[]}"
            })
    void readsNoListFromSomethingElse(String text) {
        assertThat(Resources.subscriptions(text)).isEmpty();
    }

    @Test
    void followsIncludedEntitlementsAndNamesEach() {
        List<Entitlement> all = Resources.entitlements("""
                        {"totalCount":2,"items":[
                          {"referenceOrder":{"id":"order-1","lineItemId":"0"},"productId":"DZH318Z0BQ3W","skuId":"00BD",
                           "quantityDetails":[{"quantity":1,"status":"PrefulfillmentPending"}],
                           "entitlementType":"virtual_machine_reserved_instance"},
                          {"entitlementType":"software","productId":"P",
                           "entitledArtifacts":[{"resourceId":"artifact-1"}],
                           "includedEntitlements":[{"entitlementType":"ReservedInstance"}]}]}
                        """).orElseThrow().items();

        assertThat(all)
                .containsExactly(
                        new Entitlement(
                                "virtual_machine_reserved_instance",
                                "order-1/0",
                                "DZH318Z0BQ3W/00BD",
                                "PrefulfillmentPending"),
                        new Entitlement("software", "artifact-1", "P", ""),
                        new Entitlement("ReservedInstance", "", "", ""));
        assertThat(all).extracting(Entitlement::isReservation).containsExactly(true, false, true);
    }

    @Test
    void readsACustomerInEitherCase() {
        assertThat(Resources.customer(Fixtures.CUSTOMER))
                .contains(new Customer(TestClient.CUSTOMER, "Contoso", "contoso.example", "reseller"));
        assertThat(Resources.customer(
                        "{\"Id\":\"5921F00A-32C0-4457-AAA1-E8018C650895\",\"RelationshipToPartner\":\"none\"}"))
                .contains(new Customer(TestClient.CUSTOMER, null, null, "none"));
        assertThat(Resources.customer("{\"id\":null}")).isEmpty();
    }

    @Test
    void takesNoSideBetweenTwoSpellingsOfOneMember() {
        assertThat(Resources.subscription("{\"status\":\"deleted\",\"Status\":\"active\"}"))
                .isEmpty();
    }

    @Test
    void letsStandTwiceWhatItDoesNotRead() {
        assertThat(subscription("{\"Colour\":1,\"colour\":2,\"status\":\"active\"}")
                        .status()
                        .is(Known.ACTIVE))
                .isTrue();
    }

    @Test
    void doesNotKnowAnItemWhoseStatusStandsThereTwice() {
        ResourceList<Subscription> list = Resources.subscriptions(
                        "{\"totalCount\":1,\"items\":[{\"status\":\"deleted\",\"Status\":\"active\"}]}")
                .orElseThrow();

        assertThat(list.items().getFirst().status().is(Known.UNKNOWN)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"cancellationAllowedUntilDate\":\"soon\"",
                "\"cancellationAllowedUntilDate\":7",
                "\"cancellationAllowedUntilDate\":{}",
                "\"actions\":\"cancel\"",
                "\"actions\":{\"cancel\":true}"
            })
    void takesNoWindowThatItCannotReadForNone(String member) {
        assertThat(Resources.subscription("{\"status\":\"active\"," + member + "}"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"cancellationAllowedUntilDate\":null",
                "\"cancellationAllowedUntilDate\":\"\"",
                "\"actions\":null",
                "\"actions\":[]"
            })
    void readsAWindowThatIsNotThere(String member) {
        assertThat(Resources.subscription("{\"status\":\"active\"," + member + "}"))
                .isPresent();
    }

    @Test
    void hasNoEtagWhenItIsEmpty() {
        assertThat(Resources.subscription("{\"attributes\":{\"etag\":\"\"}}")
                        .orElseThrow()
                        .etag())
                .isNull();
    }

    @Property(tries = 300)
    void neverThrowsOnAnyText(@ForAll String text) {
        Resources.subscription(text);
        Resources.subscriptions(text);
        Resources.entitlements("{\"items\":[" + text + "]}");
        Resources.customer(text);
        ErrorBody.of(text);
        Dates.read(text);
        TokenAnswer.of(text);
        Claims.of("a." + text);
    }

    @Test
    void survivesADeepHole() {
        assertThat(Resources.subscription("{\"a\":".repeat(20_000))).isEmpty();
    }

    private static Subscription subscription(String json) {
        return Resources.subscription(json).orElseThrow().subscription();
    }
}
