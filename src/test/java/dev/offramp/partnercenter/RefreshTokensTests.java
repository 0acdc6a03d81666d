package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.partnercenter.Issuer.Issue;
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
import org.springframework.jdbc.core.simple.JdbcClient;

@OnBothDatabases
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
