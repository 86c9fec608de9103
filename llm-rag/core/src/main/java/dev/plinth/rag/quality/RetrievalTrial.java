package dev.plinth.rag.quality;

import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import java.util.List;
import java.util.function.Function;

/**
 * Tries a way of retrieval against the one in use, on questions with judgements. What cannot show its gain is not worth
 * its calls: {@link Result#winner} is the one in use until then.
 *
 * <pre>{@code
 * Retriever plain = HybridRetriever.over(index, embedding);
 * Retriever wide = HybridRetriever.builder(index, embedding).queries(MultiQuery.by(chat)).build();
 * Retriever best = RetrievalTrial.on(judgements).run(plain, wide).winner();
 * }</pre>
 *
 * <p>The figure is nDCG over the first 10 results, of documents by their id. Immutable; a run is as thread-safe as the
 * retrievers. Errors are theirs.
 */
public final class RetrievalTrial {
    private final List<Judgement> judgements;
    private final int depth;
    private final Function<Chunk, String> key;
    private final CallContext context;

    private RetrievalTrial(List<Judgement> judgements, int depth, Function<Chunk, String> key, CallContext context) {
        this.judgements = judgements;
        this.depth = depth;
        this.key = key;
        this.context = context;
    }

    /**
     * On these judgements, of documents.
     *
     * @param judgements at least two; fewer than some fifty show large gains only
     */
    public static RetrievalTrial on(List<Judgement> judgements) {
        Check.that(judgements.size() >= 2, "judgements", judgements.size(), ">= 2");
        return new RetrievalTrial(List.copyOf(judgements), 10, Chunk::documentId, CallContext.current());
    }

    /** The same over the first so many results. */
    public RetrievalTrial depth(int depth) {
        return new RetrievalTrial(judgements, Check.positive(depth, "depth"), key, context);
    }

    /** The same with judgements by another id, such as {@code Chunk::id}; of several chunks with one id the first counts. */
    public RetrievalTrial by(Function<Chunk, String> key) {
        return new RetrievalTrial(judgements, depth, Check.notNull(key, "key"), context);
    }

    /** The same in this context, with whose rights is searched; the current one by default. */
    public RetrievalTrial in(CallContext context) {
        return new RetrievalTrial(judgements, depth, key, Check.notNull(context, "context"));
    }

    /** Asks both every question. */
    public Result run(Retriever present, Retriever candidate) {
        return new Result(present, candidate, Gain.of(measure(present), measure(candidate)));
    }

    /** The figure of each question, in the order of the judgements. */
    public double[] measure(Retriever retriever) {
        return judgements.stream()
                .mapToDouble(judgement ->
                        figure(judgement, retriever.retrieve(request(judgement)).matches()))
                .toArray();
    }

    /** The questions and what is relevant to them. */
    public List<Judgement> judgements() {
        return judgements;
    }

    /** How a question is asked. */
    public RetrievalRequest request(Judgement judgement) {
        return RetrievalRequest.of(judgement.query(), depth).in(context);
    }

    /** How good these matches are for a question. */
    public double figure(Judgement judgement, List<Match> matches) {
        List<String> ranking = matches.stream()
                .map(match -> key.apply(match.chunk()))
                .distinct()
                .toList();
        return RankMetrics.ndcg(ranking, judgement.grades(), depth);
    }

    /**
     * What came of it.
     *
     * @param present the one in use
     * @param candidate the one that was tried
     * @param gain of the candidate
     */
    public record Result(Retriever present, Retriever candidate, Gain gain) {

        /** The candidate if its gain is shown, else the one in use. */
        public Retriever winner() {
            return gain.shown() ? candidate : present;
        }
    }
}
