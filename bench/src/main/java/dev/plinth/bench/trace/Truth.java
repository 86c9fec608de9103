package dev.plinth.bench.trace;

import dev.plinth.api.usage.Usage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the models really answered, by the id of the answer. */
final class Truth {

    private final Map<String, Usage> used = new ConcurrentHashMap<>();

    void answered(String id, Usage usage) {
        used.put(id, usage);
    }

    /** What the answer of this id used; none when there is no such answer. */
    Usage of(String id) {
        return used.getOrDefault(id, Usage.NONE);
    }
}
