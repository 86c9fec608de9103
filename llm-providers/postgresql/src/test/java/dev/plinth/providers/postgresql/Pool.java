package dev.plinth.providers.postgresql;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;

/** Connections that are given back instead of closed, as applications have them. Commits are manual until then. */
final class Pool implements AutoCloseable {

    private final DataSource source;
    private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();

    Pool(DataSource source) {
        this.source = source;
    }

    DataSource dataSource() {
        return (DataSource) Proxy.newProxyInstance(
                Pool.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        return lent();
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    private Connection lent() throws SQLException {
        Connection free = idle.poll();
        Connection real = free == null ? source.getConnection() : free;
        real.setAutoCommit(false);
        return (Connection) Proxy.newProxyInstance(
                Pool.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        real.rollback(); // what nobody has committed is lost
                        idle.add(real);
                        return null;
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : idle) {
            connection.close();
        }
    }
}
