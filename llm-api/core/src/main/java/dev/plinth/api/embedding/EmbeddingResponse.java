package dev.plinth.api.embedding;

import dev.plinth.api.check.Check;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of a request's texts.
 *
 * @param vectors one for each text, in the order of the texts, all of one length, all finite; the caller's to keep
 * @param model the model that really answered
 * @param usage what the call used
 * @param cost what the call cost; null: not known
 */
public record EmbeddingResponse(
        List<float[]> vectors,
        String model,
        Usage usage,
        @Nullable Cost cost) {

    public EmbeddingResponse {
        vectors = List.copyOf(Check.notEmpty(vectors, "vectors"));
        Check.notNull(model, "model");
        Check.notNull(usage, "usage");
    }

    /** Vectors whose cost is not known. */
    public EmbeddingResponse(List<float[]> vectors, String model, Usage usage) {
        this(vectors, model, usage, null);
    }
}
