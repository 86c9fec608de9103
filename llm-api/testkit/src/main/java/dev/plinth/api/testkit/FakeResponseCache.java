package dev.plinth.api.testkit;

import dev.plinth.api.cache.CacheKey;
import dev.plinth.api.cache.ResponseCache;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.check.Check;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A response cache in memory that keeps everything until it expires, on the wall clock of its {@link TimeSource}.
 *
 * <p>Thread-safe. After {@link #close()} it refuses everything but closing.
 */
public final class FakeResponseCache implements ResponseCache {
    private final TimeSource time;
    private final Object lock = new Object();
    private final Map<CacheKey, Entry> entries = new HashMap<>();
    private boolean closed;

    private record Entry(ChatResponse response, Instant expires) {}

    private FakeResponseCache(TimeSource time) {
        this.time = time;
    }

    /** An empty cache. */
    public static FakeResponseCache create(TimeSource time) {
        return new FakeResponseCache(Check.notNull(time, "time"));
    }

    @Override
    public Optional<ChatResponse> get(CacheKey key) {
        Check.notNull(key, "key");
        synchronized (lock) {
            requireOpen();
            Entry entry = entries.get(key);
            if (entry == null) {
                return Optional.empty();
            }
            if (!time.now().isBefore(entry.expires)) {
                entries.remove(key);
                return Optional.empty();
            }
            return Optional.of(entry.response);
        }
    }

    @Override
    public void put(CacheKey key, ChatResponse response, Duration ttl) {
        Check.notNull(key, "key");
        Check.notNull(response, "response");
        Check.positive(ttl, "ttl");
        synchronized (lock) {
            requireOpen();
            entries.put(key, new Entry(response, time.now().plus(ttl)));
        }
    }

    @Override
    public void invalidate(CacheKey key) {
        Check.notNull(key, "key");
        synchronized (lock) {
            requireOpen();
            entries.remove(key);
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
            throw new StoreException("cache: closed (expected: open)");
        }
    }
}
