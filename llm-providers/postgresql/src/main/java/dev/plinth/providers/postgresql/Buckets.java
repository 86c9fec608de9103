package dev.plinth.providers.postgresql;

import dev.plinth.api.check.Check;
import dev.plinth.api.limit.Rate;
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

/** Bucket4j's buckets, as the contract of rate stores wants them. */
final class Buckets {

    /** A bucket that nobody has used for this long since it was full again is forgotten. */
    static final Duration KEPT_FULL = Duration.ofMinutes(10);

    private static final int KNOWN = 10_000;
    private static final long MOST_OWED = 1L << 50; // far from where a product with nanoseconds would overflow

    private final ProxyManager<String> manager;
    private final ConcurrentMap<String, Rate> known = new ConcurrentHashMap<>();

    Buckets(ProxyManager<String> manager) {
        this.manager = manager;
    }

    static void check(String bucket, Rate rate) {
        Check.notNull(bucket, "bucket");
        long nanos = Check.notNull(rate, "rate").period().toNanos();
        Check.that(rate.amount() <= nanos, "rate", rate, "at most one in a nanosecond");
    }

    Duration take(String name, Rate rate, long amount) {
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

    void settle(String name, Rate rate, long amount) {
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

    /** The wall clock, since processes have no other in common. */
    static TimeMeter clock(TimeSource time) {
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
