package dev.plinth.api.time;

import dev.plinth.api.check.Check;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * A moment after which a call must not run on: one budget of time over retries, tools and fallbacks.
 *
 * <p>Immutable and thread-safe. It counts on the monotonic clock of its {@link TimeSource}, so a change of the wall
 * clock does not move it.
 */
public final class Deadline {

    private final TimeSource time;
    private final long atNanos;

    private Deadline(TimeSource time, long atNanos) {
        this.time = time;
        this.atNanos = atNanos;
    }

    /**
     * The deadline that is reached after this span of time, counted from now.
     *
     * @param span positive
     */
    public static Deadline after(Duration span, TimeSource time) {
        Check.positive(span, "span");
        Check.notNull(time, "time");
        return new Deadline(time, time.nanos() + saturatedNanos(span));
    }

    /** The deadline that is reached after this span of time on the machine's clock. */
    public static Deadline after(Duration span) {
        return after(span, TimeSource.system());
    }

    /** The time left; zero when the deadline has passed, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, atNanos - time.nanos()));
    }

    /** Whether no time is left. */
    public boolean expired() {
        return atNanos - time.nanos() <= 0;
    }

    /** The shorter of a limit and the time left. */
    public Duration cap(Duration limit) {
        Duration left = remaining();
        return limit.compareTo(left) < 0 ? limit : left;
    }

    /** Whichever of the two leaves less time. */
    public Deadline earlier(Deadline other) {
        return other.remaining().compareTo(remaining()) < 0 ? other : this;
    }

    /**
     * Waits for something that another thread brings about, until the deadline at most.
     *
     * @return whether the latch is open
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public boolean await(CountDownLatch latch) throws InterruptedException {
        return time.await(latch, remaining());
    }

    // A hundred years: far enough that the sum with any clock reading cannot wrap around.
    static long saturatedNanos(Duration span) {
        Duration most = Duration.ofDays(36_500);
        return (span.compareTo(most) < 0 ? span : most).toNanos();
    }

    @Override
    public String toString() {
        return "Deadline[in " + remaining() + "]";
    }
}
