package dev.plinth.providers.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BatchPlanTest {

    @Property
    void everyTextIsInExactlyOneBatch(@ForAll @Size(max = 300) List<@IntRange(min = 2, max = 600) Integer> lengths) {
        assertThat(BatchPlan.packed(array(lengths)).stream().flatMapToInt(Arrays::stream))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, lengths.size()).boxed().toList());
    }

    @Property
    void noBatchIsLargerThanTheBudgetOrPaddedAboveTheCap(
            @ForAll @Size(max = 300) List<@IntRange(min = 2, max = 600) Integer> lengths) {
        for (int[] batch : BatchPlan.packed(array(lengths))) {
            int longest = Arrays.stream(batch).map(lengths::get).max().orElseThrow();
            int real = Arrays.stream(batch).map(lengths::get).sum();
            int padded = longest * batch.length;
            assertThat(padded - real).isLessThanOrEqualTo((int) (BatchPlan.MOST_PADDING * padded));
            assertThat(batch.length == 1 || padded <= BatchPlan.MOST_TOKENS).isTrue();
        }
    }

    @Test
    void textsOfOneLengthShareBatchesUpToTheBudget() {
        int[] lengths = new int[2 * BatchPlan.MOST_TOKENS / 16];
        Arrays.fill(lengths, 16);
        assertThat(BatchPlan.packed(lengths))
                .hasSize(2)
                .allSatisfy(batch -> assertThat(batch).hasSize(BatchPlan.MOST_TOKENS / 16));
    }

    @Test
    void aLongTextStandsAlone() {
        assertThat(BatchPlan.packed(new int[] {20, 500, 20})).containsExactly(new int[] {0, 2}, new int[] {1});
    }

    @Test
    void singleKeepsTheOrder() {
        assertThat(BatchPlan.single(3)).containsExactly(new int[] {0}, new int[] {1}, new int[] {2});
    }

    private static int[] array(List<Integer> lengths) {
        return lengths.stream().mapToInt(Integer::intValue).toArray();
    }
}
