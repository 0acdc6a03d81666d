package dev.offramp.partnercenter;

import dev.offramp.partnercenter.Issuer.Issue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Keeps the refresh token encrypted in the database and lets one node at a time use it, by a lease. */
final class JdbcRefreshTokens implements RefreshTokens {

    private static final String NAME = "app-user";

    private final JdbcClient jdbc;
    private final InstantSource clock;
    private final Seal seal;
    private final String configured;
    private final Terms terms;
    private final String me = UUID.randomUUID().toString();
    private volatile boolean imported;

    /**
     * How nodes take turns.
     *
     * @param lease longer than any answer of the token endpoint takes
     * @param patience how long to wait for another node
     * @param glance how long between two looks while waiting
     */
    record Terms(Duration lease, Duration patience, Duration glance, Repeats.Sleep sleep) {}

    /** @param configured {@code offramp.partner-center.refresh-token}, empty when there is none */
    JdbcRefreshTokens(JdbcClient jdbc, InstantSource clock, Seal seal, String configured, Terms terms) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.seal = seal;
        this.configured = configured;
        this.terms = terms;
    }

    @Override
    public Issue exchange(Function<String, Issue> use) {
        importOnce();
        long looks = Math.max(1, terms.patience().dividedBy(terms.glance()));
        for (long look = 0; look < looks; look++) {
            Stored stored = load().orElse(null);
            byte[] sealed = stored == null ? null : stored.sealed();
            if (stored == null || sealed == null) {
                return new Issue.Refusal(true, "there is no refresh token; a person must sign in");
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
            if (issue instanceof Issue.Tokens tokens) {
                String rotated = tokens.rotated();
                if (rotated != null && !rotated.isBlank() && !rotated.equals(token)) {
                    keep(version, rotated);
                }
            }
            return issue;
        } catch (Seal.BrokenSeal e) {
            return new Issue.Refusal(true, e.getMessage() + "; a person must sign in again");
        } finally {
            giveLeaseBack();
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
        return load().filter(stored -> stored.version() != version).isPresent();
    }

    private Optional<Stored> load() {
        return jdbc.sql("""
                        select sealed_token, version
                          from sign_in
                         where name = :name
                        """)
                .param("name", NAME)
                .query((row, number) -> new Stored(row.getBytes("sealed_token"), row.getLong("version")))
                .optional();
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

    /** Under the version and not under the lease: a lease that ran out must not lose the only valid token. */
    private void keep(long version, String rotated) {
        jdbc.sql("""
                        update sign_in
                           set sealed_token = :sealed, rotated_at = :now, version = version + 1
                         where name = :name
                           and version = :version
                        """)
                .param("sealed", seal.close(NAME, rotated))
                .param("now", time(clock.instant()))
                .param("name", NAME)
                .param("version", version)
                .update();
    }

    private void giveLeaseBack() {
        jdbc.sql("""
                        update sign_in
                           set lease_owner = null, lease_until = null
                         where name = :name
                           and lease_owner = :me
                        """).param("name", NAME).param("me", me).update();
    }

    /** The configured token is taken over once; what has been rotated since is newer than the configuration. */
    private void importOnce() {
        if (imported) {
            return;
        }
        if (!configured.isBlank()) {
            String digest = digest(configured);
            insertEmpty();
            jdbc.sql("""
                            update sign_in
                               set sealed_token = :sealed, imported_digest = :digest, rotated_at = :now,
                                   version = version + 1
                             where name = :name
                               and (imported_digest is null or imported_digest <> :digest)
                            """)
                    .param("sealed", seal.close(NAME, configured))
                    .param("digest", digest)
                    .param("now", time(clock.instant()))
                    .param("name", NAME)
                    .update();
        }
        imported = true;
    }

    private void insertEmpty() {
        try {
            jdbc.sql("""
                            insert into sign_in (name, version)
                            select :name, 0
                             where not exists (select 1 from sign_in where name = :name)
                            """).param("name", NAME).update();
        } catch (DuplicateKeyException e) {
            // Another node was first.
        }
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private record Stored(byte @Nullable [] sealed, long version) {}
}
