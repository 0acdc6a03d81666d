package dev.offramp.ledger;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;

/** Since when and until when requests are held, and what is known of their targets. */
public interface Holds {

    /** Over a migrated database. */
    static Holds over(DataSource dataSource, PlatformTransactionManager transactionManager) {
        return new JdbcHolds(Database.over(dataSource, transactionManager));
    }

    /** By the number of the request; those that are not held are left out. */
    Map<Long, Hold> of(Collection<Long> requests);

    /**
     * Locks held requests about which nobody has decided in time, in ledger order, until the caller's transaction ends;
     * those that somebody decides about right now are left out.
     *
     * @return their numbers
     */
    List<Long> lockExpired(Instant now, int limit);

    /** Held requests whose targets are to be read by now, those that expire first before the others. */
    List<Long> unseen(Instant now, int limit);

    /**
     * Keeps what was read about the target of a held request, or why it could not be read.
     *
     * @param again when it is to be read again; null when once is enough
     */
    void see(long request, Sight sight, @Nullable Instant again);

    /** What people are shown about the target of a held request. */
    record Sight(
            Instant readAt,
            @Nullable String customer,
            @Nullable String domain,
            @Nullable String product,
            @Nullable Integer seats,
            @Nullable Instant lastChance,
            @Nullable String lastChanceOf,
            @Nullable String unread) {}

    /**
     * How a request is held.
     *
     * @param decideBy when it expires; null when a person must decide, however long it takes
     * @param facts what was read about its target when it was decided about last; null when it was held before that
     * @param sight what was read about its target since it is held; null when that is still to come
     */
    record Hold(
            Instant since,
            @Nullable Instant decideBy,
            @Nullable String facts,
            @Nullable Sight sight) {}
}
