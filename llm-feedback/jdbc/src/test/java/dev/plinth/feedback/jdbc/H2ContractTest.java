package dev.plinth.feedback.jdbc;

import dev.plinth.api.feedback.FeedbackStore;
import dev.plinth.api.tck.FeedbackStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class H2ContractTest extends FeedbackStoreContract {

    @TempDir
    Path directory;

    @Override
    protected FeedbackStore open() {
        return JdbcFeedbackStore.h2(directory.resolve("feedback"));
    }

    @Override
    protected FeedbackStore reopen() {
        return open();
    }
}
