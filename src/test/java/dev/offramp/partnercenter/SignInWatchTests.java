package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.partnercenter.Issuer.Issue;
import dev.offramp.testing.FakeEntra;
import dev.offramp.testing.SettableClock;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What happens to the stored sign-in while nothing else does, by a clock that is turned by hand. */
@ExtendWith(OutputCaptureExtension.class)
class SignInWatchTests {

    private static final String MUST = "The sign-in to Partner Center needs a person.";

    private final HikariDataSource database = TestDatabase.H2.fresh();
    private final FakeEntra entra = FakeEntra.of(TestClient.TENANT.value()).knows("rt-0-secret");
    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-20T10:00:00Z"));
    private final MsalIssuer.Account account = new MsalIssuer.Account(
            TestClient.TENANT, "app", "a-client-secret", "https://api.partnercenter.microsoft.com");
    private final Issuer issuer =
            new MsalIssuer(account, entra.address(), Duration.ofSeconds(5), Duration.ofSeconds(20));
    private final JdbcRefreshTokens refreshTokens = new JdbcRefreshTokens(
            JdbcClient.create(database),
            new TransactionTemplate(new JdbcTransactionManager(database)),
            clock,
            new Seal(new byte[32]),
            "rt-0-secret",
            new JdbcRefreshTokens.Terms(Duration.ofSeconds(60), Duration.ofMillis(50), Duration.ofMillis(10), _ -> {}));
    private final Tokens tokens =
            new Tokens(issuer, refreshTokens, TestClient.TENANT, Duration.ofMinutes(1), () -> nanos(clock.instant()));
    private final SignIns signIns = new SignIns(
            account,
            issuer,
            new DeviceLogin(account, entra.address(), Duration.ofSeconds(5), Duration.ofSeconds(20), clock),
            refreshTokens,
            tokens,
            clock,
            new Seal(new byte[32]),
            new SignIns.Terms(Cloud.GLOBAL, entra.address(), Duration.ofDays(90), Duration.ofDays(14)));
    private final SignInWatch watch =
            new SignInWatch(refreshTokens, signIns, tokens.of(Denial.USER_SIGN_IN), Duration.ofDays(1), clock);

    @AfterEach
    void close() {
        entra.close();
        database.close();
    }

    @Test
    void usesTheTokenOnceADayAlthoughNobodyNeedsIt() {
        watch.look();
        assertThat(entra.asked("refresh_token")).isOne();

        clock.pass(Duration.ofHours(23));
        watch.look();
        assertThat(entra.asked("refresh_token")).isOne();

        clock.pass(Duration.ofHours(1));
        watch.look();
        assertThat(entra.asked("refresh_token")).isEqualTo(2);
        assertThat(signIns.status().user().expiresAt())
                .isEqualTo(clock.instant().plus(Duration.ofDays(90)));
        assertThat(signIns.status().needsPerson()).isEmpty();
    }

    @Test
    void keepsASignInAlivePastItsNinetyDays() {
        for (int day = 0; day < 95; day++) {
            watch.look();
            clock.pass(Duration.ofDays(1));
        }
        assertThat(signIns.status().user().state()).isEqualTo("usable");
    }

    @Test
    void tellsFromFourteenDaysBeforeTheEndOnceADay(CapturedOutput output) {
        watch.look();
        entra.rotatesNothing();
        watch.look();
        // The authority gives no other token any more: this one's time runs out.
        for (int day = 1; day <= 75; day++) {
            clock.pass(Duration.ofDays(1));
            watch.look();
        }
        assertThat(output).doesNotContain(MUST);
        assertThat(watch.secondsLeft()).isEqualTo(Duration.ofDays(15).toSeconds());

        clock.pass(Duration.ofDays(1));
        watch.look();
        watch.look();

        assertThat(output.getOut())
                .containsOnlyOnce(MUST)
                .contains("The sign-in of admin.agent@partner.example ends at 2027-02-18T10:00:00Z")
                .contains("sign in again: bin/offramp login");
        assertThat(signIns.status().user().state()).isEqualTo("expiring");
        assertThat(signIns.status().needsPerson()).hasSize(1);
        clock.pass(Duration.ofDays(1));
        watch.look();
        assertThat(output.getOut().split(MUST, -1)).hasSize(3);
    }

    @Test
    void tellsAtTheStartThatTheSecondFactorIsMissing(CapturedOutput output) {
        entra.signsInBy("pwd");
        watch.look();

        assertThat(output)
                .contains(MUST)
                .contains(
                        "The sign-in of admin.agent@partner.example had no second factor, which Partner Center demands");
        assertThat(signIns.status().user().secondFactor()).isEqualTo("no");
        assertThat(signIns.status().needsPerson()).hasSize(1);
    }

    @Test
    void tellsWhatAPersonMustDoAndGoesOnByItselfOnceItWorks(CapturedOutput output) {
        watch.look();
        entra.refuses("invalid_grant 50076 Due to a configuration change you must use multi-factor authentication.");
        clock.pass(Duration.ofDays(1));
        watch.look();

        assertThat(signIns.status().user().state()).isEqualTo("refused");
        assertThat(signIns.status().needsPerson())
                .singleElement()
                .asString()
                .contains("sign in again with a second factor");
        assertThat(output).contains("Partner Center cannot be signed in to as the user: AADSTS50076");

        entra.refuses(null);
        clock.pass(Duration.ofMinutes(10));
        watch.look();

        assertThat(signIns.status().user().state()).isEqualTo("usable");
        assertThat(tokens.of(Denial.USER_SIGN_IN).token()).isInstanceOf(SignIn.Granted.class);
        assertThat(signIns.status().needsPerson()).isEmpty();
    }

    @Test
    void goesOnAtOnceWithANewSignIn() {
        watch.look();
        entra.refuses("invalid_grant 50173 The grant was revoked.");
        clock.pass(Duration.ofDays(1));
        watch.look();
        entra.refuses(null).knows("rt-new-secret");

        var offer = signIns.handedOver("rt-new-secret");
        assertThat(offer).isInstanceOf(SignIns.Offer.Good.class);
        assertThat(signIns.keep((SignIns.Offer.Good) offer)).isTrue();
        signIns.useAnew();

        assertThat(tokens.of(Denial.USER_SIGN_IN).token()).isInstanceOf(SignIn.Granted.class);
        assertThat(signIns.status().needsPerson()).isEmpty();
    }

    @Test
    void tellsThatNobodyHasSignedInOnceItIsMissed() {
        watch.look();
        JdbcClient.create(database)
                .sql("update sign_in set sealed_token = null, version = version + 1")
                .update();
        tokens.of(Denial.USER_SIGN_IN).renew();
        assertThat(signIns.status().needsPerson()).isEmpty();

        tokens.of(Denial.USER_SIGN_IN).token();

        assertThat(signIns.status().user().state()).isEqualTo("none");
        assertThat(signIns.status().needsPerson())
                .singleElement()
                .asString()
                .contains("there is no refresh token; a person must sign in: bin/offramp login");
    }

    @Test
    void seesThatAPersonHasSignedInAtAnotherNode() {
        watch.look();
        entra.refuses("invalid_grant 50173 The grant was revoked.");
        clock.pass(Duration.ofDays(1));
        watch.look();
        entra.refuses(null).knows("rt-elsewhere");

        // As the other node does it: this one is not told.
        signIns.keep((SignIns.Offer.Good) signIns.handedOver("rt-elsewhere"));
        watch.look();

        assertThat(signIns.status().user().state()).isEqualTo("usable");
    }

    @Test
    void keepsTheBetterSignInWhenANewOneHasNoSecondFactor() {
        watch.look();
        entra.knows("rt-weak").signsInBy("pwd");

        assertThat(signIns.handedOver("rt-weak"))
                .isInstanceOfSatisfying(
                        SignIns.Offer.Refused.class,
                        no -> assertThat(no.sentence()).contains("had no second factor"));
    }

    @Test
    void takesNoSignInOfAnotherTenant() {
        entra.knows("rt-strange").issuesUsersFor("11111111-1111-4111-8111-111111111111");

        assertThat(signIns.handedOver("rt-strange"))
                .isInstanceOfSatisfying(
                        SignIns.Offer.Refused.class,
                        no -> assertThat(no.sentence()).contains("belongs to tenant 11111111-"));
        assertThat(refreshTokens.kept().hasToken()).isFalse();
    }

    @Test
    void neverPrintsASecret(CapturedOutput output) {
        watch.look();
        entra.refuses("invalid_grant 70000 The token was used.");
        clock.pass(Duration.ofDays(1));
        watch.look();
        Issue refused = issuer.forUser("rt-9-secret");
        entra.refuses(null).knows("rt-8-secret");
        var good = signIns.handedOver("rt-8-secret");

        assertThat(output.getAll()
                        + refused
                        + good
                        + account
                        + signIns.status()
                        + tokens.of(Denial.USER_SIGN_IN).token())
                .doesNotContain("-secret");
    }

    private static long nanos(Instant instant) {
        return Duration.between(Instant.EPOCH, instant).toNanos();
    }
}
