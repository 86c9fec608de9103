package dev.plinth.providers.bucket4j;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.limit.Rate;
import dev.plinth.api.limit.RateStore;
import dev.plinth.api.time.TimeSource;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.distributed.BucketProxy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Buckets wherever Bucket4j can keep them. For Redis and PostgreSQL take {@code llm-providers-redis} and {@code
 * llm-providers-postgresql}, which stand on this.
 *
 * <pre>{@code
 * RateStore store = Bucket4jRateStore.over(proxyManager, "hazelcast");
 * }</pre>
 *
 * <p>Processes count on their own wall clocks, if the proxy manager was given {@link #clock}: what these differ by is the
 * error. A rate can be at most one in a nanosecond.
 *
 * <p>Thread-safe. Whatever the proxy manager throws is the cause of a {@link StoreException}. It does not close what it is
 * given.
 */
public final class Bucket4jRateStore implements RateStore {

    /** A bucket that nobody has used for this long since it was full again may be forgotten. */
    public static final Duration KEPT_FULL = Duration.ofMinutes(10);

    private static final int KNOWN = 10_000;
    private static final long MOST_OWED = 1L << 50; // far from where a product with nanoseconds would overflow

    private final ProxyManager<String> manager;
    private final String backend;
    private final ConcurrentMap<String, Rate> known = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private Bucket4jRateStore(ProxyManager<String> manager, String backend) {
        this.manager = Check.notNull(manager, "manager");
        this.backend = Check.notBlank(backend, "backend");
    }

    /**
     * A store over this proxy manager.
     *
     * @param backend what keeps the buckets, for errors, such as {@code redis}
     */
    public static Bucket4jRateStore over(ProxyManager<String> manager, String backend) {
        return new Bucket4jRateStore(manager, backend);
    }

    @Override
    public Duration take(String bucket, Rate rate, long amount) {
        check(bucket, rate);
        Check.that(amount >= 1 && amount <= rate.amount(), "amount", amount, "1 to " + rate.amount());
        return run(() -> takeFrom(bucket, rate, amount));
    }

    @Override
    public void settle(String bucket, Rate rate, long amount) {
        check(bucket, rate);
        run(() -> {
            settleIn(bucket, rate, amount);
            return true;
        });
    }

    private static void check(String bucket, Rate rate) {
        Check.notNull(bucket, "bucket");
        long nanos = Check.notNull(rate, "rate").period().toNanos();
        Check.that(rate.amount() <= nanos, "rate", rate, "at most one in a nanosecond");
    }

    private <T> T run(Supplier<T> work) {
        if (closed) {
            throw new StoreException("store: closed (expected: open)");
        }
        try {
            return work.get();
        } catch (StoreException failure) {
            throw failure;
        } catch (RuntimeException failure) {
            if (failure.getCause() instanceof InterruptedException) { // while it waited for a connection of a pool
                Thread.currentThread().interrupt();
                throw new CancelledException(
                        backend + ": interrupted (expected: an answer)", ErrorDetails.NONE, failure);
            }
            throw new StoreException(
                    backend + ": " + failure.getClass().getSimpleName() + " (expected: an answer)",
                    ErrorDetails.NONE,
                    failure);
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    private Duration takeFrom(String name, Rate rate, long amount) {
        ConsumptionProbe probe = bucket(name, rate).tryConsumeAndReturnRemaining(amount);
        if (probe.isConsumed()) {
            return Duration.ZERO;
        }
        if (probe.getNanosToWaitForRefill() == Long.MAX_VALUE) { // somebody else has made the bucket smaller
            known.remove(name);
            return rate.period();
        }
        return Duration.ofNanos(probe.getNanosToWaitForRefill() + 1); // it rounds down
    }

    private void settleIn(String name, Rate rate, long amount) {
        BucketProxy bucket = bucket(name, rate);
        if (amount > 0) {
            bucket.addTokens(Math.min(amount, MOST_OWED));
        } else if (amount < 0) {
            bucket.consumeIgnoringRateLimits(Math.min(-Math.max(amount, -Long.MAX_VALUE), MOST_OWED));
        }
    }

    /** The bucket under this rate, to which it is changed when it is first used here under another one. */
    private BucketProxy bucket(String name, Rate rate) {
        BucketConfiguration configuration = BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(rate.amount()).refillGreedy(rate.amount(), rate.period()))
                .build();
        BucketProxy bucket = manager.builder().build(name, () -> configuration);
        if (!rate.equals(known.get(name))) {
            if (manager.getProxyConfiguration(name)
                    .filter(before -> !before.equals(configuration))
                    .isPresent()) {
                bucket.replaceConfiguration(configuration, TokensInheritanceStrategy.AS_IS);
            }
            if (known.size() >= KNOWN) {
                known.clear();
            }
            known.put(name, rate);
        }
        return bucket;
    }

    /** The wall clock for a proxy manager, since processes have no other in common. */
    public static TimeMeter clock(TimeSource time) {
        return new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                Instant now = time.now();
                return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
            }

            @Override
            public boolean isWallClockBased() {
                return true;
            }
        };
    }
}
