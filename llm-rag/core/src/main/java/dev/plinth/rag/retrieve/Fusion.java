package dev.plinth.rag.retrieve;

import dev.plinth.api.retrieval.Match;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes one list of several. Equal sums keep the order of the first list, then of the next. */
final class Fusion {
    /**
     * The constant of Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
     * Learning Methods", SIGIR 2009.
     */
    private static final int RANK_CONSTANT = 60;

    private final Map<String, Match> sums = new LinkedHashMap<>();

    private Fusion() {}

    static List<Match> reciprocalRank(List<List<Match>> lists, int k) {
        Fusion fusion = new Fusion();
        for (List<Match> list : lists) {
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

    private void addNormalised(List<Match> list, double weight) {
        Scale scale = Scale.of(list);
        for (Match match : list) {
            add(match, weight * scale.of(match.score()));
        }
    }

    private void add(Match match, double share) {
        sums.merge(
                match.chunk().id(),
                new Match(match.chunk(), share),
                (sum, more) -> new Match(sum.chunk(), sum.score() + more.score()));
    }

    private List<Match> best(int k) {
        return sums.values().stream()
                .sorted(Comparator.comparingDouble(Match::score).reversed())
                .limit(k)
                .toList();
    }
}
