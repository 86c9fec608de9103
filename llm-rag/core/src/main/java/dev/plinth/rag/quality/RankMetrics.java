package dev.plinth.rag.quality;

import dev.plinth.api.check.Check;
import java.util.List;
import java.util.Map;

/** Measures of one ranking, as trec_eval defines them. Ids that have no grade count as not relevant. */
public final class RankMetrics {
    private RankMetrics() {}

    /**
     * Normalised discounted cumulative gain with linear gain: the sum of grade / log2(rank + 1) over the first
     * {@code depth}, over that of the best ranking there is. From 0 to 1.
     *
     * @param ranking ids, best first, each once
     */
    public static double ndcg(List<String> ranking, Map<String, Integer> grades, int depth) {
        Check.positive(depth, "depth");
        double gain = 0;
        for (int i = 0; i < Math.min(depth, ranking.size()); i++) {
            gain += grades.getOrDefault(ranking.get(i), 0) / log2(i + 2);
        }
        List<Integer> ideal =
                grades.values().stream().sorted((one, other) -> other - one).toList();
        double best = 0;
        for (int i = 0; i < Math.min(depth, ideal.size()); i++) {
            best += ideal.get(i) / log2(i + 2);
        }
        return best == 0 ? 0 : gain / best;
    }

    /** The share of what is relevant that stands among the first {@code depth}; 0 if nothing is. */
    public static double recall(List<String> ranking, Map<String, Integer> grades, int depth) {
        Check.positive(depth, "depth");
        long found = ranking.stream()
                .limit(depth)
                .filter(id -> grades.getOrDefault(id, 0) > 0)
                .count();
        long all = grades.values().stream().filter(grade -> grade > 0).count();
        return all == 0 ? 0 : (double) found / all;
    }

    /** One over the rank of the first that is relevant; 0 if none is among the first {@code depth}. */
    public static double reciprocalRank(List<String> ranking, Map<String, Integer> grades, int depth) {
        Check.positive(depth, "depth");
        for (int i = 0; i < Math.min(depth, ranking.size()); i++) {
            if (grades.getOrDefault(ranking.get(i), 0) > 0) {
                return 1.0 / (i + 1);
            }
        }
        return 0;
    }

    private static double log2(double x) {
        return Math.log(x) / Math.log(2);
    }
}
