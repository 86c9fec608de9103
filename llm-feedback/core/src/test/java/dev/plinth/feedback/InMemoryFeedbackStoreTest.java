package dev.plinth.feedback;

import dev.plinth.api.feedback.FeedbackStore;
import dev.plinth.api.tck.FeedbackStoreContract;
import java.util.Set;

class InMemoryFeedbackStoreTest extends FeedbackStoreContract {

    @Override
    protected FeedbackStore open() {
        return new InMemoryFeedbackStore();
    }

    @Override
    protected Set<Behavior> unsupported() {
        return Set.of(Behavior.DURABLE);
    }
}
