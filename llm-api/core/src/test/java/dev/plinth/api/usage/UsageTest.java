package dev.plinth.api.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class UsageTest {
    @Provide
    Arbitrary<Usage> usages() {
        Arbitrary<Long> count = Arbitraries.longs().between(-1, 1L << 40);
        return Combinators.combine(count, count, count, count, count, count, Arbitraries.of(Usage.Source.class))
                .as((input, cached, written, kept, output, reasoning, source) -> Usage.builder()
                        .input(input)
                        .cachedInput(cached)
                        .cacheWrite(written)
                        .longCacheWrite(kept)
                        .output(output)
                        .reasoning(reasoning)
                        .source(source)
                        .build());
    }

    @Property
    void plusIsCommutative(@ForAll("usages") Usage one, @ForAll("usages") Usage other) {
        assertThat(one.plus(other)).isEqualTo(other.plus(one)).hasSameHashCodeAs(other.plus(one));
    }

    @Property
    void plusIsAssociative(@ForAll("usages") Usage a, @ForAll("usages") Usage b, @ForAll("usages") Usage c) {
        assertThat(a.plus(b).plus(c)).isEqualTo(a.plus(b.plus(c)));
    }

    @Property
    void noneChangesNothing(@ForAll("usages") Usage usage) {
        assertThat(usage.plus(Usage.NONE)).isEqualTo(usage);
    }

    @Property
    void absentInOneIsAbsentInTheSum(@ForAll("usages") Usage one, @ForAll("usages") Usage other) {
        Usage sum = one.plus(other);
        assertThat(sum.input()).isEqualTo(sum(one.input(), other.input()));
        assertThat(sum.cachedInput()).isEqualTo(sum(one.cachedInput(), other.cachedInput()));
        assertThat(sum.cacheWrite()).isEqualTo(sum(one.cacheWrite(), other.cacheWrite()));
        assertThat(sum.longCacheWrite()).isEqualTo(sum(one.longCacheWrite(), other.longCacheWrite()));
        assertThat(sum.output()).isEqualTo(sum(one.output(), other.output()));
        assertThat(sum.reasoning()).isEqualTo(sum(one.reasoning(), other.reasoning()));
        assertThat(sum.total()).isEqualTo(sum(sum.input(), sum.output()));
        assertThat(sum.source()).isIn(one.source(), other.source());
    }

    private static OptionalLong sum(OptionalLong one, OptionalLong other) {
        return one.isPresent() && other.isPresent()
                ? OptionalLong.of(one.getAsLong() + other.getAsLong())
                : OptionalLong.empty();
    }

    @Test
    void unknownIsNotZero() {
        assertThat(Usage.UNKNOWN).isNotEqualTo(Usage.NONE);
        assertThat(Usage.UNKNOWN.input()).isEmpty();
        assertThat(Usage.UNKNOWN.total()).isEmpty();
        assertThat(Usage.NONE.total()).hasValue(0);
        assertThat(Usage.of(1, 2).reasoning()).isEmpty();
        assertThat(Usage.of(1, 2).plus(Usage.UNKNOWN)).isEqualTo(Usage.UNKNOWN);
        assertThat(Usage.UNKNOWN)
                .hasToString("Usage[input=?, cachedInput=?, cacheWrite=?, longCacheWrite=?, output=?, reasoning=?,"
                        + " UNKNOWN]");
        assertThat(Usage.builder().build()).isNotEqualTo(Usage.UNKNOWN);
    }

    @Test
    void lessTrustedSourceWins() {
        Usage reported = Usage.of(1, 1);
        Usage estimated = Usage.builder()
                .input(1)
                .output(1)
                .source(Usage.Source.ESTIMATED)
                .build();
        assertThat(reported.plus(estimated).source()).isEqualTo(Usage.Source.ESTIMATED);
        assertThat(estimated.plus(Usage.UNKNOWN).source()).isEqualTo(Usage.Source.UNKNOWN);
        assertThat(List.of(Usage.Source.values()))
                .containsExactly(Usage.Source.REPORTED, Usage.Source.ESTIMATED, Usage.Source.UNKNOWN);
    }

    @Test
    void refusesNegativeCountsAndOverflow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Usage.of(-2, 0))
                .withMessage("input: -2 (expected: >= 0, or -1 for absent)");
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> Usage.of(Long.MAX_VALUE, 0).plus(Usage.of(1, 0)));
    }
}
