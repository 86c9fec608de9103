package dev.plinth.providers.redis;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.limit.Rate;
import dev.plinth.api.limit.RateStore;
import dev.plinth.api.time.TimeSource;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

/**
 * Buckets that many processes share through Redis, or a server that speaks its protocol and runs its scripts.
 *
 * <pre>{@code
 * try (RateStore store = RedisRateStore.at(URI.create("redis://limits.example.org:6379"))) {
 *     RateLimits limits = RateLimits.builder().each(limit).store(store).build();
 * }
 * }</pre>
 *
 * <p>Each bucket is one key, {@code plinth:rate:} and its name, which expires some time after the bucket is full again.
 * Taking is a read and a conditional write, again when another process was faster. Processes count on their own wall
 * clocks: what these differ by is the error. A rate can be at most one in a nanosecond.
 *
 * <p>Thread-safe. What Redis refuses, and that it is not there, is a {@link StoreException} with Jedis' exception as its
 * cause.
 */
public final class RedisRateStore implements RateStore {

    private final Buckets buckets;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    private RedisRateStore(UnifiedJedis redis, TimeSource time, Runnable release) {
        this.buckets = new Buckets(new RedisProxyManager(redis, time));
        this.release = release;
    }

    /**
     * A store at this address, with a pool of connections of its own. Connects when it is first used.
     *
     * @param server such as {@code redis://host:6379}, {@code rediss://} for TLS
     */
    public static RedisRateStore at(URI server) {
        RedisClient client = RedisClient.create(Check.notNull(server, "server"));
        return new RedisRateStore(client, TimeSource.system(), client::close);
    }

    /** A store over a client of the caller's, who closes it: of one server, of a cluster or behind sentinels. */
    public static RedisRateStore over(UnifiedJedis client) {
        return over(client, TimeSource.system());
    }

    /** A store over a client of the caller's that counts on this clock. */
    public static RedisRateStore over(UnifiedJedis client, TimeSource time) {
        return new RedisRateStore(Check.notNull(client, "client"), Check.notNull(time, "time"), () -> {});
    }

    @Override
    public Duration take(String bucket, Rate rate, long amount) {
        Buckets.check(bucket, rate);
        Check.that(amount >= 1 && amount <= rate.amount(), "amount", amount, "1 to " + rate.amount());
        return run(() -> buckets.take(bucket, rate, amount));
    }

    @Override
    public void settle(String bucket, Rate rate, long amount) {
        Buckets.check(bucket, rate);
        run(() -> {
            buckets.settle(bucket, rate, amount);
            return true;
        });
    }

    private <T> T run(Supplier<T> work) {
        if (closed.get()) {
            throw new StoreException("store: closed (expected: open)");
        }
        try {
            return work.get();
        } catch (RuntimeException failure) {
            if (failure.getCause() instanceof InterruptedException) { // while it waited for a connection of the pool
                Thread.currentThread().interrupt();
                throw new CancelledException("redis: interrupted (expected: an answer)", ErrorDetails.NONE, failure);
            }
            throw new StoreException(
                    "redis: " + failure.getClass().getSimpleName() + " (expected: an answer)",
                    ErrorDetails.NONE,
                    failure);
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }
}
