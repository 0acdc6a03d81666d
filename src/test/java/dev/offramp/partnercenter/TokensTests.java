package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.partnercenter.Issuer.Issue;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class TokensTests {

    private final FakeIssuer issuer = new FakeIssuer();
    private long nanos;
    private final Tokens tokens = new Tokens(
            issuer,
            new TestClient.InMemoryRefreshTokens("rt-0"),
            TestClient.TENANT,
            Duration.ofMinutes(1),
            () -> nanos);

    @Test
    void areKeptUntilShortlyBeforeTheirEnd() {
        assertThat(app()).isEqualTo("app-1");
        nanos = Duration.ofMinutes(57).toNanos();
        assertThat(app()).isEqualTo("app-1");
        nanos = Duration.ofMinutes(58).plusSeconds(1).toNanos();
        assertThat(app()).isEqualTo("app-2");
    }

    @Test
    void areAskedForOnceByManyCallers() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        issuer.app = () -> {
            asked.countDown();
            try {
                assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return issued("app", TestClient.TENANT.value());
        };
        List<CompletableFuture<SignIn>> callers = new ArrayList<>();
        callers.add(async(() -> tokens.of(Denial.APP_SIGN_IN).token()));
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        for (int caller = 0; caller < 7; caller++) {
            callers.add(async(() -> tokens.of(Denial.APP_SIGN_IN).token()));
        }
        go.countDown();

        for (CompletableFuture<SignIn> caller : callers) {
            assertThat(caller.get(30, TimeUnit.SECONDS)).isInstanceOf(SignIn.Granted.class);
        }
        assertThat(issuer.appTokens).hasValue(1);
    }

    @Test
    void tellThatAPersonMustSignInOnceUntilItWorksAgain(CapturedOutput output) {
        String line = "Partner Center cannot be signed in to as the user: AADSTS50076. Unlinks are not begun";
        issuer.user = () -> new Issue.Refusal(true, "AADSTS50076");
        for (int again = 0; again < 3; again++) {
            tokens.of(Denial.USER_SIGN_IN).token();
            nanos += Duration.ofMinutes(2).toNanos();
        }

        assertThat(output.getOut()).containsOnlyOnce(line);
    }

    @Test
    void rememberARefusalForAWhileAndTryAgainAfterIt() {
        issuer.user = () -> new Issue.Refusal(true, "AADSTS50076");

        assertThat(tokens.of(Denial.USER_SIGN_IN).token())
                .isEqualTo(new SignIn.Refused(Denial.USER_SIGN_IN, "AADSTS50076"));
        assertThat(tokens.of(Denial.USER_SIGN_IN).isUsable()).isFalse();
        assertThat(tokens.of(Denial.APP_SIGN_IN).isUsable()).isTrue();
        tokens.of(Denial.USER_SIGN_IN).token();
        assertThat(issuer.userTokens).hasValue(1);

        nanos = Duration.ofSeconds(61).toNanos();
        issuer.user = () -> issued("user", TestClient.TENANT.value());
        assertThat(tokens.of(Denial.USER_SIGN_IN).isUsable()).isTrue();
        assertThat(tokens.of(Denial.USER_SIGN_IN).token()).isInstanceOf(SignIn.Granted.class);
    }

    @Test
    void tellWhatToDoWhenPartnerCenterItselfRefusesThem() {
        Access access = new Access(tokens, UserForApp.DOCUMENTED, Duration.ofMinutes(1), () -> nanos);

        access.denied(
                Denial.USER_SIGN_IN,
                new Answer(401, "900421", "MFA is required", "A person must sign in again with it.", null, null));

        assertThat(tokens.of(Denial.USER_SIGN_IN).refusal())
                .hasValue(new SignIn.Refused(
                        Denial.USER_SIGN_IN,
                        "Partner Center answered 401: MFA is required (A person must sign in again with it)"));
        assertThat(access.isUsable(Denial.USER_SIGN_IN)).isFalse();
    }

    @Test
    void tellABadSecretFromASignInThatAPersonMustRepeat() {
        issuer.user = () -> new Issue.Refusal(false, "AADSTS7000215");

        assertThat(tokens.of(Denial.USER_SIGN_IN).token())
                .isEqualTo(new SignIn.Refused(Denial.APP_SIGN_IN, "AADSTS7000215"));
    }

    @Test
    void areRefusedWhenTheyBelongToAnotherTenantOrToNobody() {
        issuer.app = () -> issued("app", "11111111-1111-4111-8111-111111111111");
        assertThat(tokens.of(Denial.APP_SIGN_IN).token()).isInstanceOf(SignIn.Refused.class);
        issuer.user = () -> issued("user", null);
        assertThat(tokens.of(Denial.USER_SIGN_IN).token()).isInstanceOf(SignIn.Refused.class);
    }

    @Test
    void neverPrint() {
        assertThat(new AccessToken("secret", 0)).asString().doesNotContain("secret");
        assertThat(issued("secret", "tenant")).asString().doesNotContain("secret");
        assertThat(new TokenAnswer("secret", Duration.ZERO)).asString().doesNotContain("secret");
        assertThat(new SignIn.Granted(new AccessToken("secret", 0))).asString().doesNotContain("secret");
        assertThat(new MsalIssuer.Account(TestClient.TENANT, "app", "s3cr3t", "r"))
                .asString()
                .doesNotContain("s3cr3t");
    }

    @Test
    void areReadFromBothFormsOfTheEndpoint() {
        assertThat(TokenAnswer.of("{\"expires_in\":\"3600\",\"refresh_token\":\"rt\"}"))
                .isEqualTo(new TokenAnswer("rt", Duration.ofHours(1)));
        assertThat(TokenAnswer.of("{\"expires_in\":3600}")).isEqualTo(new TokenAnswer(null, Duration.ofHours(1)));
        assertThat(TokenAnswer.of("?").lifetime()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void comeFromTheTokenEndpointOfTheTenant() {
        try (RawServer server = new RawServer()) {
            String claims = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(("{\"tid\":\"" + TestClient.TENANT + "\"}").getBytes());
            server.thenAnswers(
                    200,
                    "Content-Type: application/json\r\n",
                    "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"h.%s.s\",\"refresh_token\":\"rt-1\"}"
                            .formatted(claims));

            Issue issue = msal(server.address()).forUser("rt-0");

            assertThat(issue)
                    .isEqualTo(new Issue.Tokens(
                            "h." + claims + ".s", "rt-1", Duration.ofSeconds(3599), TestClient.TENANT.value()));
            assertThat(server.paths()).containsExactly("POST /" + TestClient.TENANT + "/oauth2/v2.0/token");
            assertThat(server.requests.getFirst().body())
                    .contains("grant_type=refresh_token")
                    .contains("refresh_token=rt-0")
                    .contains("user_impersonation");
        }
    }

    @Test
    void areRefusedOrSilentByWhatTheEndpointSays() {
        try (RawServer server = new RawServer()) {
            server.thenAnswers(
                            400,
                            "Content-Type: application/json\r\n",
                            "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS70000: sign in\",\"error_codes\":[70000]}")
                    .thenAnswers(
                            401,
                            "Content-Type: application/json\r\n",
                            "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: secret\",\"error_codes\":[7000215]}")
                    .thenAnswers(503, "", "")
                    .then(RawServer.cutOff("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"));
            MsalIssuer msal = msal(server.address());

            assertThat(msal.forUser("rt"))
                    .isInstanceOfSatisfying(
                            Issue.Refusal.class,
                            no -> assertThat(no.aboutUser()).isTrue());
            assertThat(msal.forApp())
                    .isInstanceOfSatisfying(
                            Issue.Refusal.class,
                            no -> assertThat(no.aboutUser()).isFalse());
            assertThat(msal.forApp()).isInstanceOf(Issue.Silence.class);
            assertThat(msal.forApp()).isInstanceOf(Issue.Silence.class);
            assertThat(server.requests).hasSize(4);
        }
    }

    @Test
    void areEncryptedWithAKeyThatIsMadeOnceForTheOwnerOnly(@TempDir Path home) throws IOException {
        Path file = home.resolve("new/key");

        byte[] key = EncryptionKey.find("", file);

        assertThat(key).hasSize(32);
        assertThat(EncryptionKey.find("", file)).isEqualTo(key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(EncryptionKey.find(Base64.getEncoder().encodeToString(new byte[32]), file))
                .isEqualTo(new byte[32]);
        assertThatThrownBy(() -> EncryptionKey.find("c2hvcnQ=", file))
                .hasMessageContaining("offramp.encryption-key")
                .hasMessageNotContaining("c2hvcnQ=");
    }

    private String app() {
        return ((SignIn.Granted) tokens.of(Denial.APP_SIGN_IN).token()).token().value();
    }

    private static Issue issued(String value, String tenant) {
        return new Issue.Tokens(value, null, Duration.ofHours(1), tenant);
    }

    private static MsalIssuer msal(URI authority) {
        return new MsalIssuer(
                new MsalIssuer.Account(
                        PartnerTenantId.of(TestClient.TENANT.value()),
                        "app",
                        "secret",
                        "https://api.partnercenter.microsoft.com"),
                authority,
                Duration.ofSeconds(2),
                Duration.ofSeconds(5));
    }

    /** Not on the common pool, which has a single thread on a small machine. */
    private static <T> CompletableFuture<T> async(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, task -> Thread.ofVirtual().start(task));
    }
}
