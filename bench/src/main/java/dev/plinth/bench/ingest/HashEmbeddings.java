package dev.plinth.bench.ingest;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.usage.Usage;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

/** Vectors without a meaning, drawn from the hash of a text: for what is measured around a model. */
public final class HashEmbeddings implements EmbeddingModel {
    private final int dimensions;

    /** A model with vectors of this length. */
    public HashEmbeddings(int dimensions) {
        this.dimensions = dimensions;
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        List<float[]> vectors = request.texts().stream().map(this::vector).toList();
        return new EmbeddingResponse(vectors, info().model(), Usage.UNKNOWN);
    }

    private float[] vector(String text) {
        Random random = new Random(text.hashCode());
        float[] vector = new float[dimensions];
        for (int d = 0; d < dimensions; d++) {
            vector[d] = random.nextFloat() - 0.5f;
        }
        return vector;
    }

    @Override
    public ModelInfo info() {
        return ModelInfo.local("bench", "hash-" + dimensions);
    }

    @Override
    public OptionalInt dimensions() {
        return OptionalInt.of(dimensions);
    }
}
