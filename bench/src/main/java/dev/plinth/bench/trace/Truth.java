package dev.plinth.bench.trace;

import dev.plinth.api.usage.Usage;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the models really answered, by the id of the answer. */
final class Truth {

    private final Map<String, Usage> used = new ConcurrentHashMap<>();

    void answered(String id, Usage usage) {
        used.put(id, usage);
    }

    /** What the answers together used that have none of these ids. */
    Usage beside(Set<String> ids) {
        return used.entrySet().stream()
                .filter(answer -> !ids.contains(answer.getKey()))
                .map(Map.Entry::getValue)
                .reduce(Usage.NONE, Usage::plus);
    }

    /** What the answer of this id used; none when there is no such answer. */
    Usage of(String id) {
        return used.getOrDefault(id, Usage.NONE);
    }
}
