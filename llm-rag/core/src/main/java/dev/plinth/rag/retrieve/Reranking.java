package dev.plinth.rag.retrieve;

import dev.plinth.api.check.Check;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.rag.text.SearchText;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts matches in the order of a model that reads question and text together: a cross-encoder, late interaction, or a
 * provider's API.
 *
 * <p>The score of a match is the model's, or, with a {@link #share} below 1, the weighted sum of both scores, each
 * brought to 0 to 1 by the smallest and largest of the list.
 */
public final class Reranking implements Refinement {
    private final Reranker reranker;
    private final double share;

    private Reranking(Reranker reranker, double share) {
        this.reranker = reranker;
        this.share = share;
    }

    /** In the order of this model alone. */
    public static Reranking by(Reranker reranker) {
        return new Reranking(Check.notNull(reranker, "reranker"), 1);
    }

    /**
     * The same with this share of the model in the score, 0 to 1; the rest is the score of the search. A small model
     * that misses exact words is better joined with the search than put in its place.
     */
    public Reranking share(double share) {
        return new Reranking(reranker, Check.within(share, 0, 1, "share"));
    }

    @Override
    public List<Match> refine(RetrievalRequest request, List<Match> matches) {
        List<String> texts =
                matches.stream().map(match -> SearchText.of(match.chunk())).toList();
        List<Match> ranked = new ArrayList<>();
        for (RerankResponse.Ranked one : reranker.rerank(
                        RerankRequest.of(request.query(), texts, texts.size()).in(request.context()))
                .ranked()) {
            ranked.add(new Match(matches.get(one.index()).chunk(), one.score()));
        }
        return share == 1 ? ranked : Fusion.weighted(ranked, share, matches, matches.size());
    }
}
