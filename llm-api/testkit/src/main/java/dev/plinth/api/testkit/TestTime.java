package dev.plinth.api.testkit;

import dev.plinth.api.check.Check;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A clock that a test turns.
 *
 * <pre>{@code
 * TestTime time = TestTime.manual();
 * Thread waiting = start(() -> client.callWithRetry(time));
 * time.awaitSleepers(1);
 * time.advance(Duration.ofSeconds(2));
 * }</pre>
 *
 * <p>It starts at {@link #START}. Its monotonic clock starts below zero and passes zero after half a minute, as a
 * machine's may, so code that takes a reading for more than one end of a difference fails.
 *
 * <p>Thread-safe.
 */
public final class TestTime implements TimeSource {
    /** What a new clock shows. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final long START_NANOS = Duration.ofSeconds(-30).toNanos();
    private static final Duration FOREVER = Duration.ofDays(36_500);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final int LOOK_AT_LATCH_MILLIS = 1; // nothing says when somebody else's latch opens

    private final Object lock = new Object();
    private final boolean autoAdvance;
    private final List<Sleeper> sleepers = new ArrayList<>();
    private final List<Duration> sleeps = new ArrayList<>();
    private Instant now = START;
    private long nanos = START_NANOS;

    private TestTime(boolean autoAdvance) {
        this.autoAdvance = autoAdvance;
    }

    /** A clock that stands still until the test advances it; who sleeps on it waits for that. */
    public static TestTime manual() {
        return new TestTime(false);
    }

    /** A clock that nobody waits on: whoever sleeps moves it forward by that much and goes on at once. */
    public static TestTime autoAdvancing() {
        return new TestTime(true);
    }

    @Override
    public Instant now() {
        synchronized (lock) {
            return now;
        }
    }

    @Override
    public long nanos() {
        synchronized (lock) {
            return nanos;
        }
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        if (duration.isZero() || duration.isNegative()) {
            return;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        synchronized (lock) {
            sleeps.add(duration);
            if (autoAdvance) {
                move(duration);
            } else {
                sleepUntil(new Sleeper(nanos + nanosOf(duration)));
            }
        }
    }

    /** On a clock that nobody waits on, what has not come about yet does not come about within any limit. */
    @Override
    public boolean await(CountDownLatch latch, Duration limit) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (latch.getCount() == 0 || limit.isZero() || limit.isNegative()) {
            return latch.getCount() == 0;
        }
        synchronized (lock) {
            if (autoAdvance) {
                sleeps.add(limit);
                move(limit);
            } else {
                awaitUntil(new Sleeper(nanos + nanosOf(limit)), latch);
            }
        }
        return latch.getCount() == 0;
    }

    private void awaitUntil(Sleeper sleeper, CountDownLatch latch) throws InterruptedException {
        sleepers.add(sleeper);
        lock.notifyAll();
        try {
            while (sleeper.sleeps && latch.getCount() > 0) {
                lock.wait(LOOK_AT_LATCH_MILLIS);
            }
        } finally {
            sleepers.remove(sleeper);
            lock.notifyAll();
        }
    }

    private void sleepUntil(Sleeper sleeper) throws InterruptedException {
        sleepers.add(sleeper);
        lock.notifyAll();
        try {
            while (sleeper.sleeps) {
                lock.wait();
            }
        } finally {
            sleepers.remove(sleeper);
            lock.notifyAll();
        }
    }

    /** Moves both clocks forward in one step and wakes all whose time has come. */
    public void advance(Duration duration) {
        Check.that(!duration.isNegative(), "duration", duration, ">= 0");
        synchronized (lock) {
            move(duration);
        }
    }

    /** Moves both clocks to the moment the next sleeper waits for, and wakes it. */
    public void advanceToNextSleeper() {
        synchronized (lock) {
            Optional<Sleeper> next = sleepers.stream().min(Comparator.comparingLong(sleeper -> sleeper.wake - nanos));
            Check.that(next.isPresent(), "sleepers", 0, "at least one");
            next.ifPresent(sleeper -> move(Duration.ofNanos(sleeper.wake - nanos)));
        }
    }

    /** Sets the wall clock alone, forward or back, as a machine's may be set. Nobody wakes. */
    public void setWallClock(Instant instant) {
        synchronized (lock) {
            now = Check.notNull(instant, "instant");
        }
    }

    /** How many threads sleep on this clock. */
    public int sleepers() {
        synchronized (lock) {
            return sleepers.size();
        }
    }

    /** Every sleep that was asked for, in order; zero and negative ones are not counted. */
    public List<Duration> sleeps() {
        synchronized (lock) {
            return List.copyOf(sleeps);
        }
    }

    /**
     * Waits until at least this many threads sleep on this clock.
     *
     * @throws AssertionError if that does not come about within half a minute of real time
     */
    public void awaitSleepers(int count) throws InterruptedException {
        long start = TimeSource.system().nanos();
        synchronized (lock) {
            while (sleepers.size() < count) {
                long left = PATIENCE_NANOS - (TimeSource.system().nanos() - start);
                if (left <= 0) {
                    throw new AssertionError("sleepers: " + sleepers.size() + " (expected: " + count + ")");
                }
                TimeUnit.NANOSECONDS.timedWait(lock, left);
            }
        }
    }

    private void move(Duration duration) {
        now = now.plus(duration);
        nanos += nanosOf(duration);
        for (Sleeper sleeper : List.copyOf(sleepers)) {
            if (sleeper.wake - nanos <= 0) {
                sleeper.sleeps = false;
                sleepers.remove(sleeper); // counted no longer, although its thread may still have to notice
            }
        }
        lock.notifyAll();
    }

    private static long nanosOf(Duration duration) {
        return (duration.compareTo(FOREVER) < 0 ? duration : FOREVER).toNanos();
    }

    @Override
    public String toString() {
        synchronized (lock) {
            return "TestTime[" + now + ", " + sleepers.size() + " sleepers]";
        }
    }

    private static final class Sleeper {
        private final long wake;
        private boolean sleeps = true;

        Sleeper(long wake) {
            this.wake = wake;
        }
    }
}
