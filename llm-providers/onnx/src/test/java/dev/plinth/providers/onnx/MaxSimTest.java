package dev.plinth.providers.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plinth.api.error.ErrorDetails;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MaxSimTest {

    private static final double ROUNDING = 1e-5;

    @Test
    void meanOverTheQueryOfTheNearestInTheDocument() {
        float[][] query = {{1, 0, 0, 0, 0}, {0, 1, 0, 0, 0}, {0, 0, 0, 0, 1}};
        float[][] document = {{0.6f, 0.8f, 0, 0, 0}, {0.8f, 0, 0.6f, 0, 0}, {0, 0, 0, 0, -1}};
        assertThat(MaxSim.of(query, document)).isCloseTo((0.8 + 0.8 + 0) / 3, within(ROUNDING));
    }

    @Property
    void isTheMeanOfTheLargestCosines(@ForAll("texts") float[][] query, @ForAll("texts") float[][] document) {
        double expected = Arrays.stream(query)
                .mapToDouble(token -> Arrays.stream(document)
                        .mapToDouble(other -> dot(token, other))
                        .max()
                        .orElseThrow())
                .average()
                .orElseThrow();
        assertThat(MaxSim.of(query, document))
                .isCloseTo(expected, within(ROUNDING))
                .isBetween(-1.0, 1.0);
    }

    @Property
    void theOrderOfTokensCountsForNothing(
            @ForAll("texts") float[][] query, @ForAll("texts") float[][] document, @ForAll Random random) {
        assertThat(MaxSim.of(shuffled(query, random), shuffled(document, random)))
                .isCloseTo(MaxSim.of(query, document), within(ROUNDING));
    }

    @Property
    void moreTextNeverMakesADocumentWorse(
            @ForAll("texts") float[][] query, @ForAll("texts") float[][] document, @ForAll("texts") float[][] more) {
        assertThat(MaxSim.of(query, joined(document, more))).isGreaterThanOrEqualTo(MaxSim.of(query, document));
    }

    @Property
    void aDocumentThatHoldsTheQueryHasTheHighestScore(
            @ForAll("texts") float[][] query, @ForAll("texts") float[][] more) {
        assertThat(MaxSim.of(query, joined(more, query))).isCloseTo(1, within(ROUNDING));
    }

    @Property
    void theLengthOfTheQueryCountsForNothing(@ForAll("texts") float[][] query, @ForAll("texts") float[][] document) {
        assertThat(MaxSim.of(joined(query, query), document)).isCloseTo(MaxSim.of(query, document), within(ROUNDING));
    }

    @Provide
    Arbitrary<float[][]> texts() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.integers().between(1, 12))
                .as(MaxSimTest::text)
                .withoutEdgeCases();
    }

    // Seven dimensions: not a multiple of the four sums.
    private static float[][] text(long seed, int tokens) {
        Random random = new Random(seed);
        float[][] text = new float[tokens][7];
        for (float[] token : text) {
            for (int d = 0; d < token.length; d++) {
                token[d] = (float) random.nextGaussian();
            }
            TokenVectors.scaleToOne(token, ErrorDetails.NONE);
        }
        return text;
    }

    private static float[][] shuffled(float[][] text, Random random) {
        List<float[]> tokens = new ArrayList<>(List.of(text));
        Collections.shuffle(tokens, random);
        return tokens.toArray(new float[0][]);
    }

    private static float[][] joined(float[][] one, float[][] other) {
        float[][] joined = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, joined, one.length, other.length);
        return joined;
    }

    private static double dot(float[] one, float[] other) {
        double sum = 0;
        for (int d = 0; d < one.length; d++) {
            sum += (double) one[d] * other[d];
        }
        return sum;
    }
}
