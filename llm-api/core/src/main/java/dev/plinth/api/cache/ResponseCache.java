package dev.plinth.api.cache;

import dev.plinth.api.chat.ChatResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps answers for a while.
 *
 * <p>Thread-safe. What the store cannot do is a {@link dev.plinth.api.error.StoreException}; the layer above decides
 * whether to answer without it.
 */
public interface ResponseCache extends AutoCloseable {

    /** The answer kept under this key, if it has not expired. */
    Optional<ChatResponse> get(CacheKey key);

    /**
     * Keeps an answer.
     *
     * @param ttl for how long at most; positive. The cache may drop it sooner
     */
    void put(CacheKey key, ChatResponse response, Duration ttl);

    /** Drops the answer kept under this key, if there is one. */
    void invalidate(CacheKey key);

    /** Releases what it holds. Closing twice does nothing. */
    @Override
    void close();
}
