package dev.plinth.bench;

import java.util.List;
import java.util.Map;

/** Measures of a ranking, as trec_eval defines them. */
final class IrMetrics {
    private IrMetrics() {}

    /**
     * Normalised discounted cumulative gain with linear gain: sum of relevance / log2(rank + 1), over that of the best
     * ranking.
     */
    static double ndcg(List<String> ranking, Map<String, Integer> relevant, int depth) {
        double gain = 0;
        for (int i = 0; i < Math.min(depth, ranking.size()); i++) {
            gain += relevant.getOrDefault(ranking.get(i), 0) / log2(i + 2);
        }
        List<Integer> ideal = relevant.values().stream().sorted((a, b) -> b - a).toList();
        double best = 0;
        for (int i = 0; i < Math.min(depth, ideal.size()); i++) {
            best += ideal.get(i) / log2(i + 2);
        }
        return best == 0 ? 0 : gain / best;
    }

    /** The share of the relevant passages among the first {@code depth}. */
    static double recall(List<String> ranking, Map<String, Integer> relevant, int depth) {
        long found = ranking.stream()
                .limit(depth)
                .filter(id -> relevant.getOrDefault(id, 0) > 0)
                .count();
        long all = relevant.values().stream().filter(score -> score > 0).count();
        return all == 0 ? 0 : (double) found / all;
    }

    private static double log2(double x) {
        return Math.log(x) / Math.log(2);
    }
}
