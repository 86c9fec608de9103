package dev.plinth.providers.onnx;

import dev.plinth.api.rerank.RerankResponse.Ranked;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** What came of scoring documents. */
final class Scores {

    private final double[] values;
    private final long tokens;

    /**
     * @param values one for each document
     * @param tokens that the model read for them
     */
    Scores(double[] values, long tokens) {
        this.values = values;
        this.tokens = tokens;
    }

    long tokens() {
        return tokens;
    }

    /** The best documents, best first; those with the same score in the order they came in. */
    List<Ranked> best(int top) {
        return IntStream.range(0, values.length)
                .mapToObj(index -> new Ranked(index, values[index]))
                .sorted(Comparator.comparingDouble(Ranked::score).reversed())
                .limit(top)
                .toList();
    }
}
