package dev.plinth.providers.redis;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.limit.Rate;
import dev.plinth.api.limit.RateStore;
import dev.plinth.api.time.TimeSource;
import dev.plinth.providers.bucket4j.Bucket4jRateStore;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
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

    private final RateStore rates;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    private RedisRateStore(UnifiedJedis redis, TimeSource time, Runnable release) {
        this.rates = Bucket4jRateStore.over(new RedisProxyManager(redis, time), "redis");
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
        return rates.take(bucket, rate, amount);
    }

    @Override
    public void settle(String bucket, Rate rate, long amount) {
        rates.settle(bucket, rate, amount);
    }

    @Override
    public void close() {
        rates.close();
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }
}
