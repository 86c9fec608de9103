package dev.plinth.rag.split;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Decides after which sentences a chunk ends. */
final class Breakpoints {
    private final List<Span> sentences;
    private final float[] distances;
    private final int min;
    private final int max;

    /** @param distances of each sentence from the one before it, the first for sentence 1 */
    Breakpoints(List<Span> sentences, float[] distances, int min, int max) {
        this.sentences = sentences;
        this.distances = distances;
        this.min = min;
        this.max = max;
    }

    /** The ends of the chunks as numbers of sentences, exclusive, ascending; the last is that of the text. */
    List<Integer> above(double percentile) {
        List<Integer> ends = new ArrayList<>();
        int start = 0;
        for (int end : wide(threshold(percentile))) {
            addFitting(start, end, ends);
            start = end;
        }
        return ends;
    }

    /** The distance that this share of the distances does not exceed, between two of them by line. */
    private float threshold(double percentile) {
        float[] sorted = distances.clone();
        Arrays.sort(sorted);
        if (sorted.length == 0) {
            return 0;
        }
        double rank = percentile / 100 * (sorted.length - 1);
        int below = (int) rank;
        int above = Math.min(below + 1, sorted.length - 1);
        return (float) (sorted[below] + (rank - below) * (sorted[above] - sorted[below]));
    }

    /** Cuts at every distance above the threshold that leaves no part too small. */
    private List<Integer> wide(float threshold) {
        List<Integer> ends = new ArrayList<>();
        int start = 0;
        for (int end = 1; end < sentences.size(); end++) {
            boolean largeEnough = length(start, end) >= min && length(end, sentences.size()) >= min;
            if (largeEnough && distances[end - 1] > threshold) {
                ends.add(end);
                start = end;
            }
        }
        if (!sentences.isEmpty()) {
            ends.add(sentences.size());
        }
        return ends;
    }

    /** Cuts the part at its largest distances until all fits. */
    private void addFitting(int start, int end, List<Integer> ends) {
        Deque<Integer> later = new ArrayDeque<>(List.of(end));
        int from = start;
        while (!later.isEmpty()) {
            int to = later.getFirst();
            if (length(from, to) > max && to - from > 1) {
                later.addFirst(largest(from, to));
            } else {
                ends.add(to);
                from = later.removeFirst();
            }
        }
    }

    /** Where the distance is largest, if it can be with both sides large enough; of equal ones that in the middle. */
    private int largest(int from, int to) {
        int best = from + 1;
        for (int i = from + 2; i < to; i++) {
            if (isBetter(i, best, from, to)) {
                best = i;
            }
        }
        return best;
    }

    private boolean isBetter(int candidate, int best, int from, int to) {
        boolean bothLarge = leavesBothLarge(candidate, from, to);
        if (bothLarge != leavesBothLarge(best, from, to)) {
            return bothLarge;
        }
        int further = Float.compare(distances[candidate - 1], distances[best - 1]);
        return further > 0 || further == 0 && Math.abs(from + to - 2 * candidate) < Math.abs(from + to - 2 * best);
    }

    private boolean leavesBothLarge(int cut, int from, int to) {
        return length(from, cut) >= min && length(cut, to) >= min;
    }

    private int length(int from, int to) {
        return sentences.get(to - 1).end() - sentences.get(from).start();
    }
}
