package dev.offramp.request;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A database that is away on command. */
final class UnreliableDataSource extends DelegatingDataSource {

    private volatile boolean away;
    private final AtomicInteger refusedConnections = new AtomicInteger();

    UnreliableDataSource(DataSource real) {
        super(real);
    }

    void goAway() {
        away = true;
    }

    void comeBack() {
        away = false;
    }

    int refusedConnections() {
        return refusedConnections.get();
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (away) {
            refusedConnections.incrementAndGet();
            throw new SQLTransientConnectionException("The test took the database away");
        }
        return super.getConnection();
    }
}
