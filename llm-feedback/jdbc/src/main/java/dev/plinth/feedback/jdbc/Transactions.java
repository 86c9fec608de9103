package dev.plinth.feedback.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** Ends transactions on connections whose pool has switched automatic commits off. */
final class Transactions {

    private Transactions() {}

    static void commit(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
    }

    static void rollback(Connection connection, SQLException cause) {
        try {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
        } catch (SQLException alsoFailed) {
            cause.addSuppressed(alsoFailed);
        }
    }
}
