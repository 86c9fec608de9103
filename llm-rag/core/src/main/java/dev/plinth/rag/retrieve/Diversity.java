package dev.plinth.rag.retrieve;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.index.UnitVector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out what says the same again: maximal marginal relevance (MMR; Carbonell and Goldstein, "The Use of MMR,
 * Diversity-Based Reranking for Reordering Documents and Producing Summaries", SIGIR 1998). Match after match it takes
 * the one with the highest {@code lambda * score - (1 - lambda) * similarity}: its score, brought to 0 to 1 by the
 * smallest and largest of the list, less its highest cosine with one that was taken, of which a negative one counts as 0.
 *
 * <p>It takes as many as are wanted and keeps their scores. One call of the store fetches the vectors; a chunk that has
 * none there counts as like no other.
 */
public final class Diversity implements Refinement {
    private final VectorStore store;
    private final double lambda;

    private Diversity(VectorStore store, double lambda) {
        this.store = store;
        this.lambda = lambda;
    }

    /** With the vectors of this store, which the matches come from, and a lambda of 0.7. */
    public static Diversity of(VectorStore store) {
        return new Diversity(Check.notNull(store, "store"), 0.7);
    }

    /** The same with another weight of the score, from 0, only difference counts, to 1, only the score counts. */
    public Diversity lambda(double lambda) {
        return new Diversity(store, Check.within(lambda, 0, 1, "lambda"));
    }

    @Override
    public List<Match> refine(RetrievalRequest request, List<Match> matches) {
        Map<String, float[]> vectors = new HashMap<>();
        for (Embedded one :
                store.fetch(matches.stream().map(match -> match.chunk().id()).toList())) {
            vectors.put(one.chunk().id(), one.vector());
        }
        Scale scale = Scale.of(matches);
        List<Match> rest = new ArrayList<>(matches);
        double[] likeness = new double[matches.size()]; // the highest cosine with one that was taken, beside the rest
        List<Match> taken = new ArrayList<>();
        while (taken.size() < request.k() && !rest.isEmpty()) {
            int best = 0;
            double most = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < rest.size(); i++) {
                double worth = lambda * scale.of(rest.get(i).score()) - (1 - lambda) * likeness[i];
                if (worth > most) {
                    best = i;
                    most = worth;
                }
            }
            Match next = rest.remove(best);
            System.arraycopy(likeness, best + 1, likeness, best, rest.size() - best);
            taken.add(next);
            note(vectors.get(next.chunk().id()), rest, vectors, likeness);
        }
        return taken;
    }

    private static void note(
            float @Nullable [] taken, List<Match> rest, Map<String, float[]> vectors, double[] likeness) {
        for (int i = 0; taken != null && i < rest.size(); i++) {
            float[] vector = vectors.get(rest.get(i).chunk().id());
            if (vector != null) {
                likeness[i] = Math.max(likeness[i], UnitVector.cosine(taken, vector));
            }
        }
    }
}
