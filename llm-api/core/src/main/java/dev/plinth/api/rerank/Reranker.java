package dev.plinth.api.rerank;

import dev.plinth.api.model.ModelInfo;

/**
 * A model that orders documents by how well they serve a query.
 *
 * <p>Thread-safe. Runs on the calling thread and obeys its interruption and the deadline of the request's context. All
 * errors are {@link dev.plinth.api.error.LlmException}s.
 */
public interface Reranker {

    /** The best documents, best first. */
    RerankResponse rerank(RerankRequest request);

    /** Which model this is; without a call. */
    ModelInfo info();
}
