package dev.plinth.rag.retrieve;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Match;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes one list of two. Equal sums keep the order of the first list, then of the second. */
final class Fusion {
    /**
     * The constant of Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
     * Learning Methods", SIGIR 2009.
     */
    private static final int RANK_CONSTANT = 60;

    private final Map<String, Double> sums = new LinkedHashMap<>();
    private final Map<String, Chunk> chunks = new LinkedHashMap<>();

    private Fusion() {}

    static List<Match> reciprocalRank(List<Match> one, List<Match> other, int k) {
        Fusion fusion = new Fusion();
        for (List<Match> list : List.of(one, other)) {
            for (int i = 0; i < list.size(); i++) {
                fusion.add(list.get(i), 1.0 / (RANK_CONSTANT + i + 1));
            }
        }
        return fusion.best(k);
    }

    static List<Match> weighted(List<Match> one, double weightOfOne, List<Match> other, int k) {
        Fusion fusion = new Fusion();
        fusion.addNormalised(one, weightOfOne);
        fusion.addNormalised(other, 1 - weightOfOne);
        return fusion.best(k);
    }

    /** With one score only, or all the same, each counts in full: being found is all that is known. */
    private void addNormalised(List<Match> list, double weight) {
        double least = list.stream().mapToDouble(Match::score).min().orElse(0);
        double most = list.stream().mapToDouble(Match::score).max().orElse(0);
        for (Match match : list) {
            double share = most > least ? (match.score() - least) / (most - least) : 1;
            add(match, weight * share);
        }
    }

    private void add(Match match, double share) {
        sums.merge(match.chunk().id(), share, Double::sum);
        chunks.putIfAbsent(match.chunk().id(), match.chunk());
    }

    private List<Match> best(int k) {
        List<Match> matches = new ArrayList<>();
        for (Map.Entry<String, Chunk> entry : chunks.entrySet()) {
            matches.add(new Match(entry.getValue(), sums.getOrDefault(entry.getKey(), 0.0)));
        }
        matches.sort(Comparator.comparingDouble(Match::score).reversed());
        return List.copyOf(matches.subList(0, Math.min(k, matches.size())));
    }
}
