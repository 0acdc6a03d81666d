package dev.offramp.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Passes everything on, and keeps the statements that were executed and the isolation that was asked for. */
public final class CountingDataSource extends DelegatingDataSource {

    private final ConcurrentLinkedQueue<String> executed = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Integer> isolations = new ConcurrentLinkedQueue<>();

    public CountingDataSource(DataSource target) {
        super(target);
    }

    /** What was executed since it was asked last; a batch of statements counts as one. */
    public List<String> executed() {
        var all = List.copyOf(executed);
        executed.clear();
        return all;
    }

    /** The isolation levels that somebody set, see {@link Connection#setTransactionIsolation}. */
    public List<Integer> isolations() {
        return List.copyOf(isolations);
    }

    @Override
    public Connection getConnection() throws SQLException {
        var connection = super.getConnection();
        return proxy(Connection.class, connection, (method, arguments, result) -> {
            if (method.getName().equals("setTransactionIsolation")) {
                isolations.add((Integer) arguments[0]);
            }
            return switch (result) {
                case CallableStatement call -> counted(CallableStatement.class, call, sql(arguments));
                case PreparedStatement prepared -> counted(PreparedStatement.class, prepared, sql(arguments));
                case Statement statement -> counted(Statement.class, statement, "");
                case null, default -> result;
            };
        });
    }

    private static String sql(Object[] arguments) {
        return String.valueOf(arguments[0]);
    }

    private <T extends Statement> T counted(Class<T> type, T statement, String sql) {
        return proxy(type, statement, (method, arguments, result) -> {
            if (method.getName().startsWith("execute")) {
                executed.add(arguments == null || arguments.length == 0 ? sql : sql(arguments));
            }
            return result;
        });
    }

    private interface After {
        Object told(Method method, Object[] arguments, Object result);
    }

    private static <T> T proxy(Class<T> type, T target, After after) {
        return type.cast(Proxy.newProxyInstance(
                CountingDataSource.class.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    try {
                        return after.told(method, arguments, method.invoke(target, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
