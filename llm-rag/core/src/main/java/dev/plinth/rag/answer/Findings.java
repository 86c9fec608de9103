package dev.plinth.rag.answer;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.rag.index.UnitVector;
import dev.plinth.rag.text.SearchText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The passages of found chunks, ranked by how well they fit what was searched for, the best fit of several counts.
 *
 * @param passages best first
 * @param evidence what they amount to
 */
record Findings(List<Scored> passages, Evidence evidence) {
    /** Each is embedded: of more, those that share most words with what was searched for. */
    private static final int MAX_PASSAGES = 64;

    /** What full coverage of the question's words adds to a passage's cosine when passages are ranked. */
    private static final double LEXICAL_RANK_WEIGHT = 0.3;

    /** A passage with the share of the question's words that it has. */
    private record Covered(Passage passage, double coverage) {}

    /** A passage with its cosine to the question and the sum it is ranked by. */
    record Scored(Passage passage, double cosine, double score) {}

    static Findings of(Retrieval retrieval, RetrievalRequest request, EmbeddingModel model) {
        List<QueryTerms> terms =
                retrieval.queries().stream().map(QueryTerms::new).toList();
        List<Covered> passages = new ArrayList<>();
        double coverage = 0;
        for (Match match : retrieval.matches()) {
            coverage = Math.max(coverage, coverage(terms, SearchText.of(match.chunk())));
            for (Passage passage : Passage.of(match.chunk())) {
                passages.add(new Covered(passage, coverage(terms, passage.text())));
            }
        }
        passages.sort(Comparator.comparingDouble(Covered::coverage).reversed());
        List<Covered> few = passages.subList(0, Math.min(MAX_PASSAGES, passages.size()));
        List<Scored> scored = few.isEmpty() ? List.of() : score(few, retrieval.queries(), request, model);
        double similarity = scored.stream().mapToDouble(Scored::cosine).max().orElse(-1);
        return new Findings(scored, new Evidence(similarity, coverage));
    }

    private static List<Scored> score(
            List<Covered> passages, List<String> queries, RetrievalRequest request, EmbeddingModel model) {
        List<String> texts =
                passages.stream().map(covered -> covered.passage().text()).toList();
        List<float[]> asked = embed(queries, InputType.QUERY, request, model);
        List<float[]> vectors = embed(texts, InputType.DOCUMENT, request, model);
        List<Scored> scored = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Covered covered = passages.get(i);
            float[] vector = vectors.get(i);
            double cosine = asked.stream()
                    .mapToDouble(query -> UnitVector.cosine(query, vector))
                    .max()
                    .orElseThrow();
            scored.add(new Scored(covered.passage(), cosine, cosine + LEXICAL_RANK_WEIGHT * covered.coverage()));
        }
        scored.sort(Comparator.comparingDouble(Scored::score).reversed());
        return scored;
    }

    private static double coverage(List<QueryTerms> queries, String text) {
        return queries.stream().mapToDouble(terms -> terms.coverage(text)).max().orElseThrow();
    }

    private static List<float[]> embed(
            List<String> texts, InputType type, RetrievalRequest request, EmbeddingModel model) {
        return model.embed(EmbeddingRequest.builder(texts, type)
                        .context(request.context())
                        .build())
                .vectors();
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
