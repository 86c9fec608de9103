package dev.plinth.rag.retrieve;

import dev.plinth.api.retrieval.Match;
import java.util.List;

/**
 * Brings scores to 0 to 1 by the smallest and the largest of a list. With one score only, or all the same, each is 1:
 * being found is all that is known.
 */
record Scale(double least, double most) {

    static Scale of(List<Match> matches) {
        return new Scale(
                matches.stream().mapToDouble(Match::score).min().orElse(0),
                matches.stream().mapToDouble(Match::score).max().orElse(0));
    }

    double of(double score) {
        return most > least ? (score - least) / (most - least) : 1;
    }
}
