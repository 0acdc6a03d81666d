package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.partnercenter.SignIns.Offer;
import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.simulator.Scenario;
import dev.offramp.testing.SettableClock;
import dev.offramp.testing.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Both sign-ins against the simulator, which looks closely at what proves us. */
class SimulatedSignInTests {

    private static final Path FILES = Path.of("src/test/resources/certificates");
    private static final URI REDIRECT = URI.create("http://localhost:49152");
    private static final String VERIFIER = "a-verifier-that-nobody-else-has-0123456789ab";

    private final HikariDataSource database = TestDatabase.H2.fresh();
    private PartnerCenterSimulator simulator;

    @AfterEach
    void close() {
        simulator.close();
        database.close();
    }

    @Test
    void redeemsWhatTheBrowserBrings() throws Exception {
        var signIns = with(new Credential.Secret("secret"), each -> each.application("app", "secret"));

        String code = codeOf(signIns.address(REDIRECT, "a-state-of-our-own-000", challenge()));

        assertThat(signIns.redeem(code, REDIRECT, "another-verifier-0123456789"))
                .isInstanceOfSatisfying(
                        Offer.Refused.class, no -> assertThat(no.sentence()).contains("AADSTS501481"));
        code = codeOf(signIns.address(REDIRECT, "a-state-of-our-own-000", challenge()));
        assertThat(signIns.redeem(code, REDIRECT, VERIFIER)).isInstanceOfSatisfying(Offer.Good.class, good -> {
            assertThat(signIns.keep(good)).isTrue();
            assertThat(signIns.status().user().person()).isEqualTo("admin.agent@partner.example");
            assertThat(signIns.status().user().secondFactor()).isEqualTo("yes");
        });
        assertThat(signIns.redeem(code, REDIRECT, VERIFIER))
                .isInstanceOfSatisfying(
                        Offer.Refused.class,
                        no -> assertThat(no.sentence())
                                .contains("the code was used already; sign in again: bin/offramp login"));
    }

    @Test
    void provesItselfByTheCertificateOnEveryWay() throws Exception {
        String pem = Files.readString(FILES.resolve("certificate.pem"));
        var certificate =
                new CertificateFile(FILES.resolve("both.pem"), null, "").read(Instant.parse("2026-12-01T00:00:00Z"));
        var signIns = with(
                certificate,
                each -> each.application("app", "another-proof")
                        .clientCertificate(pem)
                        .deviceCodeInterval(Duration.ZERO));

        String code = codeOf(signIns.address(REDIRECT, "a-state-of-our-own-000", challenge()));
        assertThat(signIns.redeem(code, REDIRECT, VERIFIER)).isInstanceOf(Offer.Good.class);

        var begun = (SignIns.Device) signIns.beginOnDevice();
        assertThat(begun.deviceCode()).doesNotContain("device.");
        assertThat(signIns.redeemDevice(begun.deviceCode())).isInstanceOf(Offer.Good.class);
        assertThat(signIns.redeemDevice("made-up")).isInstanceOf(Offer.Refused.class);
        assertThat(signIns.handedOver(simulator.refreshToken())).isInstanceOf(Offer.Good.class);
    }

    @Test
    void isRefusedWithACertificateThatIsNotRegistered() throws Exception {
        String pem = Files.readString(FILES.resolve("ec.pem"));
        var certificate =
                new CertificateFile(FILES.resolve("both.pem"), null, "").read(Instant.parse("2026-12-01T00:00:00Z"));
        var signIns = with(
                certificate, each -> each.application("app", "another-proof").clientCertificate(pem));

        assertThat(signIns.handedOver(simulator.refreshToken()))
                .isInstanceOfSatisfying(
                        Offer.Refused.class,
                        no -> assertThat(no.sentence())
                                .contains("AADSTS700027")
                                .contains("add the certificate of offramp.partner-center.certificate"));
    }

    @Test
    void saysThatTheDirectoryAllowsNoDeviceCodes() {
        var signIns = with(new Credential.Secret("s"), each -> each.blocksDeviceCodes());

        assertThat(signIns.beginOnDevice())
                .isInstanceOfSatisfying(
                        SignIns.NotBegun.class,
                        not -> assertThat(not.why())
                                .asString()
                                .contains("where the directory allows no device codes, sign in with the browser"));
    }

    @Test
    void keepsTheTokenThatAnAnswerDoesNotReplace() {
        var signIns = with(new Credential.Secret("s"), each -> each.answersRefreshesWithoutRefreshToken());
        String token = simulator.refreshToken();

        assertThat(signIns.handedOver(token))
                .isInstanceOfSatisfying(
                        Offer.Good.class, good -> assertThat(signIns.keep(good)).isTrue());
        assertThat(signIns.status().user().state()).isEqualTo("usable");
    }

    @Test
    void tellsThatTheSecondFactorIsMissing() {
        var signIns = with(new Credential.Secret("s"), each -> each.signedInWithoutSecondFactor());

        assertThat(signIns.handedOver(simulator.refreshToken()))
                .isInstanceOfSatisfying(
                        Offer.Good.class, good -> assertThat(signIns.keep(good)).isTrue());
        assertThat(signIns.status().needsPerson())
                .singleElement()
                .asString()
                .contains("had no second factor, which Partner Center demands");
    }

    private SignIns with(Credential credential, UnaryOperator<dev.offramp.simulator.ScenarioBuilder> scenario) {
        simulator =
                PartnerCenterSimulator.start(scenario.apply(Scenario.builder()).build(), 0);
        var clock = new SettableClock(Instant.now());
        var tenant = PartnerTenantId.of(simulator.scenario().partnerTenantId());
        var account = new MsalIssuer.Account(tenant, "app", credential, "https://api.partnercenter.microsoft.com");
        var authority = simulator.baseUri();
        Issuer issuer = new MsalIssuer(account, authority, Duration.ofSeconds(5), Duration.ofSeconds(20));
        var refreshTokens = new JdbcRefreshTokens(
                JdbcClient.create(database),
                new TransactionTemplate(new JdbcTransactionManager(database)),
                clock,
                new Seal(new byte[32]),
                "",
                new JdbcRefreshTokens.Terms(
                        Duration.ofSeconds(60), Duration.ofMillis(50), Duration.ofMillis(10), _ -> {}));
        return new SignIns(
                account,
                issuer,
                new DeviceLogin(account, authority, Duration.ofSeconds(5), Duration.ofSeconds(20), clock),
                refreshTokens,
                new Tokens(issuer, refreshTokens, tenant, Duration.ofMinutes(1), System::nanoTime),
                clock,
                new Seal(new byte[32]),
                new SignIns.Terms(Cloud.GLOBAL, authority, Duration.ofDays(90), Duration.ofDays(14)));
    }

    /** What a browser brings back in which somebody signs in. */
    private static String codeOf(URI address) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
            String location = answer.headers().firstValue("Location").orElseThrow();
            assertThat(location).startsWith(REDIRECT.toString()).contains("state=a-state-of-our-own-000");
            return location.replaceFirst(".*[?&]code=([^&]*).*", "$1");
        }
    }

    private static String challenge() throws Exception {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes()));
    }
}
