package dev.plinth.cache;

import dev.plinth.api.cache.CacheKey;
import dev.plinth.api.cache.ResponseCache;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.error.StoreException;
import java.time.Duration;
import java.util.Optional;

/** A store that always fails. */
final class BrokenCache implements ResponseCache {
    @Override
    public Optional<ChatResponse> get(CacheKey key) {
        throw new StoreException("store: gone (expected: there)");
    }

    @Override
    public void put(CacheKey key, ChatResponse response, Duration ttl) {
        throw new IllegalStateException("gone");
    }

    @Override
    public void invalidate(CacheKey key) {
        throw new StoreException("store: gone (expected: there)");
    }

    @Override
    public void close() {
        // holds nothing
    }
}
