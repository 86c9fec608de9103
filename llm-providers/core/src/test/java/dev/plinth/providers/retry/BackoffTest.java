package dev.plinth.providers.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.DoubleSummaryStatistics;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class BackoffTest {

    /** Zero up to the cap, for every input: any span, any number of attempts, any random number, even the last below 1. */
    @Property(tries = 2000)
    void staysBetweenZeroAndTheCap(
            @ForAll("backoffs") Backoff backoff, @ForAll @IntRange(min = 1) int made, @ForAll long bits) {
        Duration wait = backoff.after(made, () -> bits);
        assertThat(wait).isBetween(Duration.ZERO, backoff.most());
    }

    @Property
    void staysBelowTheLimitOfTheAttempt(@ForAll @IntRange(min = 1, max = 20) int made, @ForAll long seed) {
        Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofDays(10));
        Duration limit = Duration.ofMillis(500L << (made - 1));
        assertThat(backoff.after(made, new Random(seed))).isLessThanOrEqualTo(limit);
    }

    /** Full jitter: the waits reach from next to nothing to next to all. */
    @Example
    void spreadsOverTheWholeSpan() {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(8));
        RandomGenerator random = new Random(1);
        DoubleSummaryStatistics seconds = IntStream.range(0, 10_000)
                .mapToDouble(each -> backoff.after(3, random).toNanos() / 1e9)
                .summaryStatistics();
        assertThat(seconds.getMin()).isBetween(0.0, 0.01);
        assertThat(seconds.getAverage()).isBetween(1.95, 2.05);
        assertThat(seconds.getMax()).isBetween(3.99, 4.0);
    }

    @Example
    void refusesLimitsThatAreNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .withMessage("most: PT1S (expected: >= PT2S)");
    }

    @Provide
    Arbitrary<Backoff> backoffs() {
        Arbitrary<Long> nanos = Arbitraries.longs().between(1, Long.MAX_VALUE);
        return Combinators.combine(nanos, nanos)
                .as((one, other) ->
                        new Backoff(Duration.ofNanos(Math.min(one, other)), Duration.ofNanos(Math.max(one, other))));
    }
}
