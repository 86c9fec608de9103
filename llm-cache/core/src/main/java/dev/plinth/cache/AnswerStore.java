package dev.plinth.cache;

import dev.plinth.api.cache.CacheKey;
import dev.plinth.api.cache.ResponseCache;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The store as the layer uses it: takes only what may be given again, and never fails. */
final class AnswerStore {

    private final ResponseCache cache;
    private final Duration ttl;

    AnswerStore(ResponseCache cache, Duration ttl) {
        this.cache = cache;
        this.ttl = ttl;
    }

    Optional<ChatResponse> get(CacheKey key, Lookup lookup) {
        try {
            return cache.get(key);
        } catch (RuntimeException failure) {
            lookup.storeFailed();
            return Optional.empty();
        }
    }

    /** Keeps the answer, and returns it, if it may be given again. */
    Optional<ChatResponse> keep(CacheKey key, ChatResponse response, Lookup lookup) {
        if (!isLasting(response)) {
            return Optional.empty();
        }
        try {
            cache.put(key, response, ttl);
        } catch (RuntimeException failure) {
            lookup.storeFailed();
        }
        return Optional.of(response);
    }

    private static boolean isLasting(ChatResponse response) {
        return response.finishReason() == FinishReason.STOP
                && response.toolCalls().isEmpty()
                && !response.message().parts().isEmpty()
                && !response.cached()
                && !response.degraded();
    }

    /** The kept answer as one that was not asked for again. */
    static ChatResponse again(ChatResponse kept) {
        Cost nothing = kept.cost()
                .map(cost -> new Cost(BigDecimal.ZERO, cost.currency(), cost.priceDate()))
                .orElse(null);
        return kept.toBuilder()
                .cached(true)
                .usage(Usage.NONE)
                .cost(nothing)
                .attempts(List.of())
                .build();
    }
}
