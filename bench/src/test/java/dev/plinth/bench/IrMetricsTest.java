package dev.plinth.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IrMetricsTest {
    private static final Map<String, Integer> RELEVANT = Map.of("a", 3, "b", 2, "c", 0);

    @Test
    void ndcgHasLinearGainAndTheBestRankingBelow() {
        double gain = 2 / 1.0 + 3 / (Math.log(4) / Math.log(2));
        double best = 3 / 1.0 + 2 / (Math.log(3) / Math.log(2));
        assertThat(IrMetrics.ndcg(List.of("b", "x", "a"), RELEVANT, 10)).isCloseTo(gain / best, within(1e-12));
        assertThat(IrMetrics.ndcg(List.of("a", "b"), RELEVANT, 10)).isCloseTo(1, within(1e-12));
        assertThat(IrMetrics.ndcg(List.of("x", "a"), RELEVANT, 1)).isZero();
        assertThat(IrMetrics.ndcg(List.of("a"), Map.of(), 10)).isZero();
    }

    @Test
    void recallCountsWhatIsRelevantOnly() {
        assertThat(IrMetrics.recall(List.of("c", "b", "a"), RELEVANT, 2)).isEqualTo(0.5);
        assertThat(IrMetrics.recall(List.of("c", "b", "a"), RELEVANT, 3)).isEqualTo(1);
    }
}
