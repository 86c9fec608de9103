package dev.plinth.rag.pgvector;

import dev.plinth.api.context.Cancellation;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import javax.sql.DataSource;

/** Runs work in transactions of its own, in the name of one tenant. */
final class Database {
    private static final int ATTEMPTS = 5;

    /** A deadlock, or a conflict under serializable isolation: nothing was written, and another attempt may succeed. */
    private static final Set<String> WORTH_ANOTHER = Set.of("40P01", "40001");

    /** A limit of time was reached, or an administrator has ended the statement. */
    private static final String CANCELED = "57014";

    private final DataSource dataSource;
    private final String scope;
    private final String tenant;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param scope names the index, of whose writers one may have to be alone
     */
    Database(DataSource dataSource, String scope, String tenant) {
        this.dataSource = dataSource;
        this.scope = scope;
        this.tenant = PgText.escaped(tenant);
    }

    DataSource dataSource() {
        return dataSource;
    }

    /** The value of the tenant column. */
    String tenant() {
        return tenant;
    }

    void close() {
        closed.set(true);
    }

    /** What is done in a transaction. */
    @FunctionalInterface
    interface Work<T> {
        T in(Transaction transaction) throws SQLException;
    }

    /** Asks one question, in a transaction of its own. */
    <T> List<T> query(String name, Sql sql, Transaction.Row<T> row) {
        return run(name, transaction -> transaction.query(sql, row));
    }

    /**
     * Runs work that reads in a transaction.
     *
     * @param name what it is called in an error
     */
    <T> T run(String name, Work<T> work) {
        Cancellation.check();
        return attempts(name, alone -> work);
    }

    /**
     * Runs work that writes in a transaction and commits it; all or nothing of it is kept. Writers run side by side. One
     * that met a deadlock with another is tried again alone, so that it cannot meet a second one.
     *
     * @param name what it is called in an error
     */
    void write(String name, Writing work) {
        attempts(name, alone -> transaction -> {
            transaction.query(
                    Sql.of(
                            "SELECT pg_advisory_xact_lock" + (alone ? "" : "_shared") + "(hashtextextended(?, 0))",
                            scope + " " + tenant),
                    row -> true);
            work.in(transaction);
            return true;
        });
    }

    /** What a writer does. */
    @FunctionalInterface
    interface Writing {
        void in(Transaction transaction) throws SQLException;
    }

    private <T> T attempts(String name, Function<Boolean, Work<T>> work) {
        if (closed.get()) {
            throw new StoreException("index: closed (expected: open)");
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(work.apply(attempt > 1));
            } catch (SQLException failed) {
                if (CANCELED.equals(failed.getSQLState())) {
                    Cancellation.check(); // which may be why
                }
                if (attempt == ATTEMPTS || !WORTH_ANOTHER.contains(failed.getSQLState())) {
                    throw new StoreException(
                            name + ": SQL state " + failed.getSQLState() + " (expected: success)",
                            ErrorDetails.NONE,
                            failed);
                }
            }
        }
    }

    private <T> T attempt(Work<T> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean automatic = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                T result = work.in(new Transaction(connection, tenant));
                connection.commit();
                return result;
            } catch (Throwable failed) {
                rollback(connection, failed);
                throw failed;
            } finally {
                if (!connection.isClosed()) {
                    connection.setAutoCommit(automatic);
                }
            }
        }
    }

    private static void rollback(Connection connection, Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException alsoFailed) {
            cause.addSuppressed(alsoFailed);
        }
    }
}
