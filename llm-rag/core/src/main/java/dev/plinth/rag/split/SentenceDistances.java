package dev.plinth.rag.split;

import dev.plinth.api.embedding.EmbeddingModel;
import java.util.ArrayList;
import java.util.List;

/** How far each sentence of a text is from the one before it. */
final class SentenceDistances {
    private static final int BATCH = 64;

    private SentenceDistances() {}

    /** The cosine distances of neighbours, 0 to 2: the first from sentence 0 to 1. */
    static float[] of(String text, List<Span> sentences, EmbeddingModel model, int neighbours) {
        float[] distances = new float[Math.max(0, sentences.size() - 1)];
        if (distances.length == 0) {
            return distances;
        }
        float[] before = new float[0];
        for (int from = 0; from < sentences.size(); from += BATCH) {
            int to = Math.min(sentences.size(), from + BATCH);
            List<float[]> vectors = model.embedDocuments(groups(text, sentences, from, to, neighbours));
            for (int i = from; i < to; i++) {
                float[] vector = vectors.get(i - from);
                if (i > 0) {
                    distances[i - 1] = distance(before, vector);
                }
                before = vector;
            }
        }
        return distances;
    }

    private static List<String> groups(String text, List<Span> sentences, int from, int to, int neighbours) {
        List<String> groups = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Span first = sentences.get(Math.max(0, i - neighbours));
            Span last = sentences.get(Math.min(sentences.size() - 1, i + neighbours));
            groups.add(text.substring(first.start(), last.end()));
        }
        return groups;
    }

    /** 1 where one of them has no length. */
    private static float distance(float[] a, float[] b) {
        double product = 0;
        double lengthA = 0;
        double lengthB = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * b[i];
            lengthA += a[i] * a[i];
            lengthB += b[i] * b[i];
        }
        double lengths = Math.sqrt(lengthA * lengthB);
        return lengths == 0 ? 1 : (float) (1 - product / lengths);
    }
}
