package dev.plinth.tracing;

import io.opentelemetry.api.common.AttributeKey;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the labels of metrics few: of each label the values that come first, and one word for all the others. Names of
 * models and tools may come from users, and every new value is a new time series for ever.
 */
final class Labels {

    static final String OTHER = "_OTHER";

    /** How many values of a label are enough. */
    static final int MOST = 100;

    private final int most;
    private final Map<String, Set<String>> seen = new ConcurrentHashMap<>();

    /** At most this many values of each label. */
    Labels(int most) {
        this.most = most;
    }

    String bounded(AttributeKey<String> label, String value) {
        return keeps(label, value) ? value : OTHER;
    }

    /** Whether the value is one of those that are kept apart; for labels whose values have no word for the others. */
    boolean keeps(AttributeKey<?> label, String value) {
        Set<String> values = seen.computeIfAbsent(label.getKey(), first -> ConcurrentHashMap.newKeySet());
        if (values.contains(value)) {
            return true;
        }
        // A few more in a race do no harm.
        return values.size() < most && values.add(value);
    }
}
