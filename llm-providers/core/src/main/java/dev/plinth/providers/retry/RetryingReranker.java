package dev.plinth.providers.retry;

import dev.plinth.api.rerank.ForwardingReranker;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.providers.attempt.AttemptLog;

/** Tries again. */
final class RetryingReranker extends ForwardingReranker {

    private final Attempter attempter;

    RetryingReranker(Reranker next, Attempter attempter) {
        super(next);
        this.attempter = attempter;
    }

    @Override
    public RerankResponse rerank(RerankRequest request) {
        AttemptLog log = attempter.newLog();
        RerankResponse answer = attempter.run(next().info(), request.context(), log, open -> {
            RerankResponse response = next().rerank(request);
            open.answered(response);
            return response;
        });
        return log.attempts().size() == 1 ? answer : log.whole(answer);
    }
}
