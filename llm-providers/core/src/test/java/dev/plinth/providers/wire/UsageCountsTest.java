package dev.plinth.providers.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.usage.Usage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class UsageCountsTest {

    @Test
    void whatIsCountedApartIsAPartAfterwards() {
        UsageCounts counts = new UsageCounts();
        counts.cacheApart();
        counts.reasoningApart();
        counts.input(10);
        counts.cachedInput(4);
        counts.cacheWrite(3);
        counts.longCacheWrite(2);
        counts.output(5);
        counts.reasoning(2);
        Usage usage = counts.usage();
        assertThat(usage.input()).hasValue(17);
        assertThat(usage.longCacheWrite()).hasValue(2);
        assertThat(usage.output()).hasValue(7);
        assertThat(usage.reasoning()).hasValue(2);
    }

    @Property
    void anyNumbersAreUsage(@ForAll long input, @ForAll long cached, @ForAll long output, @ForAll long reasoning) {
        UsageCounts counts = new UsageCounts();
        counts.cacheApart();
        counts.reasoningApart();
        counts.input(input);
        counts.cachedInput(cached);
        counts.output(output);
        counts.reasoning(reasoning);
        Usage usage = counts.usage();
        assertThat(usage.total().orElse(0)).isNotNegative();
        assertThat(usage.input().isEmpty() && usage.output().isEmpty())
                .isEqualTo(usage.source() == Usage.Source.UNKNOWN);
    }
}
