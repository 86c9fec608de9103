package dev.plinth.providers.wire;

import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.error.ErrorDetails;
import java.util.List;
import java.util.OptionalInt;

/**
 * One call, as a protocol sees it.
 *
 * @param request what is asked for
 * @param texts those of the request that this call is for
 * @param model in the server's words
 * @param dimensions the length the vectors shall have; empty: as the model likes
 * @param details who is called, for errors
 */
public record EmbeddingCall(
        EmbeddingRequest request, List<String> texts, String model, OptionalInt dimensions, ErrorDetails details) {}
