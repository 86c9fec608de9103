package dev.plinth.evals;

import dev.plinth.api.check.Check;
import java.util.OptionalDouble;

/**
 * So many of so many.
 *
 * @param successes 0 to trials
 * @param trials independent ones; may be 0
 */
public record Proportion(int successes, int trials) {

    // The 97.5 % quantile of the normal distribution.
    private static final double Z_95 = 1.959963984540054;

    public Proportion {
        Check.that(trials >= 0, "trials", trials, ">= 0");
        Check.that(successes >= 0 && successes <= trials, "successes", successes, "0 to " + trials);
    }

    /** The share, 0 to 1; absent of nothing. */
    public OptionalDouble rate() {
        return trials == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) successes / trials);
    }

    /**
     * Where the true share lies with 95 % confidence: the interval of E. B. Wilson, "Probable inference, the law of
     * succession, and statistical inference", JASA 22, 1927, without correction for continuity. Of nothing it is 0 to 1.
     */
    public Interval wilson95() {
        if (trials == 0) {
            return new Interval(0, 1);
        }
        double rate = (double) successes / trials;
        double square = Z_95 * Z_95 / trials;
        double centre = (rate + square / 2) / (1 + square);
        double half = Z_95 / (1 + square) * Math.sqrt(rate * (1 - rate) / trials + square / (4 * trials));
        // Rounding must not move the ends that are known exactly.
        return new Interval(successes == 0 ? 0 : centre - half, successes == trials ? 1 : centre + half);
    }

    /**
     * A range of shares.
     *
     * @param low inclusive
     * @param high inclusive
     */
    public record Interval(double low, double high) {

        public Interval {
            Check.within(low, 0, 1, "low");
            Check.within(high, low, 1, "high");
        }
    }
}
