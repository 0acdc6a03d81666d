package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The twelve questions that no document answers, each with the answers that it may have. */
class SwitchTests {

    private static final String CUSTOMER = "c0000000-0000-4000-8000-00000000000a";
    private static final String SUBSCRIPTION = "50000000-0000-4000-8000-00000000000a";
    private static final String RESERVATION = "e0000000-0000-4000-8000-00000000000a";

    private final HandClock clock = new HandClock("2026-11-20T10:00:00Z");
    private PartnerCenterSimulator simulator;
    private Caller caller;

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void question1AnswersARepeatedRequestIdWithWhatIsTrueNowAndForgetsIt() {
        start(with("idempotentRequestIds", true)
                .where("requestIdAnswer", "current-resource")
                .where("requestIdMemory", "1h"));
        caller.with("MS-RequestId", "11111111-2222-4333-8444-555555555555");

        assertThat(caller.cancel(CUSTOMER, SUBSCRIPTION).status()).isEqualTo(200);
        assertThat(caller.cancel(CUSTOMER, SUBSCRIPTION).status()).isEqualTo(200);
        clock.advance(Duration.ofMinutes(50));
        clock.advance(Duration.ofMinutes(11));
        caller.with("Authorization", "Bearer " + caller.applicationToken());
        assertThat(caller.cancel(CUSTOMER, SUBSCRIPTION).said()).isEqualTo("400/2011");
        assertThat(simulator.calls()).extracting(Call::replayed).containsExactly(false, true, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"400/900141", "400/3000", "400/800002", "403/2032", "409/900278", "500/900192"})
    void question2RefusesAnUnlinkWith(String answer) {
        start(with("unlinkRefused", answer));

        assertThat(caller.unlink(CUSTOMER).said()).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource({"portal-page,400", "developer-page,200", "none,200"})
    void question2KeepsACustomerBySuspendedNewCommerceAsWhichPageSays(String page, int status) {
        start(with("unlinkBlockers", page));
        caller.change(CUSTOMER, SUBSCRIPTION, "suspended");

        assertThat(caller.unlink(CUSTOMER).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"2011,400/2011", "800040,400/800040"})
    void question3AnswersDeletedAgainWith(String answer, String said) {
        start(with("deletedAgain", answer));
        caller.cancel(CUSTOMER, SUBSCRIPTION);

        assertThat(caller.cancel(CUSTOMER, SUBSCRIPTION).said()).isEqualTo(said);
    }

    @ParameterizedTest
    @CsvSource({"20002,403", "3000,400", "404,404", "200,200"})
    void question4AnswersASecondUnlinkWith(String answer, int status) {
        start(with("unlinkedAgain", answer).where("afterUnlink", 404));
        caller.cancel(CUSTOMER, SUBSCRIPTION);
        caller.unlink(CUSTOMER);

        assertThat(caller.unlink(CUSTOMER).status()).isEqualTo(status);
        assertThat(caller.customer(CUSTOMER).status()).isEqualTo(404);
        assertThat(caller.subscriptions(CUSTOMER).status()).isEqualTo(404);
    }

    @Test
    void question5GivesNewCommerceAnEtagWhereItDemandsOne() {
        start(with("ifMatchOnNewCommerce", "required"));
        String etag = subscription().path("attributes").path("etag").asString();

        assertThat(caller.change(CUSTOMER, SUBSCRIPTION, "deleted").said()).isEqualTo("400/2055");
        assertThat(caller.with("If-Match", "\"" + etag + "\"")
                        .change(CUSTOMER, SUBSCRIPTION, "deleted")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void question5RefusesAnEmptyIfMatch() {
        start(with("ifMatchOnNewCommerce", "error-when-empty"));

        assertThat(caller.with("If-Match", "\"\"")
                        .cancel(CUSTOMER, SUBSCRIPTION)
                        .said())
                .isEqualTo("400/800002");
    }

    @ParameterizedTest
    @CsvSource({"unchanged,active", "pending,pending"})
    void question6AcceptsAChangeAndShowsItLater(String shows, String meanwhile) {
        start(with("changesAnswered", "202").where("acceptedShows", shows));

        Caller.Reply reply = caller.cancel(CUSTOMER, SUBSCRIPTION);

        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.header("Location")).isEqualTo("/customers/" + CUSTOMER + "/subscriptions/" + SUBSCRIPTION);
        assertThat(subscription().path("status").asString()).isEqualTo(meanwhile);
        clock.advance(Duration.ofSeconds(5));
        assertThat(subscription().path("status").asString()).isEqualTo("deleted");
    }

    @Test
    void question6AcceptsEverySecondChangeAndIsBusyMeanwhile() {
        start(with("changesAnswered", "202-every-second"));

        assertThat(rename("one").status()).isEqualTo(200);
        assertThat(rename("two").status()).isEqualTo(202);
        assertThat(rename("three").said()).isEqualTo("409/800082");
        clock.advance(Duration.ofSeconds(5));
        assertThat(rename("three").status()).isEqualTo(200);
    }

    @Test
    void question7CountsForEachCustomerAndNamesNoTime() {
        start(with("throttleScope", "customer").where("retryAfter", "missing").limit(Limit.perMinute("customer", 1)));
        caller.customer(CUSTOMER);

        Caller.Reply reply = caller.customer(CUSTOMER);

        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.header("Retry-After")).isEmpty();
        assertThat(caller.customer("c0000000-0000-4000-8000-0000000000ff").status())
                .isEqualTo(404);
    }

    @Test
    void question7NamesTheTimeAsADate() {
        start(with("retryAfter", "date").limit(Limit.perMinute("customer", 1)));
        caller.customer(CUSTOMER);

        assertThat(caller.customer(CUSTOMER).header("Retry-After")).isEqualTo("Fri, 20 Nov 2026 10:01:00 GMT");
    }

    @ParameterizedTest
    @CsvSource({"shown,true,true", "null-when-closed,true,true", "null,true,false", "missing,false,false"})
    void question8ShowsTheLastDayOfCancelling(String answer, boolean there, boolean date) {
        start(with("cancellationDate", answer));

        assertThat(subscription().has("cancellationAllowedUntilDate")).isEqualTo(there);
        assertThat(subscription().hasNonNull("cancellationAllowedUntilDate")).isEqualTo(date);
        assertThat(caller.cancel(CUSTOMER, SUBSCRIPTION).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"moved,2026-12-01T00:00:00Z", "kept,2026-01-31T10:00:00Z", "null,"})
    void question8ShowsItAfterARenewal(String answer, String date) {
        start(with("cancellationDateAfterRenewal", answer)
                .accessTokensLive(Duration.ofDays(30))
                .customer(
                        "Fabrikam",
                        c -> c.newCommerceLicence(s -> s.created("-300d").ends("+3d"))));
        clock.advance(Duration.ofDays(4));

        String customer = Scenario.customerId("Fabrikam");
        JsonNode renewed = caller.subscriptions(customer).json().path("items").path(0);

        assertThat(renewed.path("cancellationAllowedUntilDate").asString(null)).isEqualTo(date);
        assertThat(caller.cancel(customer, renewed.path("id").asString()).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"no-effect,true", "loses-auto-renew,false"})
    void question9ChangesAutoRenewByARefusedMinimalBody(String answer, boolean renews) {
        start(with("refusedMinimalPatch", answer));
        clock.advance(Duration.ofDays(7));

        assertThat(caller.patch(path(), "{\"status\": \"deleted\"}").said()).isEqualTo("400/900117");

        assertThat(subscription().path("autoRenewEnabled").asBoolean()).isEqualTo(renews);
    }

    @ParameterizedTest
    @CsvSource({"gone,0", "listed,1"})
    void question10ListsCancelledReservations(String answer, int count) {
        start(with("cancelledReservations", answer)
                .customer(
                        "Fabrikam",
                        c -> c.entitlement(
                                "reservedinstance",
                                e -> e.put("id", RESERVATION).put("cancelled", true))));

        JsonNode items =
                caller.entitlements(Scenario.customerId("Fabrikam")).json().path("items");

        assertThat(items.size()).isEqualTo(count);
        assertThat(items.findValuesAsString("status")).isEqualTo(count == 0 ? List.of() : List.of("Cancelled"));
        assertThat(caller.unlink(Scenario.customerId("Fabrikam")).status()).isEqualTo(200);
    }

    @Test
    void question10GivesReservationsTheStatusOfTheirQuantity() {
        start(with("reservationStatus", "Fulfilled")
                .customer("Fabrikam", c -> c.reservation("virtualmachinereservedinstance")));

        assertThat(caller.entitlements(Scenario.customerId("Fabrikam")).json().findValuesAsString("status"))
                .containsExactly("Fulfilled");
    }

    @Test
    void question11NamesItsOwnCorrelation() {
        start(with("auditCorrelation", "servers"));
        caller.with("MS-CorrelationId", "66666666-7777-4888-8999-aaaaaaaaaaaa").cancel(CUSTOMER, SUBSCRIPTION);

        assertThat(caller.get("/v1/auditrecords").json().findValuesAsString("originalCorrelationId"))
                .hasSize(1)
                .doesNotContain("66666666-7777-4888-8999-aaaaaaaaaaaa");
    }

    @ParameterizedTest
    @CsvSource({"usage,false", "product-type,true"})
    void question12ShowsAnAzurePlan(String answer, boolean type) {
        start(with("azurePlanBody", answer).customer("Fabrikam", c -> c.azurePlan(s -> s)));

        JsonNode plan = caller.subscriptions(Scenario.customerId("Fabrikam"))
                .json()
                .path("items")
                .path(0);

        assertThat(plan.path("billingType").asString()).isEqualTo("usage");
        assertThat(plan.has("productType")).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource({"scheduled,true", "plain,false"})
    void question12ShowsATrial(String answer, boolean scheduled) {
        start(with("trialBody", answer).customer("Fabrikam", c -> c.newCommerceLicence(s -> s.trial())));

        JsonNode trial = caller.subscriptions(Scenario.customerId("Fabrikam"))
                .json()
                .path("items")
                .path(0);

        assertThat(trial.path("isTrial").asBoolean()).isTrue();
        assertThat(trial.has("scheduledNextTermInstructions")).isEqualTo(scheduled);
    }

    private static ScenarioBuilder with(String setting, Object value) {
        return Scenario.builder()
                .accessTokensLive(Duration.ofDays(30))
                .where(setting, value)
                .customer("Contoso", c -> c.id(CUSTOMER).newCommerceLicence(s -> s.id(SUBSCRIPTION)));
    }

    private void start(ScenarioBuilder scenario) {
        simulator = PartnerCenterSimulator.start(scenario.build(), 0, clock);
        caller = Caller.asUser(simulator);
    }

    private Caller.Reply rename(String name) {
        return caller.patch(path(), "{\"friendlyName\": \"" + name + "\", \"autoRenewEnabled\": true}");
    }

    private JsonNode subscription() {
        return caller.subscription(CUSTOMER, SUBSCRIPTION).json();
    }

    private static String path() {
        return "/v1/customers/" + CUSTOMER + "/subscriptions/" + SUBSCRIPTION;
    }
}
