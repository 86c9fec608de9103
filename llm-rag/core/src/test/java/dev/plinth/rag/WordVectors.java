package dev.plinth.rag;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.usage.Usage;
import dev.plinth.rag.text.Analyzer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

/**
 * A stand-in for an embedding model: a text is the sum of one fixed random vector for each of its stems, so texts with
 * the same words lie near each other. Counts what it embeds.
 */
public final class WordVectors implements EmbeddingModel {
    public static final int DIMENSIONS = 64;

    private final String name;
    private int embedded;
    private int requests;
    private int largestBatch;
    private String poison = "";

    public WordVectors(String name) {
        this.name = name;
    }

    public WordVectors() {
        this("word-vectors");
    }

    /** From now on a request with a text that has this word fails; an empty word: none does. */
    public void failOn(String word) {
        poison = word;
    }

    public int embedded() {
        return embedded;
    }

    public int requests() {
        return requests;
    }

    public int largestBatch() {
        return largestBatch;
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        requests++;
        largestBatch = Math.max(largestBatch, request.texts().size());
        List<float[]> vectors = new ArrayList<>();
        for (String text : request.texts()) {
            if (!poison.isEmpty() && text.contains(poison)) {
                throw new OverloadedException("model: busy (expected: an answer)", ErrorDetails.NONE, null);
            }
            vectors.add(vector(text));
        }
        embedded += vectors.size();
        return new EmbeddingResponse(vectors, name, Usage.NONE);
    }

    public static float[] vector(String text) {
        float[] vector = new float[DIMENSIONS];
        vector[0] = 0.1f;
        for (String term : Analyzer.english().terms(text)) {
            Random random = new Random(term.hashCode());
            for (int d = 0; d < DIMENSIONS; d++) {
                vector[d] += (float) random.nextGaussian();
            }
        }
        return vector;
    }

    @Override
    public ModelInfo info() {
        return ModelInfo.local("test", name);
    }

    @Override
    public OptionalInt dimensions() {
        return OptionalInt.of(DIMENSIONS);
    }
}
