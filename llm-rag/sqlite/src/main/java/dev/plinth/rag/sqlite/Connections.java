package dev.plinth.rag.sqlite;

import dev.plinth.api.context.Cancellation;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.Pragma;
import org.sqlite.SQLiteConfig.SynchronousMode;

/**
 * Connections to the file: as many as read at the same time, and one that writes. Each piece of work is a transaction; a
 * reader sees the file as it was when it began.
 */
final class Connections {
    /** Work in one transaction. */
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private static final int PATIENCE_MILLIS = 60_000;
    private static final int STEPS = 1_000; // of a statement, until it is asked again whether to go on
    private static final ProgressHandler STOP_IF_DUE = new ProgressHandler() {
        @Override
        protected int progress() {
            return Cancellation.isDue() ? 1 : 0;
        }
    };
    private static final long MAPPED_BYTES = 1L << 32;

    private final Path file;
    private final @Nullable Path extension;
    private final Queue<Connection> readers = new ConcurrentLinkedQueue<>();
    private final Lock writing = new ReentrantLock(true);
    private @Nullable Connection writer;
    private volatile boolean closed;

    Connections(Path file, @Nullable Path extension) {
        this.file = file;
        this.extension = extension;
    }

    <T> T read(Work<T> work) {
        checkOpen();
        Cancellation.check();
        Connection connection = null;
        try {
            connection = readers.poll();
            if (connection == null) {
                connection = open();
                ProgressHandler.setHandler(connection, STEPS, STOP_IF_DUE);
            }
            execute(connection, "BEGIN");
            T result = work.on(connection);
            execute(connection, "COMMIT");
            giveBack(connection);
            return result;
        } catch (SQLException failure) {
            closeQuietly(connection);
            Cancellation.check(); // which may be why
            throw failed("cannot be read", failure);
        } catch (RuntimeException | Error failure) {
            closeQuietly(connection);
            throw failure;
        }
    }

    private void giveBack(Connection connection) {
        readers.add(connection);
        if (closed) {
            closeReaders();
        }
    }

    <T> T write(Work<T> work) {
        writing.lock();
        try {
            checkOpen();
            Connection connection = writer == null ? open() : writer;
            writer = null;
            boolean done = false;
            try {
                execute(connection, "BEGIN IMMEDIATE");
                T result = work.on(connection);
                execute(connection, "COMMIT");
                done = true;
                writer = connection;
                return result;
            } finally {
                if (!done) {
                    closeQuietly(connection); // which takes back what was not committed
                }
            }
        } catch (SQLException failure) {
            throw failed("cannot be written", failure);
        } finally {
            writing.unlock();
        }
    }

    private Connection open() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setSynchronous(SynchronousMode.FULL); // a commit is on disk when it returns
        config.setBusyTimeout(PATIENCE_MILLIS);
        config.setPragma(Pragma.MMAP_SIZE, String.valueOf(MAPPED_BYTES));
        config.enableLoadExtension(extension != null);
        Connection connection = config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
        boolean ready = false;
        try {
            Tables.checkApplication(file, connection);
            execute(connection, "PRAGMA journal_mode = WAL"); // stays in the file: not before it is known to be ours
            if (extension == null) {
                Cosine.addTo(connection);
            } else {
                load(connection, extension);
            }
            ready = true;
            return connection;
        } finally {
            if (!ready) {
                closeQuietly(connection);
            }
        }
    }

    private static void load(Connection connection, Path extension) throws SQLException {
        try (PreparedStatement load = connection.prepareStatement("SELECT load_extension(?)")) {
            load.setString(1, extension.toAbsolutePath().toString());
            load.execute();
        }
    }

    /** The driver's own transactions begin again as soon as they end, and keep other processes out. */
    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new StoreException("index: " + file + " closed (expected: open)");
        }
    }

    private StoreException failed(String what, SQLException failure) {
        return new StoreException(
                "index: " + file + " " + what + ": " + failure.getMessage(), ErrorDetails.NONE, failure);
    }

    /** Waits for a write that is under way. */
    void close() {
        writing.lock();
        try {
            closed = true;
            closeQuietly(writer);
            writer = null;
            closeReaders();
        } finally {
            writing.unlock();
        }
    }

    private void closeReaders() {
        for (Connection reader = readers.poll(); reader != null; reader = readers.poll()) {
            closeQuietly(reader);
        }
    }

    @SuppressWarnings("EmptyCatch")
    private static void closeQuietly(@Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException nothingToSave) {
            // What was committed is kept, and nothing else should be.
        }
    }
}
