package dev.plinth.rag.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RankMetricsTest {
    private static final Map<String, Integer> GRADES = Map.of("a", 3, "b", 2, "c", 1, "d", 0);

    /** Worked by hand: (1 / log2(2) + 3 / log2(4)) / (3 / log2(2) + 2 / log2(3) + 1 / log2(4)). */
    @Test
    void linearGainDiscountedByRank() {
        assertThat(RankMetrics.ndcg(List.of("c", "x", "a"), GRADES, 10)).isCloseTo(2.5 / 4.761859507, within(1e-8));
        assertThat(RankMetrics.ndcg(List.of("c", "x", "a"), GRADES, 1)).isCloseTo(1.0 / 3, within(1e-12));
    }

    @Test
    void shareAndPlaceOfWhatIsRelevant() {
        assertThat(RankMetrics.recall(List.of("d", "b", "x", "a"), GRADES, 3)).isCloseTo(1.0 / 3, within(1e-12));
        assertThat(RankMetrics.reciprocalRank(List.of("d", "b", "a"), GRADES, 10))
                .isEqualTo(0.5);
        assertThat(RankMetrics.reciprocalRank(List.of("d", "b", "a"), GRADES, 1))
                .isZero();
    }

    @Test
    void nothingRelevantIsZero() {
        assertThat(RankMetrics.ndcg(List.of("a"), Map.of("a", 0), 10)).isZero();
        assertThat(RankMetrics.recall(List.of("a"), Map.of(), 10)).isZero();
    }

    @Property
    void noOrderIsBetterThanByGrade(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int depth) {
        List<String> ids = new ArrayList<>(List.of("a", "b", "c", "d", "x", "y"));
        Collections.shuffle(ids, new Random(seed));
        double any = RankMetrics.ndcg(ids, GRADES, depth);
        assertThat(any).isBetween(0.0, 1.0 + 1e-12);
        assertThat(RankMetrics.ndcg(List.of("a", "b", "c", "d", "x", "y"), GRADES, depth))
                .isCloseTo(1, within(1e-12));
    }
}
