package dev.plinth.feedback.jdbc;

import static dev.plinth.feedback.jdbc.Samples.ANSWER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.StoreException;
import dev.plinth.api.feedback.FeedbackStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherProcessTest {

    @TempDir
    Path directory;

    @Test
    void aFileInUseIsRefusedAndFreeAgainAfterTheOtherWasKilled() throws Exception {
        Path file = directory.resolve("feedback");
        try (OtherProcess other = OtherProcess.saving(file, 1)) {
            assertThatThrownBy(() -> JdbcFeedbackStore.h2(file))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("file: " + file + " (expected: not in use by another process)")
                    .hasRootCauseInstanceOf(Exception.class);
        }

        try (FeedbackStore store = JdbcFeedbackStore.h2(file)) {
            assertThat(store.find("thumb-0")).isPresent();
        }
    }

    @Test
    void whatWasSavedOutlivesAKilledProcess() throws Exception {
        Path file = directory.resolve("feedback");
        OtherProcess.saving(file, 50).close();

        try (FeedbackStore store = JdbcFeedbackStore.h2(file)) {
            assertThat(store.about(ANSWER)).hasSize(50);
        }
    }
}
