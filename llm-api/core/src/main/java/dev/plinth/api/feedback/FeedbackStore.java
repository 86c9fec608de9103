package dev.plinth.api.feedback;

import dev.plinth.api.score.Target;
import java.util.List;
import java.util.Optional;

/**
 * Keeps feedback.
 *
 * <p>Thread-safe. What the store cannot do is a {@link dev.plinth.api.error.StoreException}.
 */
public interface FeedbackStore extends AutoCloseable {

    /**
     * Keeps one piece of feedback.
     *
     * @return false when one of this id is there already; the first one stays
     */
    boolean save(Feedback feedback);

    /** The feedback of this id. */
    Optional<Feedback> find(String id);

    /** All feedback about one thing, in the order of its times. */
    List<Feedback> about(Target target);

    /** Releases what it holds. Closing twice does nothing. */
    @Override
    void close();
}
