package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.partnercenter.Issuer.Issue;
import dev.offramp.testing.FakeEntra;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class RefreshTokensTests {

    private static final Seal SEAL = new Seal(new byte[32]);

    private final HikariDataSource database;
    private final JdbcClient jdbc;
    private final List<String> used = Collections.synchronizedList(new ArrayList<>());
    private volatile Instant now = Instant.parse("2026-11-20T10:00:00Z");

    RefreshTokensTests(TestDatabase kind) {
        database = kind.fresh();
        jdbc = JdbcClient.create(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void usesTheConfiguredTokenOnceAndThenWhatReplacedIt() {
        node("rt-0").exchange(token -> issued(token, "rt-1"));
        node("rt-0").exchange(token -> issued(token, "rt-2"));
        node("").exchange(token -> issued(token, "rt-3"));

        assertThat(used).containsExactly("rt-0", "rt-1", "rt-2");
    }

    @Test
    void takesANewConfiguredTokenOver() {
        node("rt-0").exchange(token -> issued(token, "rt-1"));

        node("signed-in-again").exchange(token -> issued(token, "rt-9"));

        assertThat(used).containsExactly("rt-0", "signed-in-again");
    }

    @Test
    void takesNoTokenOverTwice() {
        node("rt-0").exchange(token -> issued(token, "rt-1"));
        node("signed-in-again").exchange(token -> issued(token, "rt-9"));

        node("rt-0").exchange(token -> issued(token, null));
        assertThat(node("").wasImported("rt-0")).isTrue();
        assertThat(node("").store("rt-0", Claims.unknown(), now, "rt-0")).isFalse();
        node("").exchange(token -> issued(token, null));

        assertThat(used).containsExactly("rt-0", "signed-in-again", "rt-9", "rt-9");
    }

    @Test
    void doesNotOverwriteANewSignInWithWhatAnOlderTokenBrought() {
        node("rt-0").exchange(token -> {
            // Meanwhile a person signs in.
            node("").store("of-a-person", Claims.unknown(), now, null);
            return issued(token, "rt-1");
        });
        node("").exchange(token -> issued(token, null));

        assertThat(used).containsExactly("rt-0", "of-a-person");
    }

    @Test
    void sealsWithThePresentKeyWhatOnlyTheSecondOneOpens() {
        node("rt-0").exchange(token -> issued(token, null));
        byte[] present = new byte[32];
        present[0] = 1;

        JdbcRefreshTokens changing = node("", new Seal(present, new byte[32]));
        changing.exchange(token -> issued(token, null));
        changing.sealAnew();
        node("", new Seal(present)).exchange(token -> issued(token, null));

        assertThat(used).containsExactly("rt-0", "rt-0", "rt-0");
        assertThat(node("").exchange(token -> issued(token, null))).isInstanceOf(Issue.Refusal.class);
    }

    @Test
    void keepsWhatTheDatabaseCouldNotBeTold() {
        JdbcRefreshTokens node = node("rt-0");
        Issue issue = node.exchange(token -> {
            jdbc.sql("alter table sign_in rename to away").update();
            return issued(token, "rt-1");
        });
        assertThat(issue).isInstanceOf(Issue.Tokens.class);
        jdbc.sql("alter table away rename to sign_in").update();
        jdbc.sql("update sign_in set lease_owner = null").update();

        node.exchange(token -> issued(token, null));

        assertThat(used).containsExactly("rt-0", "rt-1");
    }

    @Test
    void tellsHowTheSignInStandsWithoutItsToken() {
        assertThat(node("").kept().hasToken()).isFalse();
        Claims claims = new Claims(TestClient.TENANT.value(), "jane@partner.example", Claims.SecondFactor.YES);
        node("rt-0").exchange(_ -> new Issue.Tokens("access", "rt-1", Duration.ofHours(1), claims));

        var kept = node("").kept();
        assertThat(kept.storedAt()).isEqualTo(now);
        assertThat(kept.usedAt()).isEqualTo(now);
        assertThat(kept.person()).isEqualTo("jane@partner.example");
        assertThat(kept.secondFactor()).isEqualTo(Claims.SecondFactor.YES);
        assertThat(kept.refusal()).isNull();

        node("").exchange(_ -> new Issue.Refusal(true, "AADSTS50173: revoked"));
        assertThat(node("").kept().refusal()).isEqualTo("AADSTS50173: revoked");
        assertThat(node("").kept().refusedAt()).isEqualTo(now);

        node("").exchange(_ -> new Issue.Tokens("access", null, Duration.ofHours(1), claims));
        assertThat(node("").kept().refusal()).isNull();
    }

    @Test
    void givesOneTokenToOneOfTwoNodesAndTheNewOneToTheOther() throws Exception {
        try (FakeEntra entra = FakeEntra.of(TestClient.TENANT.value()).knows("rt-0")) {
            CountDownLatch go = new CountDownLatch(1);
            List<CompletableFuture<Issue>> nodes = new ArrayList<>();
            for (int node = 0; node < 2; node++) {
                JdbcRefreshTokens tokens = patientNode("rt-0");
                nodes.add(async(() -> {
                    await(go);
                    return tokens.exchange(issuer(entra)::forUser);
                }));
            }
            go.countDown();

            for (CompletableFuture<Issue> node : nodes) {
                assertThat(node.get()).isInstanceOf(Issue.Tokens.class);
            }
            assertThat(entra.forms())
                    .extracting(form -> form.get("refresh_token"))
                    .hasSize(2)
                    .doesNotHaveDuplicates()
                    .startsWith("rt-0");
        }
    }

    @Test
    void asksForAPersonAfterACrashBetweenAnswerAndStoringWhereTokensAreGoodOnce() {
        try (FakeEntra entra = FakeEntra.of(TestClient.TENANT.value()).knows("rt-0")) {
            crashAfterTheAnswer(entra);
            now = now.plusSeconds(61);

            assertThat(node("rt-0").exchange(issuer(entra)::forUser))
                    .isInstanceOfSatisfying(Issue.Refusal.class, refusal -> {
                        assertThat(refusal.aboutUser()).isTrue();
                        assertThat(refusal.words()).contains("a person must sign in again: bin/offramp login");
                    });
        }
    }

    @Test
    void goesOnAfterACrashBetweenAnswerAndStoringWhereTheOldTokenIsStillGood() {
        try (FakeEntra entra =
                FakeEntra.of(TestClient.TENANT.value()).knows("rt-0").rotatesNothing()) {
            crashAfterTheAnswer(entra);
            assertThat(node("rt-0").exchange(issuer(entra)::forUser))
                    .as("while the lease of the dead node runs")
                    .isInstanceOf(Issue.Silence.class);

            now = now.plusSeconds(61);
            assertThat(node("rt-0").exchange(issuer(entra)::forUser)).isInstanceOf(Issue.Tokens.class);
        }
    }

    /** Nothing of what comes after the answer happens, neither the storing nor the giving back of the lease. */
    private void crashAfterTheAnswer(FakeEntra entra) {
        JdbcRefreshTokens dead = node("rt-0");
        Issue answer = issuer(entra).forUser("rt-0");
        assertThat(answer).isInstanceOf(Issue.Tokens.class);
        dead.importOnce();
        leaseUntil(now.plusSeconds(60));
    }

    private static MsalIssuer issuer(FakeEntra entra) {
        return new MsalIssuer(
                new MsalIssuer.Account(TestClient.TENANT, "app", "secret", "https://api.partnercenter.microsoft.com"),
                entra.address(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20));
    }

    private JdbcRefreshTokens patientNode(String configured) {
        return new JdbcRefreshTokens(
                jdbc,
                new TransactionTemplate(new JdbcTransactionManager(database)),
                () -> now,
                SEAL,
                configured,
                new JdbcRefreshTokens.Terms(
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60),
                        Duration.ofMillis(5),
                        time -> java.util.concurrent.locks.LockSupport.parkNanos(time.toNanos())));
    }

    @Test
    void keepsTheOldTokenWhenNoneComesBack() {
        node("rt-0").exchange(token -> issued(token, null));
        node("").exchange(token -> issued(token, ""));
        node("").exchange(token -> new Issue.Silence("timeout"));
        node("").exchange(token -> issued(token, null));

        assertThat(used).containsExactly("rt-0", "rt-0", "rt-0");
    }

    @Test
    void cannotBeReadInTheDatabase() {
        node("a-secret-refresh-token").exchange(token -> issued(token, "another-secret-token"));

        byte[] stored = jdbc.sql("select sealed_token from sign_in")
                .query((row, number) -> row.getBytes("sealed_token"))
                .single();
        assertThat(new String(stored, java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("secret")
                .hasSizeGreaterThan("another-secret-token".length());
        assertThat(SEAL.open("app-user", stored)).isEqualTo("another-secret-token");
    }

    @Test
    void asksForAPersonWhenThereIsNoTokenOrAnotherKey() {
        assertThat(node("").exchange(token -> issued(token, null)))
                .isInstanceOfSatisfying(
                        Issue.Refusal.class, no -> assertThat(no.aboutUser()).isTrue());
        node("rt-0").exchange(token -> issued(token, null));
        byte[] otherKey = new byte[32];
        otherKey[0] = 1;

        assertThat(node("", new Seal(otherKey)).exchange(token -> issued(token, null)))
                .isInstanceOfSatisfying(
                        Issue.Refusal.class, no -> assertThat(no.aboutUser()).isTrue());
        assertThat(used).containsExactly("rt-0");
    }

    @Test
    void letsOneNodeAtATimeUseItWithoutHoldingAConnection() throws Exception {
        JdbcRefreshTokens first = node("rt-0");
        CountDownLatch inUse = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        List<Integer> connections = new ArrayList<>();
        CompletableFuture<Issue> one = async(() -> first.exchange(token -> {
            connections.add(database.getHikariPoolMXBean().getActiveConnections());
            inUse.countDown();
            await(answered);
            return issued(token, "rt-1");
        }));
        await(inUse);
        CompletableFuture<Issue> other = async(() -> waitingNode(answered).exchange(token -> issued(token, "rt-2")));

        one.get();
        other.get();

        assertThat(used).containsExactly("rt-0", "rt-1");
        assertThat(connections).containsExactly(0);
    }

    @Test
    void takesOverWhenTheOtherNodesLeaseHasRunOut() {
        node("rt-0").exchange(token -> issued(token, null));
        leaseUntil(now.plusSeconds(60));
        now = now.plusSeconds(61);

        assertThat(node("").exchange(token -> issued(token, null))).isInstanceOf(Issue.Tokens.class);
    }

    @Test
    void givesUpWaitingForANodeThatDoesNotComeBack() {
        node("rt-0").exchange(token -> issued(token, null));
        leaseUntil(now.plusSeconds(60));

        assertThat(node("").exchange(token -> issued(token, null))).isInstanceOf(Issue.Silence.class);
        assertThat(used).containsExactly("rt-0");
    }

    @Test
    void triesTheTokenThatReplacedARefusedOneMeanwhile() {
        node("rt-0").exchange(token -> issued(token, null));

        Issue issue = node("").exchange(token -> {
            if (token.equals("rt-0")) {
                jdbc.sql("update sign_in set sealed_token = :token, version = version + 1, lease_owner = null")
                        .param("token", SEAL.close("app-user", "rt-1"))
                        .update();
                return new Issue.Refusal(true, "invalid_grant");
            }
            return issued(token, null);
        });

        assertThat(issue).isInstanceOf(Issue.Tokens.class);
        assertThat(used).endsWith("rt-1");
    }

    /** The other node is let go as soon as this one has looked and waits. */
    private JdbcRefreshTokens waitingNode(CountDownLatch answered) {
        return new JdbcRefreshTokens(
                jdbc,
                new TransactionTemplate(new JdbcTransactionManager(database)),
                () -> now,
                SEAL,
                "",
                new JdbcRefreshTokens.Terms(
                        Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofMillis(5), time -> {
                            answered.countDown();
                            java.util.concurrent.locks.LockSupport.parkNanos(time.toNanos());
                        }));
    }

    private void leaseUntil(Instant until) {
        OffsetDateTime time = until.atOffset(ZoneOffset.UTC);
        jdbc.sql("update sign_in set lease_owner = 'other node', lease_until = :until")
                .param("until", time)
                .update();
    }

    private Issue issued(String token, @Nullable String rotated) {
        used.add(token);
        return new Issue.Tokens("access", rotated, Duration.ofHours(1), TestClient.TENANT.value());
    }

    private JdbcRefreshTokens node(String configured) {
        return node(configured, SEAL);
    }

    private JdbcRefreshTokens node(String configured, Seal seal) {
        return new JdbcRefreshTokens(
                jdbc,
                new TransactionTemplate(new JdbcTransactionManager(database)),
                () -> now,
                seal,
                configured,
                new JdbcRefreshTokens.Terms(
                        Duration.ofSeconds(60), Duration.ofMillis(50), Duration.ofMillis(10), time -> {}));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Not on the common pool, which has a single thread on a small machine. */
    private static <T> CompletableFuture<T> async(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, task -> Thread.ofVirtual().start(task));
    }
}
