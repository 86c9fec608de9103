package dev.plinth.rag.health;

import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.index.UnitVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a store finds, against a walk through all that it holds. A chunk counts as found when it is as near as the last of
 * the exact ones, so that chunks of equal distance do not count against the store.
 */
final class RecallEstimate {
    private static final int PAGE = 1000;
    private static final double CONFIDENCE = 1.645;
    private static final double ROUNDING = 1e-5;

    private RecallEstimate() {}

    /** Empty if the store holds no vectors. */
    static Optional<HealthReport.Recall> of(VectorStore store, List<float[]> questions, int depth) {
        List<double[]> nearest = nearest(store, questions, depth);
        double sum = 0;
        for (int i = 0; i < questions.size(); i++) {
            double[] exact = nearest.get(i);
            long wanted = Arrays.stream(exact).filter(Double::isFinite).count();
            if (wanted == 0) {
                return Optional.empty();
            }
            double least = exact[(int) wanted - 1] - ROUNDING;
            long found = store.search(new VectorQuery(questions.get(i), depth)).stream()
                    .mapToDouble(Match::score)
                    .filter(score -> score >= least)
                    .count();
            sum += Math.min(1, (double) found / wanted);
        }
        double mean = sum / questions.size();
        return Optional.of(new HealthReport.Recall(mean, lowerBound(mean, questions.size()), questions.size(), depth));
    }

    /**
     * Wilson's score interval, as if each question were found or not: wider than shares need it, and honest with few
     * questions, or when all of them are found.
     */
    private static double lowerBound(double mean, int count) {
        double square = CONFIDENCE * CONFIDENCE;
        double middle = mean + square / (2 * count);
        double half = CONFIDENCE * Math.sqrt(mean * (1 - mean) / count + square / (4.0 * count * count));
        return Math.max(0, (middle - half) / (1 + square / count));
    }

    /** The best cosines of each question, descending; negative infinity where the store holds fewer chunks. */
    private static List<double[]> nearest(VectorStore store, List<float[]> questions, int depth) {
        List<double[]> nearest = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            double[] none = new double[depth];
            Arrays.fill(none, Double.NEGATIVE_INFINITY);
            nearest.add(none);
        }
        String cursor = null;
        do {
            VectorStore.Page page = store.scan(cursor, PAGE);
            for (Embedded one : page.chunks()) {
                for (int i = 0; i < questions.size(); i++) {
                    insert(nearest.get(i), UnitVector.cosine(questions.get(i), one.vector()));
                }
            }
            cursor = page.next();
        } while (cursor != null);
        return nearest;
    }

    private static void insert(double[] best, double score) {
        int at = best.length - 1;
        if (score <= best[at]) {
            return;
        }
        while (at > 0 && best[at - 1] < score) {
            best[at] = best[at - 1];
            at--;
        }
        best[at] = score;
    }
}
