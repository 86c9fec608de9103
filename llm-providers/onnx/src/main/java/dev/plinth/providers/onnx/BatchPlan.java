package dev.plinth.providers.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which texts go through the model together. All sequences of a batch are padded to its longest one, and padding costs
 * as much as text: an unsorted batch of mixed lengths is four times slower than none at all. So the texts are sorted
 * by length, and a batch ends where one more text would make more than a tenth of it padding.
 */
final class BatchPlan {

    /** The most padding in a batch, as a share of all its tokens. */
    static final double MOST_PADDING = 0.10;

    /**
     * The most tokens of a batch, padding included. Measured with MiniLM on one thread, against each text by itself:
     * questions (15 tokens) 1.5x the speed at 256 and 512, 1.3x at 4096; paragraphs (150 tokens) 1.0x at 256 and 512,
     * 0.7x at 4096, where the numbers between two layers no longer fit into the processor's cache.
     */
    static final int MOST_TOKENS = 512;

    private BatchPlan() {}

    /**
     * The positions of the texts of each batch.
     *
     * @param lengths tokens of each text
     */
    static List<int[]> packed(int[] lengths) {
        int[] sorted = IntStream.range(0, lengths.length)
                .boxed()
                .sorted(Comparator.comparingInt(position -> lengths[position]))
                .mapToInt(Integer::intValue)
                .toArray();
        List<int[]> batches = new ArrayList<>();
        int start = 0;
        long real = 0;
        for (int i = 0; i < sorted.length; i++) {
            long length = lengths[sorted[i]];
            long padded = length * (i - start + 1);
            boolean fits = padded <= MOST_TOKENS && padded - (real + length) <= MOST_PADDING * padded;
            if (i > start && !fits) {
                batches.add(Arrays.copyOfRange(sorted, start, i));
                start = i;
                real = 0;
            }
            real += length;
        }
        if (start < sorted.length) {
            batches.add(Arrays.copyOfRange(sorted, start, sorted.length));
        }
        return batches;
    }

    /** Each text by itself, in the order of the texts. */
    static List<int[]> single(int texts) {
        return IntStream.range(0, texts)
                .mapToObj(position -> new int[] {position})
                .toList();
    }
}
