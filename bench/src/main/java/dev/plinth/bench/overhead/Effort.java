package dev.plinth.bench.overhead;

import dev.plinth.api.check.Check;
import java.time.Duration;

/**
 * How much is done for one measurement.
 *
 * @param forked whether it has a JVM of its own; without one the figures mean nothing, but come fast
 * @param iterations how often it is measured
 * @param iteration for how long each time
 * @param threads how many make calls at a time, except where a latency is taken
 */
public record Effort(boolean forked, int iterations, Duration iteration, int threads) {
    public Effort {
        Check.positive(iterations, "iterations");
        Check.positive(iteration, "iteration");
        Check.positive(threads, "threads");
    }
}
