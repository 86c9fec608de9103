package dev.plinth.rag.connectors.jdbc;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.StoreException;
import dev.plinth.rag.connect.Interruption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/** Reads, and only reads: every call on a connection of its own, in a transaction that is rolled back. */
final class Database {
    /** Classes of SQL states: connections, transactions, resources, operators. What is of them gets better by itself. */
    private static final Set<String> PASSING = Set.of("08", "40", "53", "57");

    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    interface Reading<T> {
        T of(ResultSet rows) throws SQLException;
    }

    private final String name;
    private final DataSource dataSource;
    private final Duration timeout;

    Database(String name, DataSource dataSource, Duration timeout) {
        this.name = name;
        this.dataSource = dataSource;
        this.timeout = timeout;
    }

    <T> T read(Work<T> work) {
        Interruption.check(name);
        try (Connection connection = dataSource.getConnection()) {
            boolean readOnly = connection.isReadOnly();
            boolean autoCommit = connection.getAutoCommit();
            connection.setReadOnly(true);
            connection.setAutoCommit(false); // or PostgreSQL hands over all rows at once
            try {
                return work.with(connection);
            } finally {
                connection.rollback();
                connection.setAutoCommit(autoCommit);
                connection.setReadOnly(readOnly);
            }
        } catch (SQLException exception) {
            Interruption.check(name);
            throw failed(exception);
        }
    }

    <T> T query(Connection connection, String sql, List<Object> parameters, int rows, Reading<T> reading)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setQueryTimeout((int) Math.max(1, timeout.toSeconds()));
            statement.setFetchSize(rows);
            for (int i = 0; i < parameters.size(); i++) {
                statement.setObject(i + 1, parameters.get(i));
            }
            try (ResultSet result = statement.executeQuery()) {
                return reading.of(result);
            }
        }
    }

    private LlmException failed(SQLException exception) {
        String state = String.valueOf(exception.getSQLState());
        String message = "database: " + name + " cannot be read, SQL state " + state;
        return state.startsWith("28") || state.equals("42501")
                ? new AuthenticationException(
                        message + " (expected: credentials that may read)", ErrorDetails.NONE, exception)
                : new StoreException(message, details(exception, state), exception);
    }

    private static ErrorDetails details(SQLException exception, String state) {
        boolean passes = exception instanceof SQLTransientException
                || exception instanceof SQLRecoverableException
                || PASSING.contains(state.substring(0, Math.min(2, state.length())));
        return ErrorDetails.builder().retryable(passes).build();
    }
}
