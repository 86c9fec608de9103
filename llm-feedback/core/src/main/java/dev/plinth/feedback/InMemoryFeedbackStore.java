package dev.plinth.feedback;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.feedback.Feedback;
import dev.plinth.api.feedback.FeedbackStore;
import dev.plinth.api.score.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps feedback in memory, for tests and first steps: it grows without a limit and ends with the process.
 *
 * <p>Thread-safe.
 */
public final class InMemoryFeedbackStore implements FeedbackStore {

    private static final Comparator<Feedback> BY_TIME =
            Comparator.comparing(feedback -> feedback.score().at().orElse(Instant.MIN));

    private final Object lock = new Object();
    private final Map<String, Feedback> byId = new HashMap<>();
    private final Map<Target, List<Feedback>> byTarget = new HashMap<>();
    private boolean closed;

    /** An empty store. */
    public InMemoryFeedbackStore() {}

    @Override
    public boolean save(Feedback feedback) {
        Check.notNull(feedback, "feedback");
        synchronized (lock) {
            checkOpen();
            if (byId.putIfAbsent(feedback.id(), feedback) != null) {
                return false;
            }
            byTarget.computeIfAbsent(feedback.target(), target -> new ArrayList<>())
                    .add(feedback);
            return true;
        }
    }

    @Override
    public Optional<Feedback> find(String id) {
        Check.notNull(id, "id");
        synchronized (lock) {
            checkOpen();
            return Optional.ofNullable(byId.get(id));
        }
    }

    @Override
    public List<Feedback> about(Target target) {
        Check.notNull(target, "target");
        synchronized (lock) {
            checkOpen();
            return byTarget.getOrDefault(target, List.of()).stream()
                    .sorted(BY_TIME)
                    .toList();
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            byId.clear();
            byTarget.clear();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new StoreException("store: closed (expected: open)");
        }
    }
}
