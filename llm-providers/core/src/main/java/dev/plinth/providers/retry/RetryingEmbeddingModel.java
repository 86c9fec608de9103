package dev.plinth.providers.retry;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;

/** Tries again. */
final class RetryingEmbeddingModel extends ForwardingEmbeddingModel {

    private final Attempter attempter;

    RetryingEmbeddingModel(EmbeddingModel next, Attempter attempter) {
        super(next);
        this.attempter = attempter;
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        return attempter.run(next().info(), request.context(), attempter.newLog(), open -> next().embed(request));
    }
}
