package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SignInTests {

    private static final String TENANT = "1f0c9d3e-7a44-4d0e-9a57-0b6f3c1f2a10";
    private static final String REDIRECT = "http://localhost:51234/back";
    private static final String VERIFIER = "a-verifier-that-is-long-enough-for-the-rules-0123456789";
    private static final String DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

    private final HandClock clock = new HandClock("2026-11-20T10:00:00Z");
    private PartnerCenterSimulator simulator;
    private Caller caller;

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void leadsASignInStraightBackWithCodeAndState() {
        start(basis());

        Caller.Reply reply = authorize("&state=a%26b");

        assertThat(reply.status()).isEqualTo(302);
        assertThat(reply.header("Location")).startsWith(REDIRECT + "?code=").endsWith("&state=a%26b");
    }

    @Test
    void givesTokensOnceForTheCodeAndItsProofKey() throws Exception {
        start(basis());
        String code = code(authorize("&code_challenge_method=S256&code_challenge=" + challenge()));

        Caller.Reply first = redeem(code, VERIFIER);

        assertThat(first.status()).isEqualTo(200);
        assertThat(claims(first).path("amr").toString()).contains("mfa");
        assertThat(caller.refresh(first.json().path("refresh_token").asString()).status())
                .isEqualTo(200);
        assertThat(redeem(code, VERIFIER).json().path("error_description").asString())
                .startsWith("AADSTS54005");
    }

    @Test
    void refusesAnotherProofKeyAnotherAddressAndAnOldCode() throws Exception {
        start(basis());
        String challenge = "&code_challenge_method=S256&code_challenge=" + challenge();

        assertThat(redeem(code(authorize(challenge)), "another-verifier")
                        .json()
                        .path("error_description")
                        .asString())
                .startsWith("AADSTS501481");
        assertThat(caller.token("grant_type=authorization_code&client_id=app&code_verifier=" + VERIFIER + "&code="
                                + code(authorize(challenge)) + "&redirect_uri=http%3A%2F%2Flocalhost%2Fother")
                        .json()
                        .path("error")
                        .asString())
                .isEqualTo("invalid_grant");
        String old = code(authorize(challenge));
        clock.advance(Duration.ofMinutes(11));
        assertThat(redeem(old, VERIFIER).json().path("error_description").asString())
                .startsWith("AADSTS70008");
    }

    @Test
    void leadsNowhereElseThanToTheApplication() {
        start(basis());

        Caller.Reply reply = caller.get(
                "/" + TENANT
                        + "/oauth2/v2.0/authorize?response_type=code&client_id=app&redirect_uri=https%3A%2F%2Felsewhere.example");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("AADSTS50011");
    }

    @Test
    void declinesASignIn() {
        start(basis().signInsAre("declined"));

        assertThat(authorize("&state=s").header("Location"))
                .contains("error=access_denied")
                .endsWith("&state=s");
    }

    @Test
    void asksOnAPageAndSignsInWithoutASecondFactorOnRequest() {
        start(basis().signInsAre("page"));
        assertThat(authorize("").body()).contains("simulator=password").contains("Decline");

        Caller.Reply reply = redeem(code(authorize("&simulator=password")), VERIFIER);

        assertThat(claims(reply).path("amr").toString()).isEqualTo("[\"pwd\"]");
        Caller.Reply renewed = caller.refresh(reply.json().path("refresh_token").asString());
        assertThat(claims(renewed).path("amr").toString()).isEqualTo("[\"pwd\"]");
    }

    @Test
    void waitsUntilSomebodyEntersTheDeviceCode() {
        start(basis().deviceCodesWait());
        JsonNode begun = device().json();

        assertThat(begun.path("user_code").asString()).hasSize(9);
        assertThat(begun.path("interval").asInt()).isEqualTo(5);
        assertThat(ask(begun)).isEqualTo("authorization_pending");
        assertThat(ask(begun)).isEqualTo("slow_down");
        clock.advance(Duration.ofSeconds(5));
        assertThat(caller.post("/simulator/device/approve", "").status()).isEqualTo(204);
        Caller.Reply reply = poll(begun);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().has("refresh_token")).isTrue();
    }

    @Test
    void refusesADeviceCodeThatIsOverDeclinedOrBlocked() {
        start(basis().deviceCodesWait());
        JsonNode over = device().json();
        clock.advance(Duration.ofMinutes(15));
        assertThat(ask(over)).isEqualTo("expired_token");
        JsonNode declined = device().json();
        simulator.declineDeviceCodes();
        assertThat(ask(declined)).isEqualTo("authorization_declined");
        stop();

        start(basis().blocksDeviceCodes());
        assertThat(device().status()).isEqualTo(400);
    }

    @Test
    void refusesARefreshTokenThatWasNotUsedForTooLongOrWasRevoked() {
        start(basis().refreshTokensLive(Duration.ofDays(90)));
        clock.advance(Duration.ofDays(89));
        String second = caller.refresh("rt").json().path("refresh_token").asString();
        clock.advance(Duration.ofDays(90));
        assertThat(caller.refresh(second).json().path("error_description").asString())
                .startsWith("AADSTS700082");
        stop();

        start(basis());
        assertThat(caller.post("/simulator/tokens/revoke-refresh", "").status()).isEqualTo(204);
        assertThat(caller.refresh("rt").json().path("error").asString()).isEqualTo("invalid_grant");
    }

    @Test
    void mayAnswerARefreshWithoutARefreshToken() {
        start(basis().answersRefreshesWithoutRefreshToken());

        assertThat(caller.refresh("rt").json().has("refresh_token")).isFalse();
        assertThat(caller.refresh("rt").status()).isEqualTo(200);
    }

    @Test
    void demandsTheSecretFromAnApplicationThatHasOne() {
        start(basis());

        assertThat(caller.token("grant_type=client_credentials&client_id=app"
                                + "&scope=https%3A%2F%2Fapi.partnercenter.microsoft.com%2F.default")
                        .json()
                        .path("error_description")
                        .asString())
                .startsWith("AADSTS7000218");
    }

    private static ScenarioBuilder basis() {
        return Scenario.builder()
                .partnerTenant(TENANT)
                .application("app", "secret")
                .refreshToken("rt");
    }

    private void start(ScenarioBuilder scenario) {
        simulator = PartnerCenterSimulator.start(scenario.build(), 0, clock);
        caller = new Caller(simulator);
    }

    private Caller.Reply authorize(String more) {
        return caller.get("/" + TENANT + "/oauth2/v2.0/authorize?client_id=app&response_type=code&redirect_uri="
                + URLEncoder.encode(REDIRECT, StandardCharsets.UTF_8) + more);
    }

    private static String code(Caller.Reply reply) {
        String query = URI.create(reply.header("Location")).getRawQuery();
        return query.replaceAll(".*code=([^&]+).*", "$1");
    }

    private Caller.Reply redeem(String code, String verifier) {
        return caller.token("grant_type=authorization_code&client_id=app&code=" + code + "&code_verifier=" + verifier
                + "&redirect_uri=" + URLEncoder.encode(REDIRECT, StandardCharsets.UTF_8));
    }

    private Caller.Reply device() {
        return caller.post("/" + TENANT + "/oauth2/v2.0/devicecode", "client_id=app&scope=openid");
    }

    private Caller.Reply poll(JsonNode begun) {
        return caller.token("grant_type=" + URLEncoder.encode(DEVICE_GRANT, StandardCharsets.UTF_8)
                + "&client_id=app&device_code=" + begun.path("device_code").asString());
    }

    private String ask(JsonNode begun) {
        return poll(begun).json().path("error").asString();
    }

    private static String challenge() throws Exception {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII)));
    }

    private static JsonNode claims(Caller.Reply reply) {
        String token = reply.json().path("access_token").asString();
        return Json.read(new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8));
    }
}
