package dev.plinth.rag.spark;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Consumer;

/** A stand-in for an embedding model: a fixed random vector for each text. */
final class Hashes implements EmbeddingModel {
    static final VectorStore.Stamp STAMP = new VectorStore.Stamp("hashes", 8);

    private final Consumer<? super List<String>> before;

    /** @param before told of the texts before they are embedded; may throw */
    Hashes(Consumer<? super List<String>> before) {
        this.before = before;
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        before.accept(request.texts());
        List<float[]> vectors = new ArrayList<>();
        for (String text : request.texts()) {
            Random random = new Random(text.hashCode());
            float[] vector = new float[STAMP.dimensions()];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = (float) random.nextGaussian();
            }
            vectors.add(vector);
        }
        return new EmbeddingResponse(vectors, STAMP.model(), Usage.NONE);
    }

    @Override
    public ModelInfo info() {
        return ModelInfo.local("test", STAMP.model());
    }

    @Override
    public OptionalInt dimensions() {
        return OptionalInt.of(STAMP.dimensions());
    }
}
