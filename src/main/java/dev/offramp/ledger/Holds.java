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

    /**
     * How a request is held.
     *
     * @param decideBy when it expires; null when a person must decide, however long it takes
     * @param facts what was read about its target last, as it stands in the decision; null when nothing was read yet
     */
    record Hold(
            Instant since,
            @Nullable Instant decideBy,
            @Nullable String facts) {}
}
