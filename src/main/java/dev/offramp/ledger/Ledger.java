package dev.offramp.ledger;

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

    /** The ledger of a migrated database, without Spring and with nobody who listens for {@link WorkArrived}. */
    public static Ledger over(DataSource dataSource) {
        return over(dataSource, new JdbcTransactionManager(dataSource), arrived -> {});
    }

    /**
     * The ledger of a migrated database.
     *
     * @param listener is told after each commit that made something ready or wrote an outcome, on the committing
     *     thread: it must only pass the word on
     */
    public static Ledger over(
            DataSource dataSource, PlatformTransactionManager transactionManager, Consumer<WorkArrived> listener) {
        var database = Database.over(dataSource, transactionManager);
        var requests = new JdbcRequests(database, new Announcements(listener));
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
                new JdbcRecoveries(database, requests));
    }
}
