package dev.offramp.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SignInApiTests {

    private final RunningService service = RunningService.get();

    @Test
    void tellsHowTheSignInsStand() {
        var status = service.get("/api/v1/sign-in");

        assertThat(status.status()).isEqualTo(200);
        assertThat(status.body().path("cloud").asString()).isEqualTo("global");
        assertThat(status.body().path("tenantId").asString()).isEqualTo(RunningService.TENANT);
        assertThat(status.body().path("credential").asString()).isEqualTo("a client secret");
        assertThat(status.body().path("application").path("state").asString()).isEqualTo("usable");
        assertThat(status.response().body()).doesNotContain("a-client-secret");
    }

    @Test
    void showsTheSignInsInTheHealthToWhoeverHasLoggedInOnly() {
        assertThat(service.get("/actuator/health")
                        .body()
                        .at("/components/partnerCenterSignIn/details/application")
                        .asString())
                .isEqualTo("usable");

        assertThat(service.ask("GET", "/actuator/health", null, null).body().propertyNames())
                .containsExactlyInAnyOrder("status", "groups");
    }

    @Test
    void measuresTheSignIns() {
        var meters = service.beans(MeterRegistry.class).values().iterator().next();

        assertThat(meters.get("offramp.sign.in.usable")
                        .tag("as", "application")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(meters.get("offramp.sign.in.expires").gauges()).hasSize(1);
    }

    @Test
    void sendsTheBrowserNowhereButToTheAskersOwnMachine() {
        for (String redirect : new String[] {"http://attacker.example", "https://localhost:1", "localhost", ""}) {
            var answer = service.send(
                    "POST",
                    "/api/v1/sign-in/browser",
                    "{\"redirectUri\":\"%s\",\"state\":\"01234567890123456789\",\"codeChallenge\":\"01234567890123456789\"}"
                            .formatted(redirect));
            assertThat(answer.status()).as(redirect).isEqualTo(400);
            assertThat(answer.detail()).contains("redirectUri must be an address of the asker's own machine");
        }
    }

    @Test
    void quotesNoSecretInAProblem() {
        for (var each : Map.of(
                        "/code",
                        "{\"code\":\"very-secret\",\"codeVerifier\":\"very-secret-0123456789012345\",\"redirectUri\":\"http://localhost:1\",\"reason\":\"x\"}",
                        "/token",
                        "{\"refreshToken\":\"very-secret\",\"reason\":\"x\"}",
                        "/device/code",
                        "{\"deviceCode\":\"very-secret\",\"reason\":\"x\"}")
                .entrySet()) {
            var answer = service.send("POST", "/api/v1/sign-in" + each.getKey(), each.getValue());
            assertThat(answer.status()).as(each.getKey()).isEqualTo(409);
            assertThat(answer.response().body()).doesNotContain("very-secret");
        }
        assertThat(service.send("POST", "/api/v1/sign-in/token", "{\"refreshToken\":\"very-secret\"")
                        .response()
                        .body())
                .doesNotContain("very-secret");
    }

    @Test
    void demandsAReasonBeforeItUsesAnything() {
        int before = service.entra().forms().size();
        var answer = service.send("POST", "/api/v1/sign-in/token", "{\"refreshToken\":\"x\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(service.entra().forms()).hasSize(before);
    }
}
