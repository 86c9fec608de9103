package dev.plinth.providers.wire;

import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.error.ErrorDetails;
import java.util.List;
import java.util.OptionalInt;

/**
 * One call, as a protocol sees it.
 *
 * @param request what is asked for
 * @param model in the server's words
 * @param dimensions the length the vectors shall have; empty: as the model likes
 * @param details who is called, for errors
 */
public record EmbeddingCall(EmbeddingRequest request, String model, OptionalInt dimensions, ErrorDetails details) {

    /** What to embed, not more than the protocol's limits allow, unless one text alone is more. */
    public List<String> texts() {
        return request.texts();
    }
}
