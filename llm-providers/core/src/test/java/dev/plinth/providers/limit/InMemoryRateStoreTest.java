package dev.plinth.providers.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.limit.Rate;
import dev.plinth.api.testkit.TestTime;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class InMemoryRateStoreTest {

    /** Waits a while, then takes (positive) or settles (negative: by so many less one, up or down). */
    record Step(long micros, boolean takes, long amount) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Step> step = Combinators.combine(
                        Arbitraries.longs().between(0, 3_000_000),
                        Arbitraries.of(true, true, true, false),
                        Arbitraries.longs().between(-30, 30))
                .as(Step::new);
        return step.list().ofMaxSize(60);
    }

    /** Against fractions of any size: what is let through, what is refused, and how long it says to wait. */
    @Property(tries = 300)
    void countsAsExactFractionsDo(
            @ForAll @LongRange(min = 1, max = 50) long amount,
            @ForAll @LongRange(min = 1, max = 5_000_000) long periodMicros,
            @ForAll("steps") List<Step> steps) {
        TestTime time = TestTime.manual();
        InMemoryRateStore store = new InMemoryRateStore(time);
        Rate rate = new Rate(amount, Duration.ofNanos(periodMicros * 1000));
        BigDecimal perMicro = BigDecimal.valueOf(amount);
        BigDecimal full = BigDecimal.valueOf(amount).multiply(BigDecimal.valueOf(periodMicros));
        BigDecimal level = full; // in tokens times the microseconds of the period: still whole
        for (Step step : steps) {
            time.advance(Duration.ofNanos(step.micros * 1000));
            level = level.add(perMicro.multiply(BigDecimal.valueOf(step.micros)))
                    .min(full);
            if (step.takes) {
                long wanted = Math.floorMod(step.amount, amount) + 1;
                BigDecimal after =
                        level.subtract(BigDecimal.valueOf(wanted).multiply(BigDecimal.valueOf(periodMicros)));
                Duration wait = store.take("a", rate, wanted);
                if (after.signum() >= 0) {
                    assertThat(wait).isZero();
                    level = after;
                } else {
                    long micros = after.negate()
                            .divide(perMicro, 0, RoundingMode.CEILING)
                            .longValueExact();
                    assertThat(wait).isEqualTo(Duration.ofNanos(micros * 1000));
                }
            } else {
                store.settle("a", rate, step.amount);
                level = level.add(BigDecimal.valueOf(step.amount).multiply(BigDecimal.valueOf(periodMicros)))
                        .min(full);
            }
        }
    }

    /** In any window of time no more pass than the bucket holds and the window brings. */
    @Property(tries = 200)
    void neverMoreThanCapacityAndRefillInAnyWindow(@ForAll("steps") List<Step> steps) {
        TestTime time = TestTime.manual();
        InMemoryRateStore store = new InMemoryRateStore(time);
        Rate rate = new Rate(5, Duration.ofSeconds(2));
        long[] at = new long[steps.size()];
        long[] passed = new long[steps.size()];
        long now = 0;
        for (int i = 0; i < steps.size(); i++) {
            now += steps.get(i).micros;
            time.advance(Duration.ofNanos(steps.get(i).micros * 1000));
            at[i] = now;
            for (int tries = 0; tries < 7; tries++) {
                passed[i] += store.take("a", rate, 1).isZero() ? 1 : 0;
            }
        }
        for (int from = 0; from < at.length; from++) {
            long sum = 0;
            for (int to = from; to < at.length; to++) {
                sum += passed[to];
                assertThat(sum).isLessThanOrEqualTo(5 + 5 * (at[to] - at[from]) / 2_000_000);
            }
        }
    }

    @Test
    void extremesDoNotOverflow() {
        TestTime time = TestTime.manual();
        InMemoryRateStore store = new InMemoryRateStore(time);
        Rate most = new Rate(Long.MAX_VALUE / 60_000_000, Duration.ofMinutes(1));
        assertThat(store.take("a", most, most.amount())).isZero();
        store.settle("a", most, Long.MIN_VALUE);
        store.settle("a", most, Long.MIN_VALUE);
        assertThat(store.take("a", most, most.amount())).isPositive();
        store.settle("a", most, Long.MAX_VALUE);
        assertThat(store.take("a", most, 1)).isZero();
        time.advance(Duration.ofDays(30_000));
        assertThat(store.take("a", most, most.amount())).isZero();

        Rate slow = new Rate(1, Duration.ofDays(10_000));
        assertThat(store.take("b", slow, 1)).isZero();
        store.settle("b", slow, Long.MIN_VALUE);
        assertThat(store.take("b", slow, 1)).isGreaterThan(Duration.ofDays(10_000));
    }

    @Test
    void bucketsThatAreFullAgainAreForgotten() {
        TestTime time = TestTime.manual();
        InMemoryRateStore store = new InMemoryRateStore(time);
        Rate rate = Rate.perMinute(10);
        Rate longer = new Rate(10, Duration.ofDays(1));
        store.take("kept", longer, 10);
        for (int i = 0; i < 100_000; i++) {
            if (i % 1_000 == 0) {
                time.advance(Duration.ofMinutes(1));
            }
            store.take("bucket-" + i, rate, 10);
        }
        assertThat(store.size()).isLessThan(5_000);
        assertThat(store.take("kept", longer, 2)).isPositive();
    }
}
