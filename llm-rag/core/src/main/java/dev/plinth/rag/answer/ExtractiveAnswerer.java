package dev.plinth.rag.answer;

import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Answers with the sentences of the found chunks that fit best, word for word, each with its citation. Needs no
 * language model; what it says, the documents say. Only numbers in square brackets that a document has itself stand in
 * round ones in the text, since they are no citations of the answer; the quotes are exact.
 *
 * <p>Defaults: up to 3 sentences, each at least 0.8 as good as the best one, and the {@link Grounds} measured for the
 * model.
 *
 * <p>Immutable and thread-safe if its parts are.
 */
public final class ExtractiveAnswerer implements Answerer {
    private static final double SHARE_OF_BEST = 0.8;

    private final Retriever retriever;
    private final EmbeddingModel model;
    private final Grounds grounds;
    private final int maxSentences;

    private ExtractiveAnswerer(Retriever retriever, EmbeddingModel model, Grounds grounds, int maxSentences) {
        this.retriever = retriever;
        this.model = model;
        this.grounds = grounds;
        this.maxSentences = maxSentences;
    }

    /** An answerer with the defaults. */
    public static ExtractiveAnswerer over(Retriever retriever, EmbeddingModel model) {
        Check.notNull(retriever, "retriever");
        return new ExtractiveAnswerer(
                retriever, model, Grounds.forModel(model.info().model()), 3);
    }

    /** The same with other grounds. */
    public ExtractiveAnswerer grounds(Grounds grounds) {
        return new ExtractiveAnswerer(retriever, model, Check.notNull(grounds, "grounds"), maxSentences);
    }

    /** The same with up to this many sentences. */
    public ExtractiveAnswerer maxSentences(int sentences) {
        return new ExtractiveAnswerer(retriever, model, grounds, Check.positive(sentences, "maxSentences"));
    }

    @Override
    public Answer answer(RetrievalRequest request) {
        Retrieval retrieval = retriever.retrieve(request);
        Findings findings = Findings.of(retrieval, request, model);
        if (!findings.carry(grounds)) {
            return Answer.noGrounds(findings.describe(grounds), Optional.of(findings.evidence()), Optional.empty());
        }
        List<Citation> citations = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (Findings.Scored scored : best(findings.passages())) {
            Citation citation = Citation.of(citations.size() + 1, scored.passage(), 1);
            text.append(citations.isEmpty() ? "" : "\n")
                    .append(CitationReader.ownNumbersInRound(citation.quote()))
                    .append(" [")
                    .append(citation.number())
                    .append(']');
            citations.add(citation);
        }
        return Answer.extractive(text.toString(), citations, findings.describe(grounds), findings.evidence());
    }

    /** Chunks can overlap: the same words are quoted once. */
    private List<Findings.Scored> best(List<Findings.Scored> passages) {
        double least = passages.get(0).score() * SHARE_OF_BEST;
        List<Findings.Scored> chosen = new ArrayList<>();
        List<String> quotes = new ArrayList<>();
        for (Findings.Scored scored : passages) {
            String quote = scored.passage().text();
            if (chosen.size() < maxSentences && scored.score() >= least && !quotes.contains(quote)) {
                chosen.add(scored);
                quotes.add(quote);
            }
        }
        return chosen;
    }
}
