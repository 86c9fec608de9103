package dev.plinth.api.time;

import java.time.Duration;
import java.time.Instant;

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

    /** The machine's own clock. */
    static TimeSource system() {
        return SystemTimeSource.INSTANCE;
    }
}
