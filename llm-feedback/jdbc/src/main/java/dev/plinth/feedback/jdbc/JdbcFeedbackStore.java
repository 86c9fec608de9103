package dev.plinth.feedback.jdbc;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.feedback.Feedback;
import dev.plinth.api.feedback.FeedbackStore;
import dev.plinth.api.score.Target;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/**
 * Keeps feedback in a relational database.
 *
 * <pre>{@code
 * try (FeedbackStore store = JdbcFeedbackStore.h2(Path.of("feedback"))) { ... }   // a file of this process
 * try (FeedbackStore store = JdbcFeedbackStore.over(dataSource)) { ... }          // PostgreSQL, shared
 * }</pre>
 *
 * <p>The tables, {@code plinth_feedback} and {@code plinth_feedback_schema}, are made when the store is opened and
 * carry a version; tables of a newer version than the library knows are refused. Ids of feedback and of targets have
 * at most {@value #MAX_ID} characters.
 *
 * <p>Thread-safe. Each call takes one connection and is one transaction. What the database refuses is a
 * {@link StoreException} with the {@link SQLException} as its cause.
 */
public final class JdbcFeedbackStore implements FeedbackStore {

    /** The longest id of feedback or of a target, in {@code char}s; a longer one is refused. */
    public static final int MAX_ID = 512;

    private static final String UNIQUE_VIOLATION = "23505";
    private static final String INSERT =
            "INSERT INTO plinth_feedback (" + FeedbackRow.COLUMNS + ") VALUES (" + FeedbackRow.PARAMETERS + ")";
    private static final String BY_ID = "SELECT " + FeedbackRow.COLUMNS + " FROM plinth_feedback WHERE id = ?";
    private static final String BY_TARGET = "SELECT " + FeedbackRow.COLUMNS
            + " FROM plinth_feedback WHERE target_kind = ? AND target_id = ? ORDER BY at_seconds, at_nanos, seq";

    private final Connections connections;
    private final AtomicBoolean closed = new AtomicBoolean();

    private JdbcFeedbackStore(Connections connections) {
        this.connections = connections;
    }

    /**
     * A store in an H2 file. Several stores of one process may share it; a second process is refused.
     *
     * <p>What was saved outlives a killed process. Needs {@code com.h2database:h2} at run time, which comes with this
     * artifact unless excluded.
     *
     * @param file without the suffix {@code .mv.db}, which H2 adds; made, with its directories, when it is missing
     * @throws StoreException if the file is in use by another process, damaged or written by a newer version
     */
    public static JdbcFeedbackStore h2(Path file) {
        return open(H2File.at(file));
    }

    /**
     * A store in a database of the caller's, such as PostgreSQL. What such a database cannot keep is a
     * {@link StoreException}: PostgreSQL has no texts with the character U+0000.
     *
     * @param dataSource hands out connections that take part in no other transaction; stays the caller's, who closes it
     * @throws StoreException if the database cannot be reached or its tables are of a newer version
     */
    public static JdbcFeedbackStore over(DataSource dataSource) {
        Check.notNull(dataSource, "dataSource");
        return open(dataSource::getConnection);
    }

    private static JdbcFeedbackStore open(Connections connections) {
        JdbcFeedbackStore store = new JdbcFeedbackStore(connections);
        try {
            store.run("prepare", connection -> {
                Schema.prepare(connection);
                return true;
            });
            return store;
        } catch (RuntimeException failed) {
            closeQuietly(store, failed);
            throw failed;
        }
    }

    private static void closeQuietly(JdbcFeedbackStore store, RuntimeException cause) {
        try {
            store.close();
        } catch (StoreException alsoFailed) {
            cause.addSuppressed(alsoFailed);
        }
    }

    @Override
    public boolean save(Feedback feedback) {
        Check.notNull(feedback, "feedback");
        checkId(feedback.id(), "id");
        checkId(feedback.target().id(), "target.id");
        return run("save", connection -> {
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                FeedbackRow.set(insert, feedback);
                insert.executeUpdate();
                return true;
            } catch (SQLException refused) {
                // The standard's code, the same in H2 and PostgreSQL; the id is the only unique column we fill.
                if (UNIQUE_VIOLATION.equals(refused.getSQLState())) {
                    Transactions.rollback(connection, refused);
                    return false;
                }
                throw refused;
            }
        });
    }

    @Override
    public Optional<Feedback> find(String id) {
        Check.notNull(id, "id");
        return select(BY_ID, id).stream().findFirst();
    }

    @Override
    public List<Feedback> about(Target target) {
        Check.notNull(target, "target");
        return select(BY_TARGET, target.kind().name(), target.id());
    }

    private List<Feedback> select(String sql, String... parameters) {
        return run("read", connection -> {
            try (PreparedStatement query = connection.prepareStatement(sql)) {
                for (int position = 0; position < parameters.length; position++) {
                    query.setString(position + 1, parameters[position]);
                }
                try (ResultSet rows = query.executeQuery()) {
                    List<Feedback> found = new ArrayList<>();
                    while (rows.next()) {
                        found.add(FeedbackRow.read(rows));
                    }
                    return List.copyOf(found);
                }
            }
        });
    }

    /** Releases the H2 file; a data source stays open. Calls that are under way may fail. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            connections.close();
        } catch (SQLException failed) {
            throw new StoreException("close: failed (expected: closed)", ErrorDetails.NONE, failed);
        }
    }

    private <T> T run(String name, Work<T> work) {
        if (closed.get()) {
            throw new StoreException("store: closed (expected: open)");
        }
        try (Connection connection = connections.open()) {
            T result = work.on(connection);
            Transactions.commit(connection);
            return result;
        } catch (SQLException failed) {
            String state = "SQL state " + failed.getSQLState();
            throw new StoreException(name + ": " + state + " (expected: success)", ErrorDetails.NONE, failed);
        }
    }

    private static void checkId(String id, String name) {
        Check.that(id.length() <= MAX_ID, name + ".length", id.length(), "<= " + MAX_ID);
    }

    /** What is done with a connection. */
    @FunctionalInterface
    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }
}
