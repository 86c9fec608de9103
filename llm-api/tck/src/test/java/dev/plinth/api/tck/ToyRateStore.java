package dev.plinth.api.tck;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.limit.Rate;
import dev.plinth.api.limit.RateStore;
import dev.plinth.api.time.TimeSource;
import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The plainest store that keeps the contract: fractions of what a bucket holds, in numbers of any size. */
class ToyRateStore implements RateStore {

    /** What one bucket holds, times the nanoseconds of its period. */
    private static final class Bucket {
        private Rate rate;
        private BigInteger level;
        private long at;
    }

    /** What several stores share. */
    static final class Storage {
        private final Map<String, Bucket> buckets = new HashMap<>();
    }

    private final Storage storage;
    private final TimeSource time;
    private boolean closed;

    ToyRateStore(TimeSource time, Storage storage) {
        this.time = time;
        this.storage = storage;
    }

    @Override
    public Duration take(String name, Rate rate, long amount) {
        Check.that(amount >= 1 && amount <= rate.amount(), "amount", amount, "1 to " + rate.amount());
        synchronized (storage) {
            Bucket bucket = bucket(name, rate);
            BigInteger after = bucket.level.subtract(units(rate, amount));
            if (after.signum() >= 0) {
                bucket.level = after;
                return Duration.ZERO;
            }
            BigInteger[] wait = after.negate().divideAndRemainder(BigInteger.valueOf(rate.amount()));
            return Duration.ofNanos(wait[0].longValue() + wait[1].signum());
        }
    }

    @Override
    public void settle(String name, Rate rate, long amount) {
        synchronized (storage) {
            Bucket bucket = bucket(name, rate);
            bucket.level = bucket.level.add(units(rate, amount)).min(units(rate, rate.amount()));
        }
    }

    private Bucket bucket(String name, Rate rate) {
        if (closed) {
            throw new StoreException("store: closed (expected: open)");
        }
        long now = time.nanos();
        Bucket bucket = storage.buckets.get(name);
        if (bucket == null) {
            bucket = new Bucket();
            bucket.level = units(rate, rate.amount());
            storage.buckets.put(name, bucket);
        } else {
            BigInteger grown = BigInteger.valueOf(now - bucket.at).multiply(BigInteger.valueOf(bucket.rate.amount()));
            BigInteger level = bucket.level.add(grown).min(units(bucket.rate, bucket.rate.amount()));
            bucket.level =
                    level.multiply(units(rate, 1)).divide(units(bucket.rate, 1)).min(units(rate, rate.amount()));
        }
        bucket.rate = rate;
        bucket.at = now;
        return bucket;
    }

    private static BigInteger units(Rate rate, long amount) {
        return BigInteger.valueOf(amount)
                .multiply(BigInteger.valueOf(rate.period().toNanos()));
    }

    @Override
    public void close() {
        synchronized (storage) {
            closed = true;
        }
    }
}
