package dev.plinth.api.limit;

import java.time.Duration;

/**
 * Keeps the buckets that calls are counted in: in this process, or shared by many through a database. A bucket begins
 * to exist, full, when its name is first used; one whose rate changes goes on under the new one with what it holds, as
 * far as that fits.
 *
 * <p>Thread-safe. Of callers who take at the same moment, in however many processes, just as many pass as the bucket
 * holds. Errors of the store are {@link dev.plinth.api.error.StoreException}s; calls do not pass unlimited then.
 */
public interface RateStore extends AutoCloseable {

    /**
     * Takes this many out of a bucket if it holds as many; else takes nothing.
     *
     * @param amount 1 up to the rate's own
     * @return zero when they were taken; else how long until the bucket will hold as many, if nobody else takes any
     */
    Duration take(String bucket, Rate rate, long amount);

    /**
     * Corrects what was taken, once the real number is known.
     *
     * @param amount positive: so many are put back, up to what the bucket can hold; negative: so many more are taken, even
     *     out of an empty bucket, which has to fill up for longer then
     */
    void settle(String bucket, Rate rate, long amount);

    /** Gives up what it holds. Closing twice does nothing. */
    @Override
    void close();
}
