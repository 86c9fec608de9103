package dev.plinth.rag.connectors.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Hands out one connection again and again, as a pool does that changes nothing about it. */
final class OneConnection {
    private final Connection connection;
    private final AtomicInteger handedOut = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    OneConnection(Connection connection) {
        this.connection = connection;
    }

    int handedOut() {
        return handedOut.get();
    }

    int closed() {
        return closed.get();
    }

    DataSource dataSource() {
        return proxy(DataSource.class, (self, method, arguments) -> {
            handedOut.incrementAndGet();
            return proxy(Connection.class, (inner, call, values) -> {
                if (call.getName().equals("close")) {
                    closed.incrementAndGet();
                    return null;
                }
                try {
                    return call.invoke(connection, values);
                } catch (InvocationTargetException exception) {
                    throw exception.getCause();
                }
            });
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
