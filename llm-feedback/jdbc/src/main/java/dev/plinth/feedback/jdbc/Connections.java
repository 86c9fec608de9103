package dev.plinth.feedback.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** Where connections come from. Closing it releases what was opened for them. */
interface Connections extends AutoCloseable {

    Connection open() throws SQLException;

    @Override
    default void close() throws SQLException {}
}
