package dev.plinth.evals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionTest {

    // Reference values, and the ends that follow from the formula: 0 of n gives z²/(n + z²) as its upper end.
    @ParameterizedTest
    @CsvSource({
        "18, 20, 0.698966, 0.972134",
        "95, 100, 0.888250, 0.978456",
        "450, 500, 0.870578, 0.923322",
        "20, 20, 0.838875, 1",
        "0, 20, 0, 0.161125",
        "0, 0, 0, 1",
    })
    void wilsonIntervals(int successes, int trials, double low, double high) {
        Proportion.Interval interval = new Proportion(successes, trials).wilson95();

        assertThat(interval.low()).isCloseTo(low, within(5e-7));
        assertThat(interval.high()).isCloseTo(high, within(5e-7));
    }

    @Property
    void theIntervalHoldsTheRateAndSolvesItsEquation(
            @ForAll @IntRange(max = 100_000) int successes, @ForAll @IntRange(min = 1, max = 100_000) int trials) {
        Assume.that(successes <= trials);
        Proportion proportion = new Proportion(successes, trials);
        double rate = proportion.rate().orElseThrow();
        Proportion.Interval interval = proportion.wilson95();

        assertThat(rate).isBetween(interval.low(), interval.high());
        // By its definition both ends are the shares at which the rate lies z standard errors away.
        for (double end : new double[] {interval.low(), interval.high()}) {
            double error = Math.sqrt(end * (1 - end) / trials);
            assertThat(Math.abs(rate - end)).isCloseTo(1.959963984540054 * error, within(1e-9));
        }
    }

    @Test
    void ofNothingThereIsNoRate() {
        assertThat(new Proportion(0, 0).rate()).isEmpty();
        assertThatThrownBy(() -> new Proportion(2, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("successes: 2 (expected: 0 to 1)");
    }
}
