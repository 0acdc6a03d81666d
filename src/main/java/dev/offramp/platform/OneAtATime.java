package dev.offramp.platform;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Lets one thread at a time have connections, as many as it needs. H2 writes its file map by map while other
 * transactions go on; a process that is killed right then leaves a file with rows of a transaction and without the log
 * that would take them back. Where nobody else is at work while a commit is written, there is nothing to tear apart.
 *
 * @see <a href="https://github.com/h2database/h2database/issues/2080">H2 issue 2080, on the non-atomic store</a>
 */
final class OneAtATime extends DelegatingDataSource {

    private final ReentrantLock turn = new ReentrantLock(true);
    private final Duration patience;

    OneAtATime(DataSource connections, Duration patience) {
        super(connections);
        this.patience = patience;
    }

    /** Whether the database is a part of this process: then all of its transactions pass here. */
    static boolean concerns(String url) {
        return url.startsWith("jdbc:h2:") && !url.startsWith("jdbc:h2:tcp:") && !url.startsWith("jdbc:h2:ssl:");
    }

    /** @throws SQLTransientConnectionException when the turn does not come in time */
    @Override
    public Connection getConnection() throws SQLException {
        take();
        try {
            return givingBack(super.getConnection());
        } catch (SQLException | RuntimeException | Error e) {
            turn.unlock();
            throw e;
        }
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        throw new SQLException("Connections come with the user of the pool only.");
    }

    /** Calls something that locks what is its own before it asks for a connection: the turn comes first, always. */
    @Nullable
    Object within(MethodInvocation call) throws Throwable {
        take();
        try {
            return call.proceed();
        } finally {
            turn.unlock();
        }
    }

    private void take() throws SQLException {
        try {
            if (!turn.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new SQLTransientConnectionException(
                        "The database is busy: one transaction has kept all others waiting for %s."
                                .formatted(patience));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("Interrupted while waiting for the database.", e);
        }
    }

    private Connection givingBack(Connection taken) {
        var open = new AtomicBoolean(true);
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    var ends =
                            method.getName().equals("close") || method.getName().equals("abort");
                    try {
                        return method.getName().equals("equals")
                                ? (Object) (proxy == arguments[0])
                                : method.invoke(taken, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        if (ends && open.compareAndSet(true, false)) {
                            turn.unlock();
                        }
                    }
                });
    }
}
