package dev.plinth.providers.route;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * How long the last calls took.
 *
 * <p>Thread-safe.
 */
final class LatencyWindow {

    private static final int SIZE = 128;

    private final long[] nanos = new long[SIZE];
    private int count;

    synchronized void add(Duration took) {
        nanos[count % SIZE] = took.toNanos();
        count = count == 2 * SIZE - 1 ? SIZE : count + 1; // goes round without an overflow
    }

    /**
     * The time within which this share of the last calls ended.
     *
     * @param least how many calls it takes to say so
     */
    synchronized Optional<Duration> percentile(double share, int least) {
        int known = Math.min(count, SIZE);
        if (known < Math.max(1, least)) {
            return Optional.empty();
        }
        long[] sorted = Arrays.copyOf(nanos, known);
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(share * known);
        return Optional.of(Duration.ofNanos(sorted[Math.max(0, rank - 1)]));
    }
}
