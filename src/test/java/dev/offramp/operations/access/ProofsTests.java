package dev.offramp.operations.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.offramp.operations.access.ApiProperties.Jwt;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.SettableClock;
import dev.offramp.testing.TestDatabase;
import dev.offramp.testing.TokenIssuer;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/** What is accepted as a proof of who asks, as it is configured. */
@ExtendWith(OutputCaptureExtension.class)
class ProofsTests {

    private static final String PASSWORD = "correct horse battery";

    private final SettableClock clock = new SettableClock(Admissions.START);
    private final com.zaxxer.hikari.HikariDataSource database = TestDatabase.H2.fresh();
    private final LedgerFixture ledger = LedgerFixture.over(database);
    private final BCryptPasswordEncoder encoder = new BCryptPasswordEncoder(4);
    private final Users users = new Users(
            ledger.jdbc(), ledger.transactions(), encoder, ledger.ledger().audit(), clock, new Persons(Set.of()));

    @Test
    void takesNoPasswordWithoutLocalUsers() {
        users.put("jane", Set.of(Role.VIEWER), Set.of(), new Password(PASSWORD), "test", "test");
        var jane = new UsernamePasswordAuthenticationToken("jane", PASSWORD);

        assertThat(caller(proofs(true, none()), jane).roles()).containsExactly(Role.VIEWER);
        assertThatThrownBy(() -> proofs(false, none()).authenticate(jane)).isInstanceOf(AuthenticationException.class);
    }

    @Test
    void takesNoTokenWithoutAnIssuerButThatOfTheFile() {
        var proofs = proofs(true, none());

        assertThat(caller(proofs, new BearerTokenAuthenticationToken("the file's")))
                .isEqualTo(Caller.ofLoginFile());
        assertThatThrownBy(() -> proofs.authenticate(new BearerTokenAuthenticationToken("e30.e30.")))
                .isInstanceOf(AuthenticationException.class);
    }

    @Test
    void readsRolesAsTheIssuerCallsThem() {
        var issuer = TokenIssuer.start();
        try {
            var jwt = new Jwt(
                    issuer.address(),
                    TokenIssuer.AUDIENCE,
                    "email",
                    "realm_access.roles",
                    "sources",
                    Map.of("operator", "Offramp.Operators"));
            var token = issuer.token(claims -> claims.claim("email", "jane@contoso.com")
                    .claim("realm_access", Map.of("roles", List.of("Offramp.Operators", "viewer", "operator"))));

            var caller = caller(proofs(true, jwt), new BearerTokenAuthenticationToken(token));

            assertThat(caller.roles()).containsExactlyInAnyOrder(Role.OPERATOR, Role.VIEWER);
            assertThat(caller.signature("the boss")).isEqualTo("jane@contoso.com (token)");
        } finally {
            issuer.stop();
        }
    }

    @Test
    void saysThatTheIssuerIsAwayOnceAMinute(CapturedOutput log) {
        var issuer = TokenIssuer.start();
        var proofs = proofs(true, new Jwt(issuer.address(), TokenIssuer.AUDIENCE, "sub", "roles", "sources", Map.of()));
        var token = new BearerTokenAuthenticationToken(issuer.token("jane", List.of("viewer"), List.of()));
        issuer.stop();

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> proofs.authenticate(token))
                    .isInstanceOfSatisfying(
                            NotLetIn.class,
                            refused -> assertThat(refused.status()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE));
        }

        assertThat(log.getAll().split("cannot be had", -1)).hasSize(2);
        assertThat(log.getAll()).doesNotContain(token.getToken());
        assertThat(caller(proofs, new BearerTokenAuthenticationToken("the file's"))
                        .may(Verb.CHANGE_USER))
                .isTrue();
    }

    @Test
    void doesNotAskTheIssuerForEachKeyThatNobodyKnows() {
        var issuer = TokenIssuer.start();
        try {
            var proofs =
                    proofs(true, new Jwt(issuer.address(), TokenIssuer.AUDIENCE, "sub", "roles", "sources", Map.of()));
            var good = new BearerTokenAuthenticationToken(issuer.token("jane", List.of("viewer"), List.of()));
            proofs.authenticate(good);

            for (int i = 0; i < 5; i++) {
                var unknown = issuer.forged("key " + i, claims -> claims.subject("jane"));
                assertThatThrownBy(() -> proofs.authenticate(new BearerTokenAuthenticationToken(unknown)))
                        .isInstanceOf(NotLetIn.class);
            }

            assertThat(issuer.asked()).isLessThanOrEqualTo(4);
            assertThat(caller(proofs, good).name()).isEqualTo("jane");
        } finally {
            issuer.stop();
        }
    }

    @Test
    void saysThatTheDatabaseIsAway() {
        var proofs = proofs(true, none());
        database.close();

        assertThatThrownBy(() -> proofs.authenticate(new UsernamePasswordAuthenticationToken("jane", PASSWORD)))
                .isInstanceOfSatisfying(
                        NotLetIn.class,
                        refused -> assertThat(refused.status()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE));
    }

    @Test
    void refusesToBeginWithAnIssuerThatAnybodyCouldPlay() {
        assertThatThrownBy(() -> jwt("http://login.example.com", "offramp")).hasMessageContaining("https");
        assertThatThrownBy(() -> jwt("https://login.example.com", " ")).hasMessageContaining("audience is blank");
        assertThatThrownBy(() -> new Jwt(null, "", "sub", "roles", "sources", Map.of("king", "x")))
                .hasMessageContaining("requester, viewer");
        assertThat(jwt("", "").issuer()).isNull();
    }

    private static Jwt jwt(String issuer, String audience) {
        return new Jwt(URI.create(issuer), audience, "sub", "roles", "sources", Map.of());
    }

    private static Jwt none() {
        return new Jwt(null, "", "sub", "roles", "sources", Map.of());
    }

    private AuthenticationManager proofs(boolean localUsers, Jwt jwt) {
        return AccessConfiguration.proofs(
                "the file's"::equals, users, encoder, new ApiProperties(localUsers, jwt), clock);
    }

    private static Caller caller(AuthenticationManager proofs, Authentication shown) {
        @Nullable Authentication proved = proofs.authenticate(shown);
        return ((CallerAuthentication) proved).caller();
    }
}
