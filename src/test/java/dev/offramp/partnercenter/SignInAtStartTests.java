package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.partnercenter.pace.Pace;
import dev.offramp.platform.FailedStart;
import dev.offramp.testing.FakeEntra;
import dev.offramp.testing.SettableClock;
import dev.offramp.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is wrong with the configuration of the sign-in stops the start, with a sentence that says what to change. */
@ExtendWith(OutputCaptureExtension.class)
class SignInAtStartTests {

    private static final String STRANGER = "11111111-1111-4111-8111-111111111111";
    private static final HikariDataSource DATABASE = TestDatabase.H2.fresh();
    private static final String FILES = "src/test/resources/certificates/";

    private final FakeEntra entra = FakeEntra.of(TestClient.TENANT.value());
    private final SettableClock clock = new SettableClock(Instant.parse("2026-12-01T00:00:00Z"));
    private final Map<String, String> properties = new TreeMap<>(Map.of(
            "offramp.mode", "live",
            "offramp.environment", "sandbox",
            "offramp.partner-center.authority", entra.address().toString(),
            "offramp.partner-center.tenant-id", TestClient.TENANT.value(),
            "offramp.partner-center.client-id", "app",
            "offramp.partner-center.client-secret", "a-client-secret"));

    @TempDir
    private Path home;

    @AfterEach
    void stop() {
        entra.close();
        JdbcClient jdbc = JdbcClient.create(DATABASE);
        jdbc.sql("update sign_in set sealed_token = null, version = version + 1")
                .update();
        jdbc.sql("delete from imported_token").update();
    }

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @Test
    void letsAGoodSignInPass() {
        start(context -> assertThat(context).hasNotFailed());
        assertThat(entra.asked("client_credentials")).isOne();
    }

    @Test
    void needsASecret() {
        properties.remove("offramp.partner-center.client-secret");
        refuses("There is no secret to sign in with", "client-secret-file", "offramp.partner-center.certificate");

        properties.put("offramp.mode", "observe");
        refuses("There is no secret to sign in with");

        properties.put("offramp.partner-center.client-secret", "x");
        properties.remove("offramp.partner-center.client-id");
        refuses("offramp.partner-center.client-id is missing");
    }

    @Test
    void letsOneLookAroundWithoutAnAppRegistrationInObserveMode(CapturedOutput output) {
        properties
                .keySet()
                .removeAll(List.of("offramp.partner-center.client-secret", "offramp.partner-center.client-id"));
        properties.put("offramp.mode", "observe");

        start(context -> assertThat(context).hasNotFailed());
        assertThat(output).contains("There is no app registration (offramp.partner-center.client-id)");
    }

    @Test
    void takesOneProofOnly() {
        properties.put("offramp.partner-center.certificate", FILES + "both.pem");
        refuses(
                "There are offramp.partner-center.client-secret and offramp.partner-center.certificate; keep one of them");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cloud     | azure                                                       | offramp.partner-center.cloud is 'azure'; write global, us-government, 21vianet
            authority | https://login.microsoftonline.us                            | belongs to the cloud us-government, but offramp.partner-center.cloud is global
            authority | https://login.chinacloudapi.cn                              | belongs to the cloud 21vianet, but offramp.partner-center.cloud is global
            base-url  | https://partner.partnercenterapi.microsoftonline.cn         | belongs to the cloud 21vianet, but offramp.partner-center.cloud is global
            authority | http://login.example                                        | write an https address
            tenant-id | contoso                                                     | contoso
            tenant-id | ''                                                          | offramp.partner-center.tenant-id is missing
            """)
    void needsTheRightCloudAndAddresses(String key, String value, String sentence) {
        properties.put("offramp.partner-center." + key, value);
        refuses(sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            invalid_client 7000215 Invalid client secret provided.                          | write the value of the client secret, not its id
            invalid_client 7000222 The provided client secret keys are expired.             | the client secret has expired
            unauthorized_client 700016 Application was not found in the directory.          | correct offramp.partner-center.client-id
            invalid_request 90002 Tenant not found.                                         | correct offramp.partner-center.tenant-id, or offramp.partner-center.cloud
            invalid_request 900432 Confidential Client is not supported in Cross Cloud.     | correct offramp.partner-center.cloud
            invalid_resource 500011 The resource principal was not found.                   | the API permission for Microsoft Partner Center
            invalid_client 700027 The certificate is not registered.                        | add the certificate of offramp.partner-center.certificate
            invalid_client 7999999 Something that nobody has seen yet.                      | correct client-id, client-secret or certificate, tenant-id and cloud
            """)
    void tellsWhatTheDirectoryRefuses(String refusal, String advice) {
        entra.refuses(refusal);
        refuses("Microsoft Entra refuses the application's sign-in: AADSTS", advice, "Nothing is started.");
    }

    @Test
    void needsTheTokenOfOurOwnTenant() {
        entra.issuesFor(STRANGER);
        refuses(
                "The application's token belongs to tenant " + STRANGER,
                "offramp.partner-center.tenant-id is " + TestClient.TENANT);
    }

    @Test
    void needsTheConfiguredRefreshTokenToBeOfOurOwnTenant() {
        entra.knows("rt-of-another-partner");
        properties.put("offramp.partner-center.refresh-token", "rt-of-another-partner");
        // The application's own token is ours; the person's is not.
        entra.issuesUsersFor(STRANGER);
        refuses("The token of offramp.partner-center.refresh-token belongs to tenant " + STRANGER);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            none.pem        |               |             | and there is no such file
            malformed.pem   |               |             | which is no certificate; name a PEM file
            README.md       |               |             | which is no certificate; name a PEM file
            certificate.pem |               |             | which holds no private key; name the PEM file with the key in offramp.partner-center.certificate-key
            certificate.pem | none.pem      |             | offramp.partner-center.certificate-key is
            certificate.pem | other-key.pem |             | does not belong to the first certificate
            certificate.pem | encrypted-key.pem |         | and offramp.partner-center.certificate-password its password
            certificate.pem | encrypted-key.pem | wrong   | and offramp.partner-center.certificate-password its password
            certificate.pem | malformed.pem |             | which holds no private key
            certificate.p12 |               | wrong       | cannot be opened with offramp.partner-center.certificate-password
            certificate.p12 | key.pem       | opensesame  | take offramp.partner-center.certificate-key away
            ec.pem          |               |             | is not an RSA key of at least 2048 bits
            """)
    void needsACertificateWithItsKey(String certificate, String key, String password, String sentence) {
        certificate(certificate, key, password);
        refuses(sentence);
    }

    @Test
    void needsACertificateThatIsGoodNow() {
        certificate("both.pem", null, null);
        clock.pass(Duration.ofDays(365 * 101));
        refuses("has been good until", "name it in offramp.partner-center.certificate");
    }

    @ParameterizedTest
    @CsvSource({
        "both.pem,,",
        "certificate.pem,key.pem,",
        "certificate.pem,encrypted-key.pem,opensesame",
        "certificate.p12,,opensesame"
    })
    void signsInWithACertificate(String certificate, String key, String password) {
        certificate(certificate, key, password);
        start(context -> assertThat(context).hasNotFailed());

        assertThat(entra.forms())
                .singleElement()
                .satisfies(form -> assertThat(form)
                        .containsEntry(
                                "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                        .containsKey("client_assertion")
                        .doesNotContainKey("client_secret"));
    }

    @Test
    void readsTheSecretFromAFile() throws IOException {
        properties.remove("offramp.partner-center.client-secret");
        Path file = home.resolve("secret");
        properties.put("offramp.partner-center.client-secret-file", file.toString());
        refuses("offramp.partner-center.client-secret-file is " + file, "there is no such file");

        Files.writeString(file, "\n");
        refuses("which is empty; write the client secret into it");

        Files.writeString(file, "from-a-file\n");
        start(context -> assertThat(context).hasNotFailed());
        assertThat(entra.forms().getLast()).containsEntry("client_secret", "from-a-file");
    }

    @Test
    void needsAnAuthorityThatAnswersInTime() {
        properties.put("offramp.partner-center.start-patience", "500ms");
        properties.put("offramp.partner-center.authority", "http://127.0.0.1:1");
        refuses(
                "http://127.0.0.1:1 gave no token within",
                "Correct offramp.partner-center.authority or cloud",
                "sign-in-at-start=false");

        try (RawServer silent = new RawServer()) {
            silent.then(silent.stuckAfter(""));
            properties.put("offramp.partner-center.authority", silent.address().toString());
            refuses("gave no token within");
        }
    }

    @Test
    void asksAnewWhileItHasPatience() {
        List<Duration> pauses = new ArrayList<>();
        FakeIssuer issuer = new FakeIssuer();
        issuer.app = () -> pauses.size() < 2
                ? new Issuer.Issue.Silence("503")
                : new Issuer.Issue.Tokens("app", null, Duration.ofHours(1), TestClient.TENANT.value());
        var check = new SignInAtStart(
                issuer,
                TestClient.TENANT,
                refreshTokens(),
                new SignInAtStart.Terms(true, Duration.ofSeconds(30), entra.address(), () -> 0, pauses::add));

        check.afterSingletonsInstantiated();

        assertThat(pauses).hasSize(2);
    }

    @Test
    void startsWithoutASignInWhenItIsTold(CapturedOutput output) {
        properties.put("offramp.partner-center.sign-in-at-start", "false");
        properties.put("offramp.partner-center.authority", "http://127.0.0.1:1");

        start(context -> assertThat(context).hasNotFailed());
        assertThat(output).contains("No token could be had yet");
    }

    @Test
    void needsAKeyWithPostgres() {
        try (HikariDataSource postgres = TestDatabase.POSTGRESQL.fresh()) {
            properties.put("offramp.encryption-key", "");
            start(
                    postgres,
                    context -> assertThat(sentence(context))
                            .contains("offramp.encryption-key is missing: the database is PostgreSQL")
                            .contains("openssl rand -base64 32"));
        }
    }

    @Test
    void makesAKeyForItselfWithH2(CapturedOutput output) throws IOException {
        start(context -> assertThat(context).hasNotFailed());
        start(context -> assertThat(context).hasNotFailed());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("key"))))
                .isEqualTo("rw-------");
        assertThat(output.getOut()).containsOnlyOnce("There is no offramp.encryption-key, so that one was made in");
    }

    @Test
    void needsKeysThatAreKeys() {
        properties.put("offramp.second-encryption-key", "c2hvcnQ=");
        refuses("offramp.second-encryption-key is no key; write 32 random bytes in Base64");
    }

    @ParameterizedTest
    @CsvSource({
        "global, https://api.partnercenter.microsoft.com, https://login.microsoftonline.com, https://api.partnercenter.microsoft.com",
        "us-government, https://api.partnercenter.microsoft.com, https://login.microsoftonline.us, https://api.partnercenter.microsoft.com",
        "21vianet, https://partner.partnercenterapi.microsoftonline.cn, https://login.partner.microsoftonline.cn, https://partner.partnercenterapi.microsoftonline.cn"
    })
    void knowsTheAddressesOfEachCloud(String cloud, String api, String authority, String resource) {
        Cloud known = Cloud.named(cloud);
        assertThat(known.baseUrl()).hasToString(api);
        assertThat(known.authority()).hasToString(authority);
        assertThat(known.resource()).isEqualTo(resource);
    }

    @Test
    void asksForTheScopeOfTheCloud() {
        properties.put("offramp.partner-center.cloud", "21vianet");
        start(context -> assertThat(context).hasNotFailed());
        assertThat(entra.forms().getLast().get("scope"))
                .contains("https://partner.partnercenterapi.microsoftonline.cn/.default");
    }

    private JdbcRefreshTokens refreshTokens() {
        return new JdbcRefreshTokens(
                JdbcClient.create(DATABASE),
                new org.springframework.transaction.support.TransactionTemplate(
                        new org.springframework.jdbc.support.JdbcTransactionManager(DATABASE)),
                clock,
                new Seal(new byte[32]),
                "",
                new JdbcRefreshTokens.Terms(
                        Duration.ofSeconds(60), Duration.ofMillis(50), Duration.ofMillis(10), _ -> {}));
    }

    private void certificate(String certificate, String key, String password) {
        properties.remove("offramp.partner-center.client-secret");
        properties.put("offramp.partner-center.certificate", FILES + certificate);
        if (key != null) {
            properties.put("offramp.partner-center.certificate-key", FILES + key);
        }
        if (password != null) {
            properties.put("offramp.partner-center.certificate-password", password);
        }
    }

    private void refuses(String... sentences) {
        start(context -> assertThat(sentence(context)).contains(sentences).doesNotContain("a-client-secret"));
    }

    private static String sentence(AssertableApplicationContext context) {
        assertThat(context).hasFailed();
        return FailedStart.sentence(context.getStartupFailure(), new StandardEnvironment())
                .orElseThrow(() -> new AssertionError("No sentence", context.getStartupFailure()));
    }

    private void start(Consumer<AssertableApplicationContext> then) {
        start(DATABASE, then);
    }

    private void start(HikariDataSource database, Consumer<AssertableApplicationContext> then) {
        new ApplicationContextRunner()
                .withBean("database", HikariDataSource.class, () -> database, bean -> bean.setDestroyMethodName(""))
                .withBean(JdbcClient.class, () -> JdbcClient.create(database))
                .withBean(InstantSource.class, () -> clock)
                .withBean(Pace.class, HandPace::new)
                .withUserConfiguration(PartnerCenterConfiguration.class)
                .withPropertyValues("offramp.home=" + home)
                .withPropertyValues(properties.entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .toArray(String[]::new))
                .run(then::accept);
    }
}
