package dev.plinth.rag.sqlite;

import dev.plinth.api.error.StoreException;
import dev.plinth.rag.index.SortableBytes;
import dev.plinth.rag.index.StoreBytes;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The tables of one tenant. Each tenant has its own, so that nothing of one is in the statistics of another.
 *
 * @param number of the tenant
 */
record Tables(long number) {
    private static final int FORMAT = 1;
    private static final int APPLICATION = 0x504C_4E54; // PLNT

    String chunk() {
        return "chunk_" + number;
    }

    String vector() {
        return "vector_" + number;
    }

    String fact() {
        return "fact_" + number;
    }

    String words() {
        return "words_" + number;
    }

    String entry() {
        return "entry_" + number;
    }

    String checkpoint() {
        return "checkpoint_" + number;
    }

    /** Finds the tables that fit these settings, and creates them if they are not there. */
    static Tables open(Settings settings, Connection connection) throws SQLException {
        checkApplication(settings.file(), connection);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA application_id = " + APPLICATION);
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS tenant (number INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE,"
                            + " format TEXT NOT NULL, model BLOB NOT NULL, dimensions INTEGER NOT NULL, analyzer BLOB NOT NULL)");
        }
        try (PreparedStatement known = connection.prepareStatement(
                "SELECT number, format, model, dimensions, analyzer FROM tenant WHERE name = ?")) {
            known.setBytes(1, SortableBytes.of(settings.tenant()));
            try (ResultSet row = known.executeQuery()) {
                if (row.next()) {
                    check(settings, "format", row.getString(2), format());
                    check(
                            settings,
                            "model",
                            SortableBytes.text(row.getBytes(3)),
                            settings.stamp().model());
                    check(
                            settings,
                            "dimensions",
                            row.getString(4),
                            "" + settings.stamp().dimensions());
                    check(
                            settings,
                            "analyzer",
                            SortableBytes.text(row.getBytes(5)),
                            settings.analyzer().name());
                    return new Tables(row.getLong(1));
                }
            }
        }
        return create(settings, connection);
    }

    /** Refuses a database that is neither ours nor empty; changes nothing. */
    static void checkApplication(Path file, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // In this order: who makes an index at this moment writes both at once.
            boolean used = number(statement, "SELECT count(*) FROM sqlite_schema") > 0;
            int application = number(statement, "PRAGMA application_id");
            if (used && application != APPLICATION) {
                throw new StoreException("index: " + file + " is a database of something else, application "
                        + application + " (expected: " + APPLICATION + ", or an empty one)");
            }
        }
    }

    private static int number(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static String format() {
        return FORMAT + "." + StoreBytes.VERSION;
    }

    private static void check(Settings settings, String name, String held, String expected) {
        if (!held.equals(expected)) {
            throw new StoreException(
                    "index: " + settings.file() + " holds " + name + " " + held + " (expected: " + expected + ")");
        }
    }

    private static Tables create(Settings settings, Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO tenant (name, format, model, dimensions, analyzer) VALUES (?, ?, ?, ?, ?) RETURNING number")) {
            insert.setBytes(1, SortableBytes.of(settings.tenant()));
            insert.setString(2, format());
            insert.setBytes(3, SortableBytes.of(settings.stamp().model()));
            insert.setInt(4, settings.stamp().dimensions());
            insert.setBytes(5, SortableBytes.of(settings.analyzer().name()));
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                Tables tables = new Tables(row.getLong(1));
                tables.create(connection);
                return tables;
            }
        }
    }

    private void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + chunk()
                    + " (row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, content BLOB NOT NULL)");
            statement.execute("CREATE TABLE " + vector() + " (row INTEGER PRIMARY KEY, unit BLOB NOT NULL)");
            statement.execute("CREATE TABLE " + fact()
                    + " (field BLOB NOT NULL, kind INTEGER NOT NULL, value BLOB NOT NULL, row INTEGER NOT NULL,"
                    + " PRIMARY KEY (field, kind, value, row)) WITHOUT ROWID");
            statement.execute("CREATE VIRTUAL TABLE " + words() + " USING fts5(words, content='',"
                    + " contentless_delete=1, tokenize=\"" + Words.TOKENIZER + "\")");
            statement.execute("CREATE TABLE " + entry()
                    + " (source BLOB NOT NULL, id BLOB NOT NULL, content BLOB NOT NULL, PRIMARY KEY (source, id))"
                    + " WITHOUT ROWID");
            statement.execute("CREATE TABLE " + checkpoint()
                    + " (source BLOB PRIMARY KEY NOT NULL, content BLOB NOT NULL) WITHOUT ROWID");
        }
    }
}
