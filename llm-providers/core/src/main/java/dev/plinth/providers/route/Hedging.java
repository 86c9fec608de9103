package dev.plinth.providers.route;

import dev.plinth.api.check.Check;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * When to ask a second deployment although the first may still answer: against the few calls that take far longer than the
 * others. The first answer wins, for streams the first content; the other call is cancelled, and what it used is counted
 * as an estimate. With one deployment, the second call goes there, too.
 *
 * <p>Defaults: after the time within which 95 of 100 of the last calls answered, known from 20 calls on, and 50 ms at
 * least; for at most a twentieth of the calls, with 10 in reserve.
 *
 * <p>Immutable and thread-safe.
 */
public final class Hedging {

    private static final int LEAST_CALLS = 20;

    final Executor executor;
    final double share;
    final int reserve;
    private final double percentile;
    private final Duration atLeast;
    private final boolean fixed;

    private Hedging(Executor executor, double percentile, Duration atLeast, boolean fixed, double share, int reserve) {
        this.executor = Check.notNull(executor, "executor");
        this.percentile = percentile;
        this.atLeast = Check.positive(atLeast, "wait");
        this.fixed = fixed;
        this.share = Check.within(share, 0, 1, "share");
        Check.that(reserve >= 0, "reserve", reserve, ">= 0");
        this.reserve = reserve;
    }

    /**
     * The defaults.
     *
     * @param executor runs the calls of which there may be two, so that the caller's thread can wait for either, which must
     *     not be one of its own; it stays the caller's to close. When it takes no more, a call runs on the caller's
     *     thread and is not hedged
     */
    public static Hedging on(Executor executor) {
        return new Hedging(executor, 0.95, Duration.ofMillis(50), false, 0.05, 10);
    }

    /** After the time within which this share of the last calls answered; above 0, below 1. */
    public Hedging after(double percentile) {
        Check.that(percentile > 0 && percentile < 1, "percentile", percentile, "above 0, below 1");
        return new Hedging(executor, percentile, atLeast, false, share, reserve);
    }

    /** Always after this time, whatever the last calls took. */
    public Hedging after(Duration wait) {
        return new Hedging(executor, percentile, wait, true, share, reserve);
    }

    /** Never sooner than after this time. */
    public Hedging atLeast(Duration wait) {
        return new Hedging(executor, percentile, wait, fixed, share, reserve);
    }

    /** For at most this share of the calls over time, and this many at once. */
    public Hedging budget(double share, int reserve) {
        return new Hedging(executor, percentile, atLeast, fixed, share, reserve);
    }

    /** How long to wait for the first answer; empty while too few calls are known. */
    Optional<Duration> wait(LatencyWindow latencies) {
        return fixed
                ? Optional.of(atLeast)
                : latencies
                        .percentile(percentile, LEAST_CALLS)
                        .map(usual -> usual.compareTo(atLeast) > 0 ? usual : atLeast);
    }
}
