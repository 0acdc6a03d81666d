package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TokenTests {

    private static final String TENANT = "1f0c9d3e-7a44-4d0e-9a57-0b6f3c1f2a10";
    private static final String CUSTOMER = "c0000000-0000-4000-8000-00000000000d";

    private final HandClock clock = new HandClock("2026-11-20T10:00:00Z");
    private PartnerCenterSimulator simulator;
    private Caller caller;

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void givesApplicationsATokenInTheSecondForm() {
        start(basis());

        JsonNode body = caller.token("grant_type=client_credentials&client_id=app&client_secret=secret"
                        + "&scope=https%3A%2F%2Fapi.partnercenter.microsoft.com%2F.default")
                .json();

        assertThat(body.path("token_type").asString()).isEqualTo("Bearer");
        assertThat(body.path("expires_in").isNumber()).isTrue();
        JsonNode claims = claims(body.path("access_token").asString());
        assertThat(claims.path("tid").asString()).isEqualTo(TENANT);
        assertThat(claims.path("aud").asString()).isEqualTo("https://api.partnercenter.microsoft.com");
        assertThat(claims.path("exp").asLong()).isEqualTo(clock.instant().getEpochSecond() + 3600);
        assertThat(claims.has("scp")).isFalse();
    }

    @Test
    void givesNumbersAsTextInTheFirstForm() {
        start(basis());

        JsonNode body = caller.post(
                        "/" + TENANT + "/oauth2/token",
                        "grant_type=client_credentials&client_id=app&client_secret=secret"
                                + "&resource=https%3A%2F%2Fapi.partnercenter.microsoft.com")
                .json();

        assertThat(body.path("expires_in").isString()).isTrue();
        assertThat(body.path("resource").asString()).isEqualTo("https://api.partnercenter.microsoft.com");
    }

    @Test
    void givesUsersEverythingThatASignInLibraryNeeds() {
        start(basis());

        JsonNode body = caller.refresh("rt").json();

        JsonNode claims = claims(body.path("access_token").asString());
        assertThat(claims.path("scp").asString()).isEqualTo("user_impersonation");
        assertThat(claims.path("amr").toString()).isEqualTo("[\"pwd\",\"mfa\"]");
        assertThat(claims(body.path("id_token").asString()).path("tid").asString())
                .isEqualTo(TENANT);
        JsonNode info = Json.read(new String(
                Base64.getUrlDecoder().decode(body.path("client_info").asString()), StandardCharsets.UTF_8));
        assertThat(info.path("utid").asString()).isEqualTo(TENANT);
        assertThat(info.path("uid").asString())
                .isEqualTo(claims(body.path("id_token").asString()).path("oid").asString());
    }

    @Test
    void givesANewRefreshTokenWithEachUseAndRefusesTheOldOne() {
        start(basis());

        String second = caller.refresh("rt").json().path("refresh_token").asString();
        assertThat(second).isNotEqualTo("rt").isEqualTo(simulator.refreshToken());
        Caller.Reply again = caller.refresh("rt");
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.json().path("error").asString()).isEqualTo("invalid_grant");
        assertThat(again.json().path("error_description").asString()).startsWith("AADSTS");
        assertThat(caller.refresh(second).status()).isEqualTo(200);
    }

    @Test
    void toleratesAnOldRefreshTokenWhenTheScenarioSaysSo() {
        start(basis().toleratesReusedRefreshTokens());

        caller.refresh("rt");

        assertThat(caller.refresh("rt").status()).isEqualTo(200);
        assertThat(caller.refresh("never-issued").status()).isEqualTo(400);
    }

    @Test
    void refusesOtherApplicationsSecretsTenantsAndGrants() {
        start(basis());
        String scope = "&scope=https%3A%2F%2Fapi.partnercenter.microsoft.com%2F.default";

        assertThat(caller.token("grant_type=client_credentials&client_id=other&client_secret=secret" + scope)
                        .json()
                        .path("error")
                        .asString())
                .isEqualTo("unauthorized_client");
        assertThat(caller.token("grant_type=client_credentials&client_id=app&client_secret=wrong" + scope)
                        .status())
                .isEqualTo(401);
        assertThat(caller.post("/" + CUSTOMER + "/oauth2/v2.0/token", "grant_type=client_credentials" + scope)
                        .json()
                        .path("error_description")
                        .asString())
                .startsWith("AADSTS90002");
        assertThat(caller.token("grant_type=password&client_id=app&client_secret=secret" + scope)
                        .json()
                        .path("error")
                        .asString())
                .isEqualTo("unsupported_grant_type");
    }

    @Test
    void answers401WithoutTokenWithAForeignOneAndAfterItsTime() {
        start(basis().accessTokensLive(Duration.ofMinutes(10)));

        assertThat(caller.customer(CUSTOMER).said()).isEqualTo("401/400");
        assertThat(caller.customer(CUSTOMER).header("WWW-Authenticate")).isNotEmpty();
        assertThat(caller.with("Authorization", "Bearer a.b.c")
                        .customer(CUSTOMER)
                        .status())
                .isEqualTo(401);
        String token = caller.refresh("rt").json().path("access_token").asString();
        assertThat(caller.with("Authorization", "Bearer " + token)
                        .customer(CUSTOMER)
                        .status())
                .isEqualTo(200);
        clock.advance(Duration.ofMinutes(10));
        assertThat(caller.customer(CUSTOMER).status()).isEqualTo(401);
    }

    @Test
    void answers401AfterTokensWereRevoked() {
        start(basis());
        String token = caller.refresh("rt").json().path("access_token").asString();

        assertThat(caller.post("/simulator/tokens/revoke", "").status()).isEqualTo(204);

        assertThat(caller.with("Authorization", "Bearer " + token)
                        .customer(CUSTOMER)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void refusesAnotherAudienceAndAMissingSecondFactor() {
        start(basis().signedInWithoutSecondFactor());

        String graph = caller.token("grant_type=client_credentials&client_id=app&client_secret=secret"
                        + "&scope=https%3A%2F%2Fgraph.windows.net%2F.default")
                .json()
                .path("access_token")
                .asString();
        assertThat(caller.with("Authorization", "Bearer " + graph)
                        .customer(CUSTOMER)
                        .said())
                .isEqualTo("401/900420");
        String user = caller.refresh("rt").json().path("access_token").asString();
        assertThat(caller.with("Authorization", "Bearer " + user)
                        .customer(CUSTOMER)
                        .said())
                .isEqualTo("401/900421");
    }

    private static ScenarioBuilder basis() {
        return Scenario.builder()
                .partnerTenant(TENANT)
                .application("app", "secret")
                .refreshToken("rt")
                .customer("Contoso", c -> c.id(CUSTOMER));
    }

    private void start(ScenarioBuilder scenario) {
        simulator = PartnerCenterSimulator.start(scenario.build(), 0, clock);
        caller = new Caller(simulator);
    }

    private static JsonNode claims(String token) {
        return Json.read(new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8));
    }
}
