package dev.offramp.platform;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.util.Set;

/**
 * Takes all connections out of the pool when H2 has closed its database, as it does when its file cannot grow: the next
 * one opens it again, so that a service whose disk was full goes on without a restart.
 */
final class ClosedDatabase implements SQLExceptionOverride {

    /** H2: "The database has been closed", "Database is already closed". */
    private static final Set<Integer> CLOSED = Set.of(90098, 90121);

    private final HikariDataSource pool;

    private ClosedDatabase(HikariDataSource pool) {
        this.pool = pool;
    }

    static HikariDataSource leftBy(HikariDataSource pool) {
        pool.setExceptionOverride(new ClosedDatabase(pool));
        return pool;
    }

    @java.lang.Override
    public Override adjudicate(SQLException exception) {
        if (!CLOSED.contains(exception.getErrorCode())) {
            return Override.CONTINUE_EVICT;
        }
        var running = pool.getHikariPoolMXBean();
        if (running != null) {
            running.softEvictConnections();
        }
        return Override.MUST_EVICT;
    }
}
