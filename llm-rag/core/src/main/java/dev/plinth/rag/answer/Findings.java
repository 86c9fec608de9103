package dev.plinth.rag.answer;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.rag.text.SearchText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The passages of found chunks, ranked by how well they fit a question.
 *
 * @param passages best first
 * @param evidence what they amount to
 */
record Findings(List<Scored> passages, Evidence evidence) {
    private static final int MAX_PASSAGES = 64;

    /** What full coverage of the question's words adds to a passage's cosine when passages are ranked. */
    private static final double LEXICAL_RANK_WEIGHT = 0.3;

    /** A passage with its cosine to the question and the sum it is ranked by. */
    record Scored(Passage passage, double cosine, double score) {}

    static Findings of(Retrieval retrieval, RetrievalRequest request, EmbeddingModel model) {
        QueryTerms terms = new QueryTerms(request.query());
        List<Passage> passages = new ArrayList<>();
        double coverage = 0;
        for (Match match : retrieval.matches()) {
            coverage = Math.max(coverage, terms.coverage(SearchText.of(match.chunk())));
            passages.addAll(Passage.of(match.chunk()));
        }
        List<Passage> few = passages.subList(0, Math.min(MAX_PASSAGES, passages.size()));
        List<Scored> scored = few.isEmpty() ? List.of() : score(few, terms, request, model);
        double similarity = scored.stream().mapToDouble(Scored::cosine).max().orElse(-1);
        return new Findings(scored, new Evidence(similarity, coverage));
    }

    private static List<Scored> score(
            List<Passage> passages, QueryTerms terms, RetrievalRequest request, EmbeddingModel model) {
        List<String> texts = passages.stream().map(Passage::text).toList();
        float[] query =
                embed(List.of(request.query()), InputType.QUERY, request, model).get(0);
        List<float[]> vectors = embed(texts, InputType.DOCUMENT, request, model);
        List<Scored> scored = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            double cosine = cosine(query, vectors.get(i));
            scored.add(
                    new Scored(passages.get(i), cosine, cosine + LEXICAL_RANK_WEIGHT * terms.coverage(texts.get(i))));
        }
        scored.sort(Comparator.comparingDouble(Scored::score).reversed());
        return scored;
    }

    private static List<float[]> embed(
            List<String> texts, InputType type, RetrievalRequest request, EmbeddingModel model) {
        return model.embed(EmbeddingRequest.builder(texts, type)
                        .context(request.context())
                        .build())
                .vectors();
    }

    private static double cosine(float[] one, float[] other) {
        double dot = 0;
        double ones = 0;
        double others = 0;
        for (int d = 0; d < one.length; d++) {
            dot += (double) one[d] * other[d];
            ones += (double) one[d] * one[d];
            others += (double) other[d] * other[d];
        }
        return ones == 0 || others == 0 ? 0 : dot / Math.sqrt(ones * others);
    }

    boolean carry(Grounds grounds) {
        return !passages.isEmpty() && grounds.carriedBy(evidence);
    }

    String describe(Grounds grounds) {
        if (passages.isEmpty()) {
            return "nothing was found";
        }
        return String.format(
                Locale.ROOT,
                "evidence %.3f (similarity %.3f, word coverage %.2f), threshold %.3f",
                grounds.strength(evidence),
                evidence.similarity(),
                evidence.coverage(),
                grounds.threshold());
    }
}
