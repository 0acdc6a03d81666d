package dev.offramp.ledger;

import dev.offramp.offboarding.LastChance;
import dev.offramp.offboarding.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Until when open requests can still be carried out as they are meant: from admission on their {@code notAfter}, and something
 * earlier as soon as facts tell it.
 */
public interface LastChances {

    /** Over a migrated database. */
    static LastChances over(DataSource dataSource, PlatformTransactionManager transactionManager) {
        return new JdbcLastChances(Database.over(dataSource, transactionManager));
    }

    /** Keeps what facts tell; whoever was told of another time is told anew. A request that is final has none. */
    void note(long request, LastChance chance);

    /** What is known of an open request. */
    Optional<LastChance> of(long request);

    /**
     * Locks those that are held or stalled, whose last chance lies ahead within this time, and of which people were not told
     * that it is so near, until the caller's transaction ends; the most urgent first.
     */
    List<Near> lockUntold(Instant now, Duration within, int limit);

    /** People were told of them. */
    void told(Collection<Long> requests, Duration within);

    /** How many are held or stalled whose last chance lies ahead within this time. */
    long count(Instant now, Duration within);

    /**
     * One whose last chance is near.
     *
     * @param customer its name, as far as it was read
     */
    record Near(
            long request,
            Status status,
            String reason,
            LastChance chance,
            @Nullable String customer) {}
}
