package dev.offramp.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.offramp.testing.TokenIssuer;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Bearer tokens of a real issuer over HTTP. */
class TokenTests {

    private final RunningService service = RunningService.get();
    private final TokenIssuer issuer = service.issuer();

    @Test
    void takesRolesAndSourcesFromTheToken() {
        var me = me(issuer.token("jane", List.of("viewer", "requester", "king"), List.of("/contoso/billing")));

        assertThat(me.status()).isEqualTo(200);
        assertThat(me.response().body())
                .isEqualTo(
                        "{\"name\":\"jane\",\"roles\":[\"requester\",\"viewer\"],\"sources\":[\"/contoso/billing\"]}");
    }

    @Test
    void takesRolesThatAreOneText() {
        var me = me(issuer.token(claims -> claims.subject("jane").claim("roles", "viewer approver")));

        assertThat(me.body().path("roles")).hasSize(2);
    }

    @Test
    void refusesATokenThatIsOver() {
        var answer = me(issuer.token(jane(claims -> claims.expirationTime(at("2020-01-01T00:00:00Z")))));

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.detail()).contains("expired at 2020-01-01T00:00:00Z");
    }

    @Test
    void refusesATokenThatIsNeverOverOrNotYetGood() {
        assertThat(me(issuer.token(jane(claims -> claims.expirationTime(null)))).status())
                .isEqualTo(401);
        assertThat(me(issuer.token(jane(claims -> claims.notBeforeTime(at("2900-01-01T00:00:00Z")))))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void refusesATokenForSomebodyElse() {
        assertThat(me(issuer.token(jane(claims -> claims.audience("other")))).detail())
                .contains("aud claim is not valid");
        assertThat(me(issuer.token(jane(claims -> claims.audience((String) null))))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void refusesATokenOfAnotherIssuer() {
        assertThat(me(issuer.token(jane(claims -> claims.issuer("https://elsewhere.example"))))
                        .detail())
                .contains("iss claim is not valid");

        var other = TokenIssuer.start();
        try {
            assertThat(me(other.token(jane(
                                    claims -> claims.issuer(issuer.address().toString()))))
                            .status())
                    .isEqualTo(401);
        } finally {
            other.stop();
        }
    }

    @Test
    void refusesATokenThatTheIssuerDidNotSign() {
        assertThat(me(issuer.forged("one", jane(UnaryOperator.identity()))).status())
                .isEqualTo(401);
        assertThat(me(issuer.unsigned(jane(UnaryOperator.identity()))).status()).isEqualTo(401);
        assertThat(me("not.a.token").status()).isEqualTo(401);
    }

    @Test
    void refusesATokenThatDoesNotSayWhoseItIs() {
        assertThat(me(issuer.token(claims -> claims.claim("roles", List.of("viewer"))))
                        .detail())
                .contains("claim 'sub'");
    }

    @Test
    void neverRepeatsTheTokenInTheAnswer() {
        var forged = issuer.forged("one", jane(UnaryOperator.identity()));

        assertThat(me(forged).response().body()).doesNotContain(forged.substring(forged.lastIndexOf('.')));
    }

    @Test
    void signsChangesWithTheNameOfTheTokenAndNotWithTheNameThatIsClaimed() {
        String token = issuer.token("jane", List.of("operator"), List.of());

        var answer = service.ask(
                "PUT", "/api/v1/brakes/source?name=x", "{\"reason\":\"x\",\"by\":\"the boss\"}", "Bearer " + token);
        service.send("DELETE", "/api/v1/brakes/source?name=x", "{\"reason\":\"x\"}");

        assertThat(answer.body().path("brakes"))
                .anySatisfy(each -> assertThat(each.path("by").asString()).isEqualTo("jane (token)"));
    }

    private RunningService.Answer me(String token) {
        return service.ask("GET", "/api/v1/me", null, "Bearer " + token);
    }

    private static UnaryOperator<JWTClaimsSet.Builder> jane(UnaryOperator<JWTClaimsSet.Builder> change) {
        return claims -> change.apply(
                claims.subject("jane").claim("roles", List.of("viewer")).claim("x", Map.of()));
    }

    private static Date at(String instant) {
        return Date.from(Instant.parse(instant));
    }
}
