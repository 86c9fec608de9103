package dev.plinth.providers.retry;

import dev.plinth.api.rerank.ForwardingReranker;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;

/** Tries again. */
final class RetryingReranker extends ForwardingReranker {

    private final Attempter attempter;

    RetryingReranker(Reranker next, Attempter attempter) {
        super(next);
        this.attempter = attempter;
    }

    @Override
    public RerankResponse rerank(RerankRequest request) {
        return attempter.run(next().info(), request.context(), attempter.newLog(), open -> next().rerank(request));
    }
}
