package dev.offramp.partnercenter;

import dev.offramp.partnercenter.Claims.SecondFactor;
import dev.offramp.partnercenter.Issuer.Issue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps the refresh token encrypted in the database and lets one node at a time use it, by a lease that is taken by
 * compare-and-set: no connection is held while the authority is asked.
 *
 * <p>The version of the row grows with each token. What replaces a token is stored under the version that was used, not
 * under the lease: a lease that ran out does not lose the only valid token, and a person's new sign-in is not overwritten
 * by what an older token has brought. Nothing is ever overwritten with nothing.
 */
final class JdbcRefreshTokens implements RefreshTokens {

    private static final Logger log = LoggerFactory.getLogger(JdbcRefreshTokens.class);
    private static final String NAME = "app-user";
    private static final int LONGEST_REFUSAL = 1000;

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final InstantSource clock;
    private final Seal seal;
    private final String configured;
    private final Terms terms;
    private final String me = UUID.randomUUID().toString();
    private final AtomicReference<@Nullable Unsaved> unsaved = new AtomicReference<>();
    private volatile boolean imported;

    /**
     * How nodes take turns.
     *
     * @param lease longer than any answer of the token endpoint takes
     * @param patience how long to wait for another node
     * @param glance how long between two looks while waiting
     */
    record Terms(Duration lease, Duration patience, Duration glance, Repeats.Sleep sleep) {}

    /**
     * The sign-in that is stored, without its token.
     *
     * @param hasToken false when nobody has signed in yet
     * @param storedAt since when the token is the present one, from which its time runs
     * @param usedAt when a token was last got with it or with one before it
     * @param person who has signed in, as far as the tokens say
     * @param refusedAt when the authority has refused the present token, null when it has not
     */
    record Kept(
            boolean hasToken,
            long version,
            @Nullable Instant storedAt,
            @Nullable Instant usedAt,
            @Nullable String person,
            SecondFactor secondFactor,
            @Nullable Instant refusedAt,
            @Nullable String refusal) {}

    /** A refresh token that the authority gave for one that the database could not yet be told; it never prints. */
    private record Unsaved(long version, String token, Claims claims) {

        @Override
        public String toString() {
            return "Unsaved[version=%d]".formatted(version);
        }
    }

    /** @param configured {@code offramp.partner-center.refresh-token}, empty when there is none */
    JdbcRefreshTokens(
            JdbcClient jdbc,
            TransactionTemplate transactions,
            InstantSource clock,
            Seal seal,
            String configured,
            Terms terms) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.clock = clock;
        this.seal = seal;
        this.configured = configured.strip();
        this.terms = terms;
    }

    @Override
    public Issue exchange(Function<String, Issue> use) {
        importOnce();
        saveWhatIsLeft();
        long looks = Math.max(1, terms.patience().dividedBy(terms.glance()));
        for (long look = 0; look < looks; look++) {
            Stored stored = load();
            byte[] sealed = stored.sealed();
            if (sealed == null) {
                return new Issue.Refusal(true, "there is no refresh token; a person must sign in: bin/offramp login");
            }
            if (takeLease(stored.version())) {
                Issue issue = use(stored.version(), sealed, use);
                // Refused, but replaced meanwhile: the new one may be good.
                if (!(issue instanceof Issue.Refusal refusal && refusal.aboutUser() && replaced(stored.version()))) {
                    return issue;
                }
            } else if (!waited()) {
                break;
            }
        }
        return new Issue.Silence("another node is signing in and has not come back");
    }

    private Issue use(long version, byte[] sealed, Function<String, Issue> use) {
        try {
            String token = seal.open(NAME, sealed);
            Issue issue = use.apply(token);
            switch (issue) {
                case Issue.Tokens tokens -> used(version, token, tokens);
                case Issue.Refusal refusal -> refused(version, refusal);
                case Issue.Silence _ -> {}
            }
            return issue;
        } catch (Seal.BrokenSeal e) {
            return new Issue.Refusal(
                    true,
                    e.getMessage()
                            + "; start with the key that it was sealed with, or a person must sign in again: bin/offramp login");
        } finally {
            giveLeaseBack();
        }
    }

    /** The authority has spoken already: a database that is away must not lose what it said. */
    private void used(long version, String token, Issue.Tokens tokens) {
        String rotated = tokens.rotated();
        if (rotated == null || rotated.isBlank() || rotated.equals(token)) {
            noteUse(version, tokens.claims());
            return;
        }
        Unsaved brought = new Unsaved(version, rotated, tokens.claims());
        try {
            keep(brought);
        } catch (DataAccessException e) {
            unsaved.set(brought);
            log.warn(
                    "The new refresh token could not be stored and is kept in this process only; it is stored as soon as the database takes it: {}",
                    e.getClass().getSimpleName());
        }
    }

    /** Stores what the database could not be told before. Whatever a person has signed in with since counts more. */
    void saveWhatIsLeft() {
        Unsaved left = unsaved.getAndSet(null);
        if (left != null) {
            try {
                keep(left);
            } catch (DataAccessException e) {
                unsaved.compareAndSet(null, left);
                throw e;
            }
        }
    }

    private boolean waited() {
        try {
            terms.sleep().sleep(terms.glance());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean replaced(long version) {
        return load().version() != version;
    }

    /** What is stored, without the token. */
    Kept kept() {
        return jdbc.sql("""
                        select version, sealed_token, rotated_at, used_at, person, second_factor, refused_at, refusal
                          from sign_in
                         where name = :name
                        """).param("name", NAME).query((row, _) -> kept(row)).single();
    }

    private static Kept kept(ResultSet row) throws SQLException {
        return new Kept(
                row.getBytes("sealed_token") != null,
                row.getLong("version"),
                instant(row, "rotated_at"),
                instant(row, "used_at"),
                row.getString("person"),
                SecondFactor.of(row.getString("second_factor")),
                instant(row, "refused_at"),
                row.getString("refusal"));
    }

    private Stored load() {
        return jdbc.sql("""
                        select sealed_token, version
                          from sign_in
                         where name = :name
                        """)
                .param("name", NAME)
                .query((row, _) -> new Stored(row.getBytes("sealed_token"), row.getLong("version")))
                .single();
    }

    private boolean takeLease(long version) {
        return jdbc.sql("""
                                update sign_in
                                   set lease_owner = :me, lease_until = :until
                                 where name = :name
                                   and version = :version
                                   and (lease_owner is null or lease_until <= :now)
                                """)
                        .param("me", me)
                        .param("until", time(clock.instant().plus(terms.lease())))
                        .param("name", NAME)
                        .param("version", version)
                        .param("now", time(clock.instant()))
                        .update()
                == 1;
    }

    private void keep(Unsaved token) {
        jdbc.sql("""
                        update sign_in
                           set sealed_token = :sealed, rotated_at = :now, version = version + 1,
                               used_at = :now, person = :person, second_factor = :factor,
                               refused_at = null, refusal = null
                         where name = :name
                           and version = :version
                        """)
                .param("sealed", seal.close(NAME, token.token()))
                .param("now", time(clock.instant()))
                .param("person", token.claims().person())
                .param("factor", token.claims().secondFactor().word())
                .param("name", NAME)
                .param("version", token.version())
                .update();
    }

    /** The authority gave no other refresh token, so that the time of this one runs on. */
    private void noteUse(long version, Claims claims) {
        jdbc.sql("""
                        update sign_in
                           set used_at = :now, person = :person, second_factor = :factor,
                               refused_at = null, refusal = null
                         where name = :name
                           and version = :version
                        """)
                .param("now", time(clock.instant()))
                .param("person", claims.person())
                .param("factor", claims.secondFactor().word())
                .param("name", NAME)
                .param("version", version)
                .update();
    }

    private void refused(long version, Issue.Refusal refusal) {
        if (!refusal.aboutUser()) {
            return;
        }
        String words = refusal.words();
        jdbc.sql("""
                        update sign_in
                           set refused_at = coalesce(refused_at, :now), refusal = :words
                         where name = :name
                           and version = :version
                        """)
                .param("now", time(clock.instant()))
                .param("words", words.length() > LONGEST_REFUSAL ? words.substring(0, LONGEST_REFUSAL) : words)
                .param("name", NAME)
                .param("version", version)
                .update();
    }

    private void giveLeaseBack() {
        try {
            jdbc.sql("""
                            update sign_in
                               set lease_owner = null, lease_until = null
                             where name = :name
                               and lease_owner = :me
                            """).param("name", NAME).param("me", me).update();
        } catch (DataAccessException e) {
            log.debug("The lease of the refresh token runs out by itself: {}", e.getMessage());
        }
    }

    /**
     * The configured token is taken over once; what has been rotated since is newer than the configuration.
     *
     * @return whether it was taken over just now
     */
    boolean importOnce() {
        if (imported) {
            return false;
        }
        boolean taken = !configured.isBlank() && store(configured, Claims.unknown(), null, configured);
        imported = true;
        return taken;
    }

    /** Whether this token was handed over before, so that it is older than what is stored. */
    boolean wasImported(String token) {
        return jdbc.sql("select count(*) from imported_token where digest = :digest")
                        .param("digest", digest(token))
                        .query(Long.class)
                        .single()
                > 0;
    }

    /**
     * Puts a token in the place of what is stored, in the caller's transaction if there is one.
     *
     * @param token the refresh token
     * @param usedAt when it was used, null when it never was
     * @param handedOver the token as it was handed over from outside, null when it never was outside
     * @return false when the token was handed over before, which changes nothing
     */
    boolean store(String token, Claims claims, @Nullable Instant usedAt, @Nullable String handedOver) {
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            lockRow();
            if (handedOver != null) {
                if (wasImported(handedOver)) {
                    return false;
                }
                jdbc.sql("insert into imported_token (digest, imported_at) values (:digest, :now)")
                        .param("digest", digest(handedOver))
                        .param("now", time(clock.instant()))
                        .update();
            }
            jdbc.sql("""
                            update sign_in
                               set sealed_token = :sealed, rotated_at = :now, version = version + 1,
                                   used_at = :used, person = :person, second_factor = :factor,
                                   refused_at = null, refusal = null, lease_owner = null, lease_until = null
                             where name = :name
                            """)
                    .param("sealed", seal.close(NAME, token))
                    .param("now", time(clock.instant()))
                    .param("used", usedAt == null ? null : time(usedAt))
                    .param("person", claims.person())
                    .param("factor", claims.secondFactor().word())
                    .param("name", NAME)
                    .update();
            return true;
        }));
    }

    /** Closes with the present key what only the second one opens. */
    void sealAnew() {
        Stored stored = load();
        byte[] sealed = stored.sealed();
        if (sealed == null) {
            return;
        }
        try {
            Seal.Opened opened = seal.opened(NAME, sealed);
            if (opened.bySecond()) {
                jdbc.sql("""
                                update sign_in
                                   set sealed_token = :sealed
                                 where name = :name
                                   and version = :version
                                """)
                        .param("sealed", seal.close(NAME, opened.text()))
                        .param("name", NAME)
                        .param("version", stored.version())
                        .update();
                log.info("The stored sign-in is sealed with the present encryption key from now on.");
            }
        } catch (Seal.BrokenSeal e) {
            log.warn("{}: unlinks are not begun until it can be, or a person signs in again.", e.getMessage());
        }
    }

    private void lockRow() {
        jdbc.sql("select version from sign_in where name = :name for update")
                .param("name", NAME)
                .query(Long.class)
                .single();
    }

    private static String digest(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.strip().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private record Stored(byte @Nullable [] sealed, long version) {}
}
