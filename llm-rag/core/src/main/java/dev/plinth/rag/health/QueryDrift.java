package dev.plinth.rag.health;

import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import java.util.List;

/**
 * Compares how near the nearest chunk is, now, to the first questions and to the recent ones, by the test of Mann and
 * Whitney, "On a Test of Whether one of Two Random Variables is Stochastically Larger than the Other", 1947, with the
 * normal approximation.
 */
final class QueryDrift {
    /** One-sided, 1 in 1,000. */
    private static final double CRITICAL = 3.09;

    private QueryDrift() {}

    static HealthReport.Drift of(VectorStore store, List<float[]> first, List<float[]> recent) {
        double[] before = nearest(store, first);
        double[] now = nearest(store, recent);
        return new HealthReport.Drift(median(now), median(before), isFarther(now, before));
    }

    private static double[] nearest(VectorStore store, List<float[]> questions) {
        return questions.stream()
                .mapToDouble(question -> store.search(new VectorQuery(question, 1)).stream()
                        .mapToDouble(Match::score)
                        .max()
                        .orElse(-1))
                .sorted()
                .toArray();
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Whether values of the one sample tend to be smaller than those of the other. Equal ones count half. */
    static boolean isFarther(double[] now, double[] before) {
        double smaller = 0;
        for (double one : now) {
            for (double other : before) {
                smaller += one < other ? 1 : one == other ? 0.5 : 0;
            }
        }
        double pairs = (double) now.length * before.length;
        double deviation = Math.sqrt(pairs * (now.length + before.length + 1) / 12);
        return (smaller - pairs / 2) / deviation > CRITICAL;
    }
}
