package dev.plinth.api.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The clock and the only way to wait. Everything in Plinth that measures, waits or expires takes one, so that a test
 * can hand in a clock of its own.
 *
 * <p>Implementations are thread-safe.
 */
public interface TimeSource {

    /** The wall-clock time, for time stamps. */
    Instant now();

    /** Nanoseconds since an arbitrary, fixed origin; never goes back. Only differences have a meaning. */
    long nanos();

    /**
     * Waits.
     *
     * @param duration how long; zero or negative returns at once
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    void sleep(Duration duration) throws InterruptedException;

    /**
     * Waits for something that another thread brings about, such as the end of its work. Unless overridden the limit is
     * counted on the machine's clock.
     *
     * @param limit how long at most; zero or negative only looks
     * @return whether the latch is open
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    default boolean await(CountDownLatch latch, Duration limit) throws InterruptedException {
        return latch.await(Deadline.saturatedNanos(limit), TimeUnit.NANOSECONDS);
    }

    /** The machine's own clock. */
    static TimeSource system() {
        return SystemTimeSource.INSTANCE;
    }
}
