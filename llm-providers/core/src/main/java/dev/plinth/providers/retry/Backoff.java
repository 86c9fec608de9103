package dev.plinth.providers.retry;

import dev.plinth.api.check.Check;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait where the provider does not say: a random span from zero to a limit that doubles with each attempt.
 * Spreading over the whole span ("full jitter") keeps callers that failed together from coming back together.
 *
 * @param first the limit before the second attempt
 * @param most the limit that is never passed
 */
record Backoff(Duration first, Duration most) {

    private static final int MOST_DOUBLINGS = 62;

    Backoff {
        Check.positive(first, "first");
        Check.that(most.compareTo(first) >= 0, "most", most, ">= " + first);
    }

    /**
     * The wait before another attempt, zero up to {@link #most}.
     *
     * @param made how many attempts were made, at least 1
     */
    Duration after(int made, RandomGenerator random) {
        double limit = Math.min(seconds(most), seconds(first) * Math.pow(2, Math.min(made - 1, MOST_DOUBLINGS)));
        Duration wait = Duration.ofNanos((long) (random.nextDouble() * limit * 1e9));
        return wait.compareTo(most) < 0 ? wait : most;
    }

    private static double seconds(Duration span) {
        return span.getSeconds() + span.getNano() / 1e9;
    }
}
