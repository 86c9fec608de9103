package dev.plinth.api.embedding;

import dev.plinth.api.model.ModelInfo;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A model that turns texts into vectors.
 *
 * <p>Thread-safe. Runs on the calling thread and obeys its interruption and the deadline of the request's context. All
 * errors are {@link dev.plinth.api.error.LlmException}s.
 */
public interface EmbeddingModel {

    /**
     * One vector for each text, in the order of the texts. More texts than {@link #limits()} allows become several calls.
     *
     * @throws IncompleteEmbeddingException if one of several calls failed: what is done is in it
     */
    EmbeddingResponse embed(EmbeddingRequest request);

    /** Which model this is; without a call. Vectors of two models never compare. */
    ModelInfo info();

    /** The length of the vectors; absent when only a call would tell. */
    OptionalInt dimensions();

    /** How much it takes in one call; nothing limits it unless overridden. */
    default EmbeddingLimits limits() {
        return EmbeddingLimits.NONE;
    }

    /** The vector of one search text. */
    default float[] embedQuery(String text) {
        return embed(EmbeddingRequest.query(text)).vectors().get(0);
    }

    /** The vectors of texts to be found. */
    default List<float[]> embedDocuments(List<String> texts) {
        return embed(EmbeddingRequest.documents(texts)).vectors();
    }

    /** This model, or one it wraps, as the given type. */
    default <T> Optional<T> unwrap(Class<T> type) {
        return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
    }
}
