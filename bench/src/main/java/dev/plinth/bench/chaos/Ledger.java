package dev.plinth.bench.chaos;

import dev.plinth.api.usage.Usage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the servers served: the usage of every answer that states one. Each has an input of its own, so that a client's count
 * of it is found again. Thread-safe.
 */
final class Ledger {

    private static final long FIRST_INPUT = 1000;

    private final AtomicLong answers = new AtomicLong();
    private final Map<Long, Long> outputs = new ConcurrentHashMap<>();

    /** The usage of one more answer, which nobody has been given yet. */
    Usage next() {
        long number = answers.getAndIncrement();
        return Usage.of(FIRST_INPUT + number, 3 + number % 11);
    }

    /** An answer with this usage is being sent, to its end as far as the server can tell. */
    void served(Usage usage) {
        outputs.put(usage.input().orElseThrow(), usage.output().orElseThrow());
    }

    /** Whether this usage was served, and not counted before. */
    boolean count(Usage usage) {
        return outputs.remove(usage.input().orElseThrow(), usage.output().orElseThrow());
    }

    /** How many answers were sent that nobody has counted. */
    int uncounted() {
        return outputs.size();
    }
}
