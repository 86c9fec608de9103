package dev.plinth.providers.limit;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.limit.Rate;
import dev.plinth.api.limit.RateStore;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Buckets in this process: for an application that runs once, or whose copies have a limit each.
 *
 * <p>Exact: counts in whole numbers, to the microsecond. A bucket that is full again is forgotten sooner or later, so
 * the memory is that of the names in use. Thread-safe.
 */
public final class InMemoryRateStore implements RateStore {

    private static final int SWEEP_FROM = 1_024;

    private final TimeSource time;
    private final ConcurrentMap<String, Bucket> buckets = new ConcurrentHashMap<>();
    private volatile int sweepAt = SWEEP_FROM;
    private volatile boolean closed;

    /** A store on the machine's clock. */
    public InMemoryRateStore() {
        this(TimeSource.system());
    }

    /** A store on this clock. */
    public InMemoryRateStore(TimeSource time) {
        this.time = Check.notNull(time, "time");
    }

    @Override
    public Duration take(String bucket, Rate rate, long amount) {
        Check.notNull(rate, "rate");
        Check.that(amount >= 1 && amount <= rate.amount(), "amount", amount, "1 to " + rate.amount());
        Duration[] wait = {Duration.ZERO};
        change(bucket, rate, now -> {
            wait[0] = now.waitFor(amount);
            return wait[0].isZero() ? now.plus(-amount) : now;
        });
        return wait[0];
    }

    @Override
    public void settle(String bucket, Rate rate, long amount) {
        Check.notNull(rate, "rate");
        change(bucket, rate, now -> now.plus(amount));
    }

    private void change(String name, Rate rate, UnaryOperator<Bucket> change) {
        Check.notNull(name, "bucket");
        if (closed) {
            throw new StoreException("store: closed (expected: open)");
        }
        buckets.compute(name, (key, before) -> change.apply(Bucket.at(time.nanos(), rate, before)));
        if (buckets.size() > sweepAt) {
            sweep();
        }
    }

    /** Buckets are values: one that was changed since it was looked at is another one, and stays. */
    private void sweep() {
        long nanos = time.nanos();
        buckets.values()
                .removeIf(bucket -> Bucket.at(nanos, bucket.rate, bucket).isFull());
        sweepAt = Math.max(SWEEP_FROM, 2 * buckets.size());
    }

    /** How many buckets it remembers. */
    int size() {
        return buckets.size();
    }

    @Override
    public void close() {
        closed = true;
        buckets.clear();
    }

    /**
     * What a bucket held at a moment.
     *
     * @param level what it holds times the microseconds of the rate's period, so that each microsecond adds the rate's
     *     amount: no fractions; negative when more was taken than there was
     */
    private record Bucket(Rate rate, long level, long atNanos) {

        static Bucket at(long nanos, Rate rate, @Nullable Bucket before) {
            if (before == null) {
                return new Bucket(rate, capacity(rate), nanos);
            }
            Bucket now = before.filled(nanos);
            return rate.equals(now.rate) ? now : now.under(rate);
        }

        private Bucket filled(long nanos) {
            long elapsed = Math.max(0, (nanos - atNanos) / 1000);
            long missing = capacity(rate) - level;
            if (elapsed > missing / rate.amount()) {
                return new Bucket(rate, capacity(rate), nanos);
            }
            return new Bucket(rate, level + elapsed * rate.amount(), atNanos + elapsed * 1000);
        }

        private Bucket under(Rate other) {
            long whole = Math.floorDiv(level, micros(rate));
            return new Bucket(other, 0, atNanos).plus(whole);
        }

        Duration waitFor(long amount) {
            long missing = amount * micros(rate) - level;
            if (missing <= 0) {
                return Duration.ZERO;
            }
            long wait = missing / rate.amount() + (missing % rate.amount() == 0 ? 0 : 1);
            return Duration.ofSeconds(wait / 1_000_000, wait % 1_000_000 * 1000);
        }

        Bucket plus(long amount) {
            long most = Long.MAX_VALUE / micros(rate);
            long units = Math.max(-most, Math.min(most, amount)) * micros(rate);
            // Written so that nothing overflows: the level is between the debt and the capacity before and after.
            long after = units >= 0
                    ? level + Math.min(units, capacity(rate) - level)
                    : level - Math.min(-units, level + debt(rate));
            return new Bucket(rate, after, atNanos);
        }

        boolean isFull() {
            return level == capacity(rate);
        }

        private static long capacity(Rate rate) {
            return rate.amount() * micros(rate);
        }

        /** The most that can be owed: what makes the distance to full fit in a long. */
        private static long debt(Rate rate) {
            return Long.MAX_VALUE - capacity(rate);
        }

        private static long micros(Rate rate) {
            return rate.period().toNanos() / 1000;
        }
    }
}
