package dev.offramp.ledger;

import java.time.Duration;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** All parts of the ledger over one database. */
public record Ledger(
        Requests requests,
        Attempts attempts,
        Turns turns,
        Batches batches,
        Outcomes outcomes,
        Refusals refusals,
        Offsets offsets,
        Audit audit,
        Customers customers,
        Decisions decisions,
        Recoveries recoveries) {

    /** What is held expires after so long when nothing else is said. */
    public static final Duration HOLD_EXPIRES = Duration.ofDays(14);

    /** The ledger of a migrated database, without Spring and with nobody who listens for {@link WorkArrived}. */
    public static Ledger over(DataSource dataSource) {
        return over(dataSource, new JdbcTransactionManager(dataSource), arrived -> {}, HOLD_EXPIRES);
    }

    /**
     * The ledger of a migrated database.
     *
     * @param listener is told after each commit that made something ready or wrote an outcome, on the committing
     *     thread: it must only pass the word on
     * @param holdExpires what is held for so long is not done any more
     */
    public static Ledger over(
            DataSource dataSource,
            PlatformTransactionManager transactionManager,
            Consumer<WorkArrived> listener,
            Duration holdExpires) {
        var database = Database.over(dataSource, transactionManager);
        var requests = new JdbcRequests(database, new Announcements(listener), holdExpires);
        return new Ledger(
                requests,
                new JdbcAttempts(database),
                new JdbcTurns(database),
                new JdbcBatches(database),
                new JdbcOutcomes(database),
                new JdbcRefusals(database),
                new JdbcOffsets(database),
                new JdbcAudit(database),
                new JdbcCustomers(database),
                new JdbcDecisions(database),
                new JdbcRecoveries(database, requests, holdExpires));
    }
}
