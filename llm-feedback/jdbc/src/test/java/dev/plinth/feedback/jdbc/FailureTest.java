package dev.plinth.feedback.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.feedback.FeedbackStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailureTest {

    private static final String SECRET = "what somebody wrote";

    @TempDir
    Path directory;

    private final JdbcConnectionPool pool = JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID(), "sa", "");

    @AfterEach
    void dispose() {
        pool.dispose();
    }

    @Test
    void aDamagedFileIsAStoreException() throws Exception {
        Path file = directory.resolve("feedback");
        Files.writeString(directory.resolve("feedback.mv.db"), "not a database ".repeat(1000));

        assertThatThrownBy(() -> JdbcFeedbackStore.h2(file))
                .isInstanceOf(StoreException.class)
                .hasMessage("file: " + file + " (expected: an H2 database that can be opened, or none)")
                .hasCauseInstanceOf(SQLException.class);
    }

    @Test
    void aPathThatWouldBeReadAsSettingsIsRefused() {
        assertThatThrownBy(() -> JdbcFeedbackStore.h2(directory.resolve("x;INIT=RUNSCRIPT FROM 'evil.sql'")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("without a semicolon");
    }

    @Test
    void tablesOfANewerVersionAreRefused() throws Exception {
        JdbcFeedbackStore.over(pool).close();
        execute("INSERT INTO plinth_feedback_schema (version) VALUES (2)");

        assertThatThrownBy(() -> JdbcFeedbackStore.over(pool))
                .isInstanceOf(StoreException.class)
                .hasMessage("schema: version 2 (expected: at most 1, of this library)");
    }

    @Test
    void aStepThatStoppedHalfWayIsFinished() throws Exception {
        JdbcFeedbackStore.over(pool).close();
        execute("DELETE FROM plinth_feedback_schema");
        execute("DROP INDEX plinth_feedback_target");

        FeedbackStore store = JdbcFeedbackStore.over(pool);

        assertThat(store.save(Samples.thumb("id"))).isTrue();
        execute("DROP INDEX plinth_feedback_target");
    }

    @Test
    void openingTwiceKeepsWhatIsThere() {
        JdbcFeedbackStore.over(pool).save(Samples.thumb("id"));

        assertThat(JdbcFeedbackStore.over(pool).find("id")).isPresent();
    }

    @Test
    void closingLeavesTheDataSourceOpen() throws Exception {
        JdbcFeedbackStore.over(pool).close();

        execute("SELECT 1");
    }

    @Test
    void aMissingTableNamesTheStateAndNotTheText() throws Exception {
        FeedbackStore store = JdbcFeedbackStore.over(pool);
        execute("DROP TABLE plinth_feedback");

        assertThatThrownBy(() -> store.save(Samples.edit("id", SECRET, SECRET)))
                .isInstanceOf(StoreException.class)
                .hasMessage("save: SQL state 42S02 (expected: success)")
                .hasCauseInstanceOf(SQLException.class)
                .satisfies(error -> assertThat(error.getCause()).hasMessageNotContaining(SECRET));
    }

    @Test
    void aRowOfALaterKindIsAStoreException() throws Exception {
        FeedbackStore store = JdbcFeedbackStore.over(pool);
        store.save(Samples.thumb("id"));
        execute("UPDATE plinth_feedback SET kind = 'TELEPATHY'");

        assertThatThrownBy(() -> store.find("id"))
                .isInstanceOf(StoreException.class)
                .hasMessage("feedback: 'id' (expected: a readable row)");
    }

    @Test
    void aPoolWithoutAutomaticCommitsKeepsWhatWasSaved() {
        FeedbackStore store = JdbcFeedbackStore.over(new ManualCommits(pool));

        assertThat(store.save(Samples.thumb("id"))).isTrue();
        assertThat(store.save(Samples.thumb("id"))).isFalse();
        assertThat(JdbcFeedbackStore.over(pool).find("id")).isPresent();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
