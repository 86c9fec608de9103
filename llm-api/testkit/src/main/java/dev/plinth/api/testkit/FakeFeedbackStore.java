package dev.plinth.api.testkit;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.feedback.Feedback;
import dev.plinth.api.feedback.FeedbackStore;
import dev.plinth.api.score.Target;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A feedback store in memory.
 *
 * <p>Thread-safe. After {@link #close()} it refuses everything but closing.
 */
public final class FakeFeedbackStore implements FeedbackStore {
    private final Object lock = new Object();
    private final Map<String, Feedback> byId = new LinkedHashMap<>();
    private boolean closed;

    private FakeFeedbackStore() {}

    /** An empty store. */
    public static FakeFeedbackStore create() {
        return new FakeFeedbackStore();
    }

    @Override
    public boolean save(Feedback feedback) {
        Check.notNull(feedback, "feedback");
        synchronized (lock) {
            requireOpen();
            return byId.putIfAbsent(feedback.id(), feedback) == null;
        }
    }

    @Override
    public Optional<Feedback> find(String id) {
        Check.notNull(id, "id");
        synchronized (lock) {
            requireOpen();
            return Optional.ofNullable(byId.get(id));
        }
    }

    @Override
    public List<Feedback> about(Target target) {
        Check.notNull(target, "target");
        synchronized (lock) {
            requireOpen();
            return byId.values().stream()
                    .filter(feedback -> feedback.target().equals(target))
                    .sorted(Comparator.comparing(
                            feedback -> feedback.score().at().orElse(Instant.EPOCH)))
                    .toList();
        }
    }

    /** Everything it holds, in the order it came. */
    public List<Feedback> all() {
        synchronized (lock) {
            return List.copyOf(byId.values());
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new StoreException("store: closed (expected: open)");
        }
    }
}
