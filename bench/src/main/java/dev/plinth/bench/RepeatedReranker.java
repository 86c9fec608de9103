package dev.plinth.bench;

import dev.plinth.api.rerank.ForwardingReranker;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gives the same answer again to a request that comes again. */
final class RepeatedReranker extends ForwardingReranker {
    private record Asked(String query, List<String> documents) {}

    private final Map<Asked, RerankResponse> answers = new HashMap<>();

    RepeatedReranker(Reranker reranker) {
        super(reranker);
    }

    @Override
    public RerankResponse rerank(RerankRequest request) {
        return answers.computeIfAbsent(new Asked(request.query(), request.documents()), asked -> super.rerank(request));
    }
}
