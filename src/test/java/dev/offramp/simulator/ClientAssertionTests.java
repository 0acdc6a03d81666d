package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientAssertionTests {

    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();
    private static final String TENANT = "1f0c9d3e-7a44-4d0e-9a57-0b6f3c1f2a10";

    @TempDir
    static Path directory;

    private static X509Certificate certificate;
    private static PrivateKey key;

    private final HandClock clock = new HandClock("2026-11-20T10:00:00Z");
    private PartnerCenterSimulator simulator;
    private Caller caller;

    /** The Java platform makes certificates only with its tool. */
    @BeforeAll
    static void makeACertificate() throws Exception {
        Path file = directory.resolve("key.p12");
        int exit = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "app",
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-dname",
                        "CN=app",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        file.toString())
                .inheritIO()
                .start()
                .waitFor();
        assertThat(exit).isZero();
        KeyStore store = KeyStore.getInstance(file.toFile(), "changeit".toCharArray());
        certificate = (X509Certificate) store.getCertificate("app");
        key = (PrivateKey) store.getKey("app", "changeit".toCharArray());
    }

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void givesATokenForAnAssertionSignedWithTheRegisteredCertificate() throws Exception {
        start();

        assertThat(ask(assertion(key, "app", 600)).status()).isEqualTo(200);
    }

    @Test
    void refusesAnotherKeyAnotherApplicationAndATimeThatIsOver() throws Exception {
        start();
        KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
        keys.initialize(2048);
        PrivateKey other = keys.generateKeyPair().getPrivate();

        assertThat(said(assertion(other, "app", 600))).startsWith("AADSTS700027");
        assertThat(said(assertion(key, "another", 600))).startsWith("AADSTS700021");
        assertThat(said(assertion(key, "app", -600))).startsWith("AADSTS700024");
        assertThat(said("not.a.token")).startsWith("AADSTS700021");
    }

    @Test
    void demandsTheAssertionWhenOnlyACertificateIsRegistered() throws Exception {
        start();

        assertThat(caller.token("grant_type=client_credentials&client_id=app&client_secret=guessed&scope=x")
                        .status())
                .isEqualTo(401);
    }

    private void start() throws GeneralSecurityException {
        String pem = "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
        simulator = PartnerCenterSimulator.start(
                Scenario.builder().partnerTenant(TENANT).clientCertificate(pem).build(), 0, clock);
        caller = new Caller(simulator);
    }

    private String said(String assertion) {
        return ask(assertion).json().path("error_description").asString();
    }

    private Caller.Reply ask(String assertion) {
        return caller.token("grant_type=client_credentials&client_id=app&client_assertion=" + assertion
                + "&client_assertion_type="
                + URLEncoder.encode("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", StandardCharsets.UTF_8)
                + "&scope=https%3A%2F%2Fapi.partnercenter.microsoft.com%2F.default");
    }

    private String assertion(PrivateKey signer, String client, long seconds) throws GeneralSecurityException {
        String thumbprint =
                URL.encodeToString(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        String head =
                Json.text(Json.object().put("alg", "RS256").put("typ", "JWT").put("x5t#S256", thumbprint));
        long now = clock.instant().getEpochSecond();
        String claims = Json.text(Json.object()
                .put("iss", client)
                .put("sub", client)
                .put("aud", simulator.baseUri() + "/" + TENANT + "/oauth2/v2.0/token")
                .put("jti", "1")
                .put("nbf", now - 900)
                .put("exp", now + seconds));
        String content = encoded(head) + "." + encoded(claims);
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(signer);
        signature.update(content.getBytes(StandardCharsets.US_ASCII));
        return content + "." + URL.encodeToString(signature.sign());
    }

    private static String encoded(String text) {
        return URL.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
