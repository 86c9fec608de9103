package dev.plinth.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.plinth.api.cache.CacheKey;
import dev.plinth.api.cache.ResponseCache;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.check.Check;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps answers in the memory of this process, at most so many or so much; what is used often stays longest.
 *
 * <p>Thread-safe; it has no threads of its own. After {@link #close()} every call is a {@link StoreException}.
 */
public final class CaffeineResponseCache implements ResponseCache {

    private record Entry(ChatResponse response, long ttlNanos) {}

    private final Cache<CacheKey, Entry> entries;
    private volatile boolean closed;

    private CaffeineResponseCache(Caffeine<Object, Object> bounded, TimeSource time) {
        this.entries = bounded.ticker(Check.notNull(time, "time")::nanos)
                .executor(Runnable::run)
                .expireAfter(new EntryExpiry())
                .build();
    }

    /** A cache of at most so many answers. */
    public static CaffeineResponseCache ofEntries(long entries) {
        return ofEntries(entries, TimeSource.system());
    }

    /** A cache of at most so many answers, which expire by this clock. */
    public static CaffeineResponseCache ofEntries(long entries, TimeSource time) {
        Check.positive(entries, "entries");
        return new CaffeineResponseCache(Caffeine.newBuilder().maximumSize(entries), time);
    }

    /** A cache that takes about so many bytes of memory. */
    public static CaffeineResponseCache ofBytes(long bytes) {
        return ofBytes(bytes, TimeSource.system());
    }

    /** A cache that takes about so many bytes of memory, and whose answers expire by this clock. */
    public static CaffeineResponseCache ofBytes(long bytes, TimeSource time) {
        Check.positive(bytes, "bytes");
        Caffeine<Object, Object> bounded = Caffeine.newBuilder()
                .maximumWeight(bytes)
                .weigher((key, entry) -> ResponseSize.bytes(((Entry) entry).response()));
        return new CaffeineResponseCache(bounded, time);
    }

    @Override
    public Optional<ChatResponse> get(CacheKey key) {
        Entry entry = open().getIfPresent(Check.notNull(key, "key"));
        return entry == null ? Optional.empty() : Optional.of(entry.response());
    }

    @Override
    public void put(CacheKey key, ChatResponse response, Duration ttl) {
        Check.notNull(key, "key");
        Check.notNull(response, "response");
        open().put(key, new Entry(response, saturatedNanos(Check.positive(ttl, "ttl"))));
    }

    @Override
    public void invalidate(CacheKey key) {
        open().invalidate(Check.notNull(key, "key"));
    }

    @Override
    public void close() {
        closed = true;
        entries.invalidateAll();
    }

    private Cache<CacheKey, Entry> open() {
        if (closed) {
            throw new StoreException("cache: closed (expected: open)");
        }
        return entries;
    }

    private static long saturatedNanos(Duration ttl) {
        try {
            return ttl.toNanos();
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
    }

    /** Each entry has its own time, from when it was put, however often it is read. */
    private static final class EntryExpiry implements Expiry<Object, Object> {
        @Override
        public long expireAfterCreate(Object key, Object entry, long now) {
            return ((Entry) entry).ttlNanos();
        }

        @Override
        public long expireAfterUpdate(Object key, Object entry, long now, long remaining) {
            return ((Entry) entry).ttlNanos();
        }

        @Override
        public long expireAfterRead(Object key, Object entry, long now, long remaining) {
            return remaining;
        }
    }
}
