package dev.offramp.testing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A real database that goes away, or whose disk is full, on command, in the middle of transactions too. */
public final class FailingDatabase {

    private final HikariDataSource pool;
    private final AtomicInteger refused = new AtomicInteger();
    private volatile Trouble trouble = Trouble.NONE;

    /** What is wrong with it. */
    public enum Trouble {
        NONE,
        /** Nothing is answered: neither reads nor writes, nor the ends of transactions. */
        AWAY,
        /** Reads are answered; nothing that was written can be committed. */
        DISK_FULL
    }

    private FailingDatabase(HikariDataSource real) {
        var config = new HikariConfig();
        config.setDataSource(new Wrapped(real));
        config.setMaximumPoolSize(16);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(1000);
        config.setInitializationFailTimeout(-1);
        pool = new HikariDataSource(config);
    }

    public static FailingDatabase over(HikariDataSource real) {
        return new FailingDatabase(real);
    }

    /** To be used by what is tested. */
    public HikariDataSource pool() {
        return pool;
    }

    public void is(Trouble what) {
        trouble = what;
    }

    /** How often something was refused. */
    public int refused() {
        return refused.get();
    }

    private void check(boolean write) throws SQLException {
        if (trouble == Trouble.AWAY) {
            refused.incrementAndGet();
            throw new SQLException("The test took the database away", "08006");
        }
        if (trouble == Trouble.DISK_FULL && write) {
            refused.incrementAndGet();
            throw new SQLException("could not extend file: No space left on device", "53100");
        }
    }

    private final class Wrapped extends DelegatingDataSource {

        private Wrapped(DataSource real) {
            super(real);
        }

        @Override
        public Connection getConnection() throws SQLException {
            check(false);
            return wrap(super.getConnection());
        }
    }

    private Connection wrap(Connection real) {
        return proxy(Connection.class, real, name -> {
            check(name.equals("commit"));
        });
    }

    private interface Check {
        void before(String method) throws SQLException;
    }

    /** Statements are refused, too, so that the statements of one transaction fail in its middle. */
    private <T> T proxy(Class<T> type, T real, Check check) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    var name = method.getName();
                    if (!name.equals("close")
                            && !name.equals("rollback")
                            && !name.startsWith("is")
                            && method.getDeclaringClass() != Object.class) {
                        check.before(name);
                    }
                    return wrapped(call(real, method, arguments), arguments);
                }));
    }

    private @Nullable Object wrapped(@Nullable Object result, Object @Nullable [] arguments) {
        if (result instanceof PreparedStatement statement) {
            var sql = arguments == null
                    ? ""
                    : String.valueOf(arguments[0]).strip().toLowerCase(java.util.Locale.ROOT);
            boolean writes = sql.startsWith("insert") || sql.startsWith("update") || sql.startsWith("delete");
            return proxy(PreparedStatement.class, statement, name -> check(writes && name.startsWith("execute")));
        }
        if (result instanceof Statement statement) {
            return proxy(Statement.class, statement, name -> check(false));
        }
        return result;
    }

    private static @Nullable Object call(Object real, java.lang.reflect.Method method, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
