package dev.plinth.cache;

import dev.plinth.api.chat.ChatResponse;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens. Thread-safe. */
final class Counts {

    private final LongAdder hits = new LongAdder();
    private final LongAdder shared = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder bypassed = new LongAdder();
    private final LongAdder storeFailures = new LongAdder();
    private final LongAdder savedTokens = new LongAdder();

    void hit(ChatResponse kept) {
        hits.increment();
        saved(kept);
    }

    void shared(ChatResponse kept) {
        shared.increment();
        saved(kept);
    }

    void miss() {
        misses.increment();
    }

    void bypass() {
        bypassed.increment();
    }

    void storeFailure() {
        storeFailures.increment();
    }

    private void saved(ChatResponse kept) {
        kept.usage().total().ifPresent(savedTokens::add);
    }

    CacheStatistics statistics() {
        return new CacheStatistics(
                hits.sum(), shared.sum(), misses.sum(), bypassed.sum(), storeFailures.sum(), savedTokens.sum());
    }
}
