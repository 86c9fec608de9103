package dev.plinth.providers.wire;

import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.providers.Endpoint;
import dev.plinth.providers.embedding.EmbeddingBatches;
import java.util.OptionalInt;

/**
 * An embedding model at a server, whatever protocol it speaks. Texts that are too many for one call become several, one
 * after the other; {@link EmbeddingBatches} makes them side by side.
 *
 * <p>Thread-safe.
 */
public final class HttpEmbeddingModel extends ForwardingEmbeddingModel {

    /**
     * A model at this endpoint.
     *
     * @param dimensions the length to ask for where a request asks for none
     */
    public HttpEmbeddingModel(Endpoint endpoint, ModelInfo info, OptionalInt dimensions, EmbeddingProtocol protocol) {
        super(EmbeddingBatches.sequential().around(new OneCallEmbeddingModel(endpoint, info, dimensions, protocol)));
    }
}
